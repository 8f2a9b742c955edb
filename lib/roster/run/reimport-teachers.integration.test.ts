import { describe, expect, it } from "vitest";
import { sectionsByIds } from "@/lib/catalog/sections/sections";
import { db } from "@/lib/platform/db/client";
import { rosterSchool, type Row } from "@/tests/support/roster-school";

function school(tag: string) {
  const campus = rosterSchool(tag);
  const users = [...campus.whole.users, campus.user("t2", "teacher")];
  const teachersOf = async (section: string) => {
    const { teachers } = await campus.section(section);
    const rows = await db().user.findMany({ where: { id: { in: teachers.map(({ userId }) => userId) } } });
    return rows.map(({ sourcedId }) => sourcedId).sort();
  };
  const send = (...enrollments: Row[]) => campus.run({ enrollments });
  return { ...campus, whole: { ...campus.whole, users }, teachersOf, send };
}

describe("a teacher's row that changes", () => {
  it("gives the section to the other teacher and takes it from the first", async () => {
    const campus = school("replaced");
    await campus.run(campus.whole);
    const report = await campus.send(campus.seat("a", "t2", { sourcedId: "a-t1" }));
    expect(await campus.teachersOf("a")).toEqual(["t2"]);
    expect(report.tallies.teachers).toMatchObject({ created: 1, ended: 1 });
    const again = await campus.send(campus.seat("a", "t2", { sourcedId: "a-t1" }));
    expect(again.tallies.teachers).toEqual({ created: 0, changed: 0, unchanged: 1, ended: 0 });
  });

  it("moves the teacher to the other section", async () => {
    const campus = school("moved");
    await campus.run(campus.whole);
    await campus.send(campus.seat("b", "t1", { sourcedId: "a-t1" }));
    expect([await campus.teachersOf("a"), await campus.teachersOf("b")]).toEqual([[], ["t1"]]);
  });

  it("ends with its sourcedId alone", async () => {
    const campus = school("bare");
    await campus.run(campus.whole);
    const report = await campus.send({ sourcedId: "a-t1", status: "tobedeleted" });
    expect(await campus.teachersOf("a")).toEqual([]);
    expect(report.tallies.teachers.ended).toBe(1);
  });

  it("does not end what another row still says", async () => {
    const campus = school("twice");
    await campus.run(campus.whole);
    await campus.send(campus.seat("a", "t1", { sourcedId: "again" }));
    await campus.send(campus.seat("a", "t1", { status: "tobedeleted" }));
    expect(await campus.teachersOf("a")).toEqual(["t1"]);
    await campus.send({ sourcedId: "again", status: "tobedeleted" });
    expect(await campus.teachersOf("a")).toEqual([]);
  });

  it("ends a teacher of whom no row is known when it names them", async () => {
    const campus = school("before");
    await campus.run(campus.whole);
    await db().sectionTeacherSource.deleteMany({
      where: { sourcedId: "a-t1", teacher: { section: { sourcedId: "a", term: { school: { sourcedId: "before" } } } } },
    });
    await campus.send(campus.seat("a", "t1", { status: "tobedeleted" }));
    expect(await campus.teachersOf("a")).toEqual([]);
  });

  it("may become a student's, and the other way round", async () => {
    const campus = school("roles-of-rows");
    await campus.run(campus.whole);
    await campus.send(campus.seat("a", "t1", { role: "student" }), campus.seat("a", "s1", { role: "teacher" }));
    expect(await campus.teachersOf("a")).toEqual(["s1"]);
    const { enrollments, seatsTaken } = await campus.section("a");
    const live = enrollments.filter(({ status }) => status === "ENROLLED").map(({ sourcedId }) => sourcedId);
    expect(live.sort()).toEqual(["a-s2", "a-t1"]);
    expect(seatsTaken).toBe(2);
  });
});

describe("a row that names somebody of an earlier import", () => {
  it("gives them the role in which they act, without users.csv", async () => {
    const campus = school("acting");
    await campus.run(campus.whole);
    const report = await campus.send(
      campus.seat("b", "s4", { role: "teacher" }),
      campus.seat("b", "t2", { role: "student" }),
    );
    expect((await campus.person("s4")).roles).toEqual(["STUDENT", "TEACHER"]);
    expect((await campus.person("t2")).roles).toEqual(["STUDENT", "TEACHER"]);
    expect(report.tallies.users).toMatchObject({ changed: 2, created: 0 });
    expect(report.tallies.guardianships.ended).toBe(0);
  });

  it("is left out, with a note, when they were deleted", async () => {
    const campus = school("gone-before");
    await campus.run(campus.whole);
    await campus.run({ users: [{ sourcedId: "s4", status: "tobedeleted" }] });
    const report = await campus.send(campus.seat("b", "s4"), campus.seat("b", "s3"));
    expect(report.warnings.map(({ code }) => code)).toEqual(["userNotImported"]);
    expect((await campus.section("b")).seatsTaken).toBe(1);
  });
});

describe("a deleted teacher", () => {
  it("is not shown as a teacher of the section any more; who is only disabled still is", async () => {
    const campus = school("left");
    await campus.run(campus.whole);
    await campus.send(campus.seat("a", "t2"));
    const { id, schoolId } = await campus.section("a");
    const shown = async () => (await sectionsByIds(db(), schoolId, [id])).get(id)?.teachers.map(({ name }) => name);
    await campus.run({ users: [campus.user("t2", "teacher", { enabledUser: "false" })] });
    expect(await shown()).toEqual(["Given t1", "Given t2"]);
    await campus.run({ users: [{ sourcedId: "t1", status: "tobedeleted" }] });
    expect(await shown()).toEqual(["Given t2"]);
    await campus.run({ users: [campus.user("t1", "teacher")] });
    expect(await shown()).toEqual(["Given t1", "Given t2"]);
  });
});
