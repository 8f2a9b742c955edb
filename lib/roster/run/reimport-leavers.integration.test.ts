import { describe, expect, it } from "vitest";
import { enroll } from "@/lib/enrollment/registration/enroll";
import { db } from "@/lib/platform/db/client";
import { rosterSchool } from "@/tests/support/roster-school";

const deleted = (sourcedId: string) => ({ sourcedId, status: "tobedeleted" });

describe("a student who is deleted", () => {
  it("leaves the sections in which the office put them; their seats are free and the rows stay", async () => {
    const campus = rosterSchool("seats");
    await campus.run(campus.whole);
    const report = await campus.run({ users: [deleted("s1")] });
    expect(report.tallies).toMatchObject({ users: { ended: 1 }, enrollments: { ended: 1 } });
    const { seatsTaken, officeSeats, enrollments } = await campus.section("a");
    expect([seatsTaken, officeSeats]).toEqual([1, 1]);
    expect(enrollments.map(({ status }) => status).sort()).toEqual(["DROPPED", "ENROLLED"]);
    // The rest of a whole roster still has the row of the enrollment.
    const again = await campus.run({ ...campus.whole, users: [deleted("s1"), ...campus.whole.users.slice(2)] });
    expect(again.tallies).toMatchObject({ users: { ended: 0 }, enrollments: { created: 0, ended: 0 } });
    expect((await campus.section("a")).seatsTaken).toBe(1);
  });

  it("keeps what they chose themselves, and the report says so", async () => {
    const campus = rosterSchool("own-seats");
    await campus.run(campus.whole);
    const { id } = await campus.section("b");
    await enroll(await campus.context("s1"), { sectionId: id, joinWaitlist: false });
    const report = await campus.run({ users: [deleted("s1")] });
    expect(report.warnings).toMatchObject([
      { file: "users.csv", line: 2, code: "ownEnrollmentsStay", values: { count: 1 } },
    ]);
    expect(await campus.section("b")).toMatchObject({ seatsTaken: 1, enrollments: [{ status: "ENROLLED" }] });
    expect((await campus.section("a")).seatsTaken).toBe(1);
  });

  it("is enrolled again when they come back with their rows", async () => {
    const campus = rosterSchool("return");
    await campus.run(campus.whole);
    await campus.run({ users: [deleted("s1")] });
    await campus.run(campus.whole);
    expect(await campus.person("s1")).toMatchObject({ active: true, endedAt: null, email: "s1@return.example.edu" });
    expect((await campus.section("a")).seatsTaken).toBe(2);
  });
});

describe("the e-mail of somebody who is deleted", () => {
  it("is free for another person, in the same file and later", async () => {
    const campus = rosterSchool("address");
    await campus.run(campus.whole);
    const heir = campus.user("s9", "student", { email: "s1@address.example.edu" });
    await campus.run({ users: [deleted("s1"), heir] });
    expect((await campus.person("s9")).email).toBe("s1@address.example.edu");
    await campus.run({ users: [deleted("s2")] });
    await campus.run({ users: [campus.user("s10", "student", { email: "s2@address.example.edu" })] });
    expect((await campus.person("s10")).email).toBe("s2@address.example.edu");
    expect((await campus.person("s2")).email).toMatch(/@no-email\.invalid$/);
  });

  it("is free for a person of another school", async () => {
    const [first, second] = [rosterSchool("school-one"), rosterSchool("school-two")];
    await first.run(first.whole);
    await first.run({ users: [deleted("s1")] });
    await second.run({ users: [second.user("s1", "student", { email: "s1@school-one.example.edu" })] });
    expect((await second.person("s1")).email).toBe("s1@school-one.example.edu");
  });

  it("goes to a new person also when its owner only takes another", async () => {
    const campus = rosterSchool("handed-on");
    await campus.run(campus.whole);
    await campus.run({
      users: [
        campus.user("s1", "student", { email: "new@handed-on.example.edu" }),
        campus.user("s9", "student", { email: "s1@handed-on.example.edu" }),
      ],
    });
    expect((await campus.person("s9")).email).toBe("s1@handed-on.example.edu");
    expect(await db().user.count({ where: { email: { endsWith: "@changing.invalid" } } })).toBe(0);
  });
});
