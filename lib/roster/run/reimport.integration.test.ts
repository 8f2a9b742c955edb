import { describe, expect, it } from "vitest";
import { dropEnrollment } from "@/lib/enrollment/registration/drop-enrollment";
import { enroll } from "@/lib/enrollment/registration/enroll";
import { db } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { rosterSchool } from "@/tests/support/roster-school";
import { RosterRefused } from "../problems";

describe("a later import", () => {
  it("updates people, courses and sections and ends nothing that is not said", async () => {
    const campus = rosterSchool("updates");
    await campus.run(campus.whole);
    const report = await campus.run({
      users: [
        campus.user("s1", "student", {
          familyName: "Renamed",
          email: "New@updates.example.edu",
          agentSourcedIds: "g1",
        }),
      ],
      classes: [campus.lesson("a", { title: "Better title", "metadata.capacity": 10 })],
      courses: [
        { ...campus.whole.courses[0], "metadata.credits": 6, "metadata.description": "Atoms,\r\nbonds" },
      ].filter((row) => row !== undefined),
    });
    expect(report.tallies).toMatchObject({
      users: { created: 0, changed: 1, unchanged: 0, ended: 0 },
      sections: { changed: 1, ended: 0 },
      courses: { changed: 1, ended: 0 },
      guardianships: { ended: 0 },
      classSessions: { created: 0, changed: 0, ended: 0 },
    });
    expect(await campus.person("s1")).toMatchObject({ familyName: "Renamed", email: "new@updates.example.edu" });
    expect(await campus.section("a")).toMatchObject({ title: "Better title", capacity: 10, seatsTaken: 2 });
    const { schoolId } = await campus.section("a");
    const described = () => db().course.findMany({ where: { schoolId, description: { not: null } } });
    expect(await described()).toMatchObject([{ description: "Atoms,\nbonds" }]);
    await campus.run({ courses: campus.whole.courses }); // an empty cell says that there is none
    expect(await described()).toEqual([]);
    expect(await db().user.count({ where: { active: true, school: { sourcedId: "updates" } } })).toBe(7);
  });

  it("lets two people swap their e-mails, and refuses one that somebody else of the school has", async () => {
    const campus = rosterSchool("swap");
    await campus.run(campus.whole);
    await campus.run({
      users: [
        campus.user("s3", "student", { email: "s4@swap.example.edu" }),
        campus.user("s4", "student", { email: "s3@swap.example.edu" }),
      ],
    });
    expect((await campus.person("s3")).email).toBe("s4@swap.example.edu");
    const taken = campus.run({ users: [campus.user("s3", "student", { email: "s1@swap.example.edu" })] });
    await expect(taken).rejects.toSatisfy(
      (error) => error instanceof RosterRefused && error.problems.errors[0]?.code === "emailTakenHere",
    );
  });

  it("disables people who are deleted, revokes their sessions and takes guardians off their children", async () => {
    const campus = rosterSchool("leavers");
    await campus.run(campus.whole);
    const guardian = await campus.person("g1");
    await db().authSession.create({
      data: { id: newId(), userId: guardian.id, schoolId: guardian.schoolId, expiresAt: new Date("2027-01-01") },
    });
    const report = await campus.run({ users: [{ sourcedId: "g1", status: "tobedeleted" }] });
    expect(report.tallies).toMatchObject({ users: { ended: 1 }, guardianships: { ended: 1 } });
    const after = await campus.person("g1");
    expect(after.active).toBe(false);
    expect(after.sessions[0]).toMatchObject({ revokedAt: expect.any(Date), revokedReason: "account_ended" });
    expect(await db().guardianship.count({ where: { guardianId: guardian.id } })).toBe(0);
    expect((await campus.run({ users: [{ sourcedId: "g1", status: "tobedeleted" }] })).tallies.users.ended).toBe(0);
    await campus.run({ users: [campus.user("g1", "guardian", { agentSourcedIds: "s1" })] });
    expect((await campus.person("g1")).active).toBe(true);
    expect(await db().guardianship.count({ where: { guardianId: guardian.id } })).toBe(1);
  });

  it("unlinks a guardian only when both are there and neither names the other", async () => {
    const campus = rosterSchool("links");
    await campus.run(campus.whole);
    const links = () => db().guardianship.count({ where: { student: { school: { sourcedId: "links" } } } });
    expect(await links()).toBe(3);
    await campus.run({ users: [campus.user("s2", "student")] });
    expect(await links()).toBe(3);
    await campus.run({ users: [campus.user("s2", "student"), campus.user("g2", "parent", { agentSourcedIds: "s1" })] });
    expect(await links()).toBe(2);
  });

  it("frees the seat of an enrollment that is deleted and keeps its row", async () => {
    const campus = rosterSchool("drops");
    await campus.run(campus.whole);
    const report = await campus.run({ enrollments: [campus.seat("a", "s1", { status: "tobedeleted" })] });
    expect(report.tallies.enrollments).toMatchObject({ ended: 1 });
    const { seatsTaken, officeSeats, enrollments } = await campus.section("a");
    expect([seatsTaken, officeSeats]).toEqual([1, 1]);
    expect(enrollments.map(({ status }) => status).sort()).toEqual(["DROPPED", "ENROLLED"]);
    const again = await campus.run({ enrollments: [campus.seat("a", "s1")] });
    expect(again.tallies.enrollments).toMatchObject({ created: 1 });
    expect((await campus.section("a")).enrollments.map(({ status }) => status).sort()).toEqual([
      "DROPPED",
      "ENROLLED",
      "ENROLLED",
    ]);
  });

  it("never touches what students did in the product", async () => {
    const campus = rosterSchool("own");
    await campus.run(campus.whole);
    const b = await campus.section("b");
    const own = await enroll(await campus.context("s3"), { sectionId: b.id, joinWaitlist: false });
    const office = (await campus.section("a")).enrollments.find(({ sourcedId }) => sourcedId === "a-s1");
    await dropEnrollment(await campus.context("s1"), { id: office?.id ?? "" });
    const report = await campus.run({
      enrollments: [campus.seat("b", "s3"), campus.seat("a", "s1"), campus.seat("a", "s2")],
    });
    expect(report.tallies.enrollments).toEqual({ created: 0, changed: 0, unchanged: 3, ended: 0 });
    expect(report.warnings.map(({ code }) => code)).toEqual(["droppedSince"]);
    const [row] = (await campus.section("b")).enrollments;
    expect(row).toMatchObject({ id: own.id, origin: "SELF", status: "ENROLLED", sourcedId: null });
    await campus.run({ enrollments: [campus.seat("b", "s3", { status: "tobedeleted" })] });
    expect((await campus.section("b")).seatsTaken).toBe(1);
  });

  it("puts more in than there are seats when the office says so, and keeps the wall", async () => {
    const campus = rosterSchool("full");
    await campus.run(campus.whole);
    const report = await campus.run({ enrollments: [campus.seat("a", "s3"), campus.seat("a", "s4")] });
    expect(report.warnings).toMatchObject([{ code: "overCapacity", values: { id: "a", taken: 4, capacity: 3 } }]);
    expect(await campus.section("a")).toMatchObject({ seatsTaken: 4, officeSeats: 4 });
    const lowered = await campus.run({ classes: [campus.lesson("a", { "metadata.capacity": 1 })] });
    expect(lowered.warnings).toMatchObject([{ code: "overCapacity", values: { taken: 4, capacity: 1 } }]);
    expect(await campus.section("a")).toMatchObject({ capacity: 1, seatsTaken: 4, officeSeats: 4 });
  });

  it("keeps the wall when a capacity sinks below those who enrolled themselves", async () => {
    const campus = rosterSchool("sinks");
    await campus.run(campus.whole);
    const b = await campus.section("b");
    for (const student of ["s1", "s2", "s3"])
      await enroll(await campus.context(student), { sectionId: b.id, joinWaitlist: false });
    await campus.run({
      classes: [
        campus.lesson("b", { courseSourcedId: "c2", "metadata.capacity": 1, "metadata.meetings": "TU 09:00-10:00" }),
      ],
    });
    expect(await campus.section("b")).toMatchObject({ capacity: 1, seatsTaken: 3, officeSeats: 3 });
    await expect(enroll(await campus.context("s4"), { sectionId: b.id, joinWaitlist: false })).rejects.toMatchObject({
      code: "section_full",
    });
  });

  it("moves an enrollment to another section", async () => {
    const campus = rosterSchool("moves");
    await campus.run(campus.whole);
    await campus.run({ enrollments: [{ ...campus.seat("b", "s1"), sourcedId: "a-s1" }] });
    expect((await campus.section("a")).seatsTaken).toBe(1);
    expect(await campus.section("b")).toMatchObject({ seatsTaken: 1, enrollments: [{ sourcedId: "a-s1" }] });
  });

  it("gives teachers to sections and takes them away", async () => {
    const campus = rosterSchool("teachers");
    await campus.run(campus.whole);
    expect((await campus.section("a")).teachers).toHaveLength(1);
    // A student assistant: acting as a teacher makes one.
    await campus.run({
      enrollments: [
        { ...campus.seat("a", "s4"), sourcedId: "x", role: "teacher" },
        campus.seat("a", "t1", { status: "tobedeleted" }),
      ],
    });
    const { teachers } = await campus.section("a");
    expect(teachers.map(({ userId }) => userId)).toEqual([(await campus.person("s4")).id]);
  });
});

