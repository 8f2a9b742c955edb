import pg from "pg";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { sectionListQuery } from "@/lib/catalog/schema";
import { db } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { at, buildSchool, contextOf, type TestSchool } from "@/tests/support/school";
import { dropEnrollment } from "./drop-enrollment";
import { enroll } from "./enroll";
import { registrationBatch } from "./registration-batch";
import { listEnrollments } from "@/lib/timetable/list-enrollments";
import { listSections } from "@/lib/timetable/list-sections";

const input = (sectionId: string) => ({ sectionId, joinWaitlist: false });
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => "ok",
    (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : String(error)),
  );
const meeting = (day: number, hour: number) => ({ day, startMinute: hour * 60, endMinute: hour * 60 + 50 });
const seatsOf = async (id: string) => (await db().section.findUniqueOrThrow({ where: { id } })).seatsTaken;
const liveOf = (sectionId: string) => db().enrollment.count({ where: { sectionId, status: "ENROLLED" } });

describe("enrolling", () => {
  let school: TestSchool;
  const student = (n: number) => contextOf({ ...at(school.students, n) });
  const section = (n: number) => at(school.sections, n);

  beforeAll(async () => {
    school = await buildSchool(db(), {
      students: 90,
      sections: [
        { meetings: [meeting(1, 9)], capacity: 40, course: 1 }, // 0
        { meetings: [meeting(2, 9)], capacity: 40, course: 1 }, // 1: the same course
        { meetings: [{ day: 1, startMinute: 570, endMinute: 620 }], capacity: 40 }, // 2: overlaps 0
        { meetings: [{ day: 1, startMinute: 590, endMinute: 640 }], capacity: 40 }, // 3: begins when 0 ends
        { meetings: [meeting(3, 9)], capacity: 1, enrolled: [80, 81, 82] }, // 4: over-filled by the office
        { meetings: [meeting(3, 9)], capacity: 0 }, // 5
        { meetings: [meeting(4, 9)], capacity: 40, weeks: "101010101" }, // 6
        { meetings: [meeting(4, 9)], capacity: 40, weeks: "010101010" }, // 7: the other weeks
        { meetings: [meeting(5, 9)], capacity: 30 }, // 8
        { meetings: [meeting(5, 12)], capacity: 60 }, // 9
      ],
    });
  });

  it("takes a seat and writes row, audit and event in one transaction", async () => {
    const ctx = student(0);
    const done = await enroll(ctx, input(section(0).id));
    expect(done).toMatchObject({ sectionId: section(0).id, status: "ENROLLED" });
    expect(await seatsOf(section(0).id)).toBe(1);
    const [event] = await db().outboxEvent.findMany({ where: { key: section(0).id } });
    expect(event).toMatchObject({ type: "student_enrolled", schoolId: school.school.id });
    expect(event?.envelope).toMatchObject({
      subject: section(0).id,
      data: { enrollmentId: done.id, studentId: ctx.actor.userId, sectionCode: section(0).code, status: "ENROLLED" },
    });
    const entry = await db().auditEntry.findFirstOrThrow({ where: { objectId: done.id } });
    expect(entry).toMatchObject({
      action: "enrollment.enrolled",
      actorId: ctx.actor.userId,
      requestId: ctx.requestId,
      schoolId: school.school.id,
    });
  });

  it("refuses the same section and the same course, overlaps, and lets a class begin when another ends", async () => {
    expect(await code(enroll(student(0), input(section(0).id)))).toBe("already_enrolled");
    expect(await code(enroll(student(0), input(section(1).id)))).toBe("already_enrolled");
    expect(await code(enroll(student(0), input(section(2).id)))).toBe("time_conflict");
    expect(await code(enroll(student(0), input(section(3).id)))).toBe("ok");
  });

  it("lets sections of odd and even weeks share a time", async () => {
    expect(await code(enroll(student(0), input(section(6).id)))).toBe("ok");
    expect(await code(enroll(student(0), input(section(7).id)))).toBe("ok");
  });

  it("refuses a section with capacity 0, and one that the office over-filled until enough have dropped", async () => {
    expect(await code(enroll(student(1), input(section(5).id)))).toBe("section_full");
    for (const dropped of [80, 81]) {
      expect(await code(enroll(student(1), input(section(4).id)))).toBe("section_full");
      const mine = await listEnrollments(student(dropped), { limit: 50 });
      await dropEnrollment(student(dropped), { id: at(mine.items, 0).id });
    }
    expect(await code(enroll(student(1), input(section(4).id)))).toBe("section_full");
    const last = await listEnrollments(student(82), { limit: 50 });
    await dropEnrollment(student(82), { id: at(last.items, 0).id });
    expect(await code(enroll(student(1), input(section(4).id)))).toBe("ok");
    expect(await code(enroll(student(2), input(section(4).id)))).toBe("section_full");
  });

  it("takes joinWaitlist and answers section_full while there are no waitlists", async () => {
    expect(await code(enroll(student(2), { sectionId: section(4).id, joinWaitlist: true }))).toBe("section_full");
  });

  it("answers for a section of another school, an unknown one and an odd id alike", async () => {
    const other = await buildSchool(db(), { students: 1 });
    expect(await code(enroll(student(3), input(at(other.sections, 0).id)))).toBe("section_not_found");
    expect(await code(enroll(student(3), input("nobody-knows-it")))).toBe("section_not_found");
  });

  it("is for students only", async () => {
    const teacher = contextOf(at(school.teachers, 0));
    expect(await code(enroll(teacher, input(section(9).id)))).toBe("forbidden");
    expect(await code(dropEnrollment(teacher, { id: "x" }))).toBe("forbidden");
    expect(await code(listEnrollments(teacher, { limit: 50 }))).toBe("forbidden");
  });

  it("gives 30 seats to 60 students who ask in the same moment, each with an answer of their own", async () => {
    const codes = await Promise.all(
      Array.from({ length: 60 }, (_, n) => code(enroll(student(10 + n), input(section(8).id)))),
    );
    expect(codes.filter((answer) => answer === "ok")).toHaveLength(30);
    expect(codes.filter((answer) => answer === "section_full")).toHaveLength(30);
    expect([await seatsOf(section(8).id), await liveOf(section(8).id)]).toEqual([30, 30]);
    expect(await db().outboxEvent.count({ where: { key: section(8).id } })).toBe(30);
    expect(new Set(codes.slice(0, 30))).toEqual(new Set(["ok"])); // first come, first served
  });

  it("gives one seat to a student who presses ten times", async () => {
    const codes = await Promise.all(Array.from({ length: 10 }, () => code(enroll(student(3), input(section(9).id)))));
    expect(codes.filter((answer) => answer === "ok")).toHaveLength(1);
    expect(codes.filter((answer) => answer === "already_enrolled")).toHaveLength(9);
  });

  it("costs a constant handful of statements, for one request or for forty of different sections", async () => {
    const calls = vi.spyOn(pg.Client.prototype, "query").mock.calls;
    // Sleeping readers are told beside it, now and then.
    const statements = () => calls.filter(([query]) => !JSON.stringify(query).includes("pg_notify")).length;
    const statementsOf = async (students: number[]) => {
      const before = statements();
      const requests = students.map((n) => ({
        kind: "enroll" as const,
        ctx: student(n),
        sectionId: section(n % 2 === 0 ? 9 : 3).id,
        enrollmentId: newId(),
      }));
      await registrationBatch(requests, { wait: false }, db());
      return statements() - before;
    };
    const one = await statementsOf([4]);
    expect(one).toBeGreaterThan(3);
    expect(one).toBeLessThanOrEqual(5); // BEGIN, locks, read, write, COMMIT
    const forty = Array.from({ length: 40 }, (_, n) => 40 + n);
    expect(await statementsOf(forty)).toBe(one);
    expect(await statementsOf(forty)).toBe(one - 1); // all refused: nothing to write
  });

  it("knows a request whose first try was committed though its answer was lost", async () => {
    const request = {
      kind: "enroll" as const,
      ctx: student(5),
      sectionId: section(9).id,
      enrollmentId: "made-before-the-first-try",
    };
    for (const wait of [false, true])
      expect(await registrationBatch([request], { wait }, db())).toEqual([{ enrollmentId: request.enrollmentId }]);
    expect(await db().enrollment.count({ where: { studentId: at(school.students, 5).id } })).toBe(1);
  });
});