describe("people who cannot take part fully", () => {
  it("are reported: no e-mail, an unknown role", async () => {
    const campus = rosterSchool("odd");
    const users = [...campus.whole.users, campus.user("s9", "student", { email: "" }), campus.user("a1", "aide")];
    const enrollments = [...campus.whole.enrollments, campus.seat("a", "s9"), campus.seat("a", "a1")];
    const report = await campus.run({ ...campus.whole, users, enrollments });
    expect(report.warnings.map(({ code }) => code).sort()).toEqual(["noEmail", "unknownRole", "userNotImported"]);
    expect((await campus.person("s9")).email).toMatch(/@no-email\.invalid$/);
    expect(report.withoutPassword).not.toContain((await campus.person("s9")).id);
    expect((await campus.section("a")).seatsTaken).toBe(3);
    const again = await campus.run({ ...campus.whole, users, enrollments });
    expect(again.tallies.users).toMatchObject({ created: 0, changed: 0 });
  });
});

describe("while students enroll", () => {
  it("every seat is counted once, whoever took it", async () => {
    const campus = rosterSchool("rush");
    const students = Array.from({ length: 50 }, (_, n) => `s${n + 10}`);
    const office = Array.from({ length: 12 }, (_, n) => `s${n + 100}`);
    await campus.run({
      ...campus.whole,
      users: [...campus.whole.users, ...[...students, ...office].map((id) => campus.user(id, "student"))],
    });
    await campus.run({
      classes: [
        campus.lesson("b", { courseSourcedId: "c2", "metadata.capacity": 30, "metadata.meetings": "TU 09:00-10:00" }),
      ],
    });
    const b = await campus.section("b");
    const contexts = await Promise.all(students.map((id) => campus.context(id)));
    const rush = contexts.map((ctx) =>
      enroll(ctx, { sectionId: b.id, joinWaitlist: false }).then(
        () => 1,
        () => 0,
      ),
    );
    const imports = office.map((id, n) =>
      campus.run({
        enrollments: [campus.seat("b", id)],
        classes: [
          campus.lesson("b", {
            courseSourcedId: "c2",
            "metadata.capacity": 30 + (n % 3),
            "metadata.meetings": "TU 09:00-10:00",
          }),
        ],
      }),
    );
    const own = (await Promise.all(rush)).reduce<number>((sum, won) => sum + won, 0);
    await Promise.all(imports);
    const after = await campus.section("b");
    const live = after.enrollments.filter(({ status }) => status === "ENROLLED");
    expect(live.filter(({ origin }) => origin === "OFFICE")).toHaveLength(12);
    expect(live.filter(({ origin }) => origin === "SELF")).toHaveLength(own);
    expect(after.seatsTaken).toBe(live.length);
    expect(own).toBeLessThanOrEqual(32);
    expect(after.officeSeats).toBeGreaterThanOrEqual(Math.min(live.length, 12));
    const published = await db().outboxEvent.count({ where: { key: b.id, type: "student_enrolled" } });
    expect(published).toBe(own);
  }, 60_000);
});