describe("dropping", () => {
  let school: TestSchool;
  const student = (n: number) => contextOf({ ...at(school.students, n) });
  beforeAll(async () => {
    school = await buildSchool(db(), { students: 3, sections: [{ capacity: 1 }] });
  });

  it("keeps the row, frees the seat, publishes it, and makes room for a new row", async () => {
    const { id: sectionId } = at(school.sections, 0);
    const first = await enroll(student(0), input(sectionId));
    expect(await code(enroll(student(1), input(sectionId)))).toBe("section_full");
    await dropEnrollment(student(0), { id: first.id });
    const row = await db().enrollment.findUniqueOrThrow({ where: { id: first.id } });
    expect(row).toMatchObject({ status: "DROPPED" });
    expect(row.droppedAt).not.toBeNull();
    expect(await seatsOf(sectionId)).toBe(0);
    const again = await enroll(student(0), input(sectionId));
    expect(again.id).not.toBe(first.id);
    const events = await db().outboxEvent.findMany({ where: { key: sectionId }, orderBy: { id: "asc" } });
    expect(events.map(({ type }) => type)).toEqual(["student_enrolled", "student_dropped", "student_enrolled"]);
  });

  it("answers another person's, a dropped and an unknown enrollment alike", async () => {
    const mine = await listEnrollments(student(0), { limit: 50 });
    const id = at(mine.items, 0).id;
    const other = await buildSchool(db(), { students: 1 });
    expect(await code(dropEnrollment(student(1), { id }))).toBe("enrollment_not_found");
    expect(await code(dropEnrollment(contextOf(at(other.students, 0)), { id }))).toBe("enrollment_not_found");
    expect(await code(dropEnrollment(student(0), { id: "nobody-knows-it" }))).toBe("enrollment_not_found");
    const twice = await Promise.all([1, 2, 3].map(() => code(dropEnrollment(student(0), { id }))));
    expect(twice.sort()).toEqual(["enrollment_not_found", "enrollment_not_found", "ok"]);
    expect(await seatsOf(at(school.sections, 0).id)).toBe(0);
  });

  it("is possible after enrolling has closed, until the term is over", async () => {
    const { id: sectionId } = at(school.sections, 0);
    const first = await enroll(student(2), input(sectionId));
    await db().term.update({ where: { id: school.term.id }, data: { enrollmentClosesAt: new Date() } });
    expect(await code(enroll(student(1), input(sectionId)))).toBe("enrollment_closed");
    const afterTerm = { now: new Date(school.term.endsOn.getTime() + 2 * 86_400_000) };
    expect(await code(dropEnrollment({ ...student(2), ...afterTerm }, { id: first.id }))).toBe("enrollment_closed");
    expect(await code(dropEnrollment(student(2), { id: first.id }))).toBe("ok");
    const listed = await listSections(student(1), sectionListQuery.parse({}));
    expect(at(listed.items, 0)).toMatchObject({ status: "CLOSED", blockers: ["enrollment_closed"] });
  });
});
