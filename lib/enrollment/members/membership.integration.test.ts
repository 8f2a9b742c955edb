import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { at, buildSchool, type TestSchool } from "@/tests/support/school";
import { type CountingTime, countsDuring } from "./membership";
import { leaversOf, sectionMembersDuring, sectionsOfStudents, spansWithMembers } from "./section-members";

const now = new Date("2026-11-23T12:00:00Z");
const minutes = (count: number) => new Date(now.getTime() + count * 60_000);
/** Every order of begin and end around a few moments, and open ones: all cases of two intervals. */
const moments = [null, -30, -20, -10, 0, 10];
const times: CountingTime[] = moments.flatMap((from) =>
  moments.map((until) => ({
    countsFrom: from === null ? null : minutes(from),
    countsUntil: until === null ? null : minutes(until),
  })),
);
const spans = [-30, -20, -10, 0].flatMap((from) =>
  [5, 10, 20].map((length) => ({ startsAt: minutes(from), endsAt: minutes(from + length) })),
);

describe("who belonged to a section", () => {
  let school: TestSchool;
  const section = () => at(school.sections, 0);
  const studentOf = (n: number) => at(school.students, n).id;

  beforeAll(async () => {
    school = await buildSchool(db(), { now, students: times.length + 1, sections: [{}, {}] });
    const row = (studentId: string, time: CountingTime, status: "ENROLLED" | "WAITLISTED" = "ENROLLED") => ({
      id: newId(),
      schoolId: school.school.id,
      sectionId: section().id,
      studentId,
      courseId: section().courseId,
      termId: school.term.id,
      status,
      origin: "SELF" as const,
      ...time,
    });
    await db().enrollment.createMany({ data: times.map((time, n) => row(studentOf(n), time)) });
    const waiting = row(studentOf(times.length), { countsFrom: null, countsUntil: null }, "WAITLISTED");
    await db().enrollment.create({ data: waiting });
  });

  test("the database decides as the rule does, for every order of begin and end", async () => {
    const keyed = spans.map((span, n) => ({ ...span, key: String(n), sectionId: section().id }));
    const found = await sectionMembersDuring(db(), school.school.id, keyed);
    const asked = await Promise.all(
      spans.map((span) =>
        sectionsOfStudents(
          db(),
          school.school.id,
          school.students.map(({ id }) => id),
          span,
        ),
      ),
    );
    for (const [n, span] of spans.entries()) {
      const right = times.flatMap((time, student) => (countsDuring(time, span) ? [studentOf(student)] : []));
      const members = found.filter(({ key }) => key === String(n)).map(({ studentId }) => studentId);
      expect(members.toSorted()).toEqual(right.toSorted());
      expect(
        at(asked, n)
          .map(({ studentId }) => studentId)
          .toSorted(),
      ).toEqual(right.toSorted());
      expect(right.length).toBeGreaterThan(0);
      expect(right.length).toBeLessThan(times.length);
    }
  });

  test("a span without anybody, another section and another school have nobody", async () => {
    const full = { ...at(spans, 0), key: "full", sectionId: section().id };
    const empty = { ...full, key: "empty", sectionId: at(school.sections, 1).id };
    expect(await spansWithMembers(db(), school.school.id, [full, empty])).toEqual(new Set(["full"]));
    expect(await sectionMembersDuring(db(), school.school.id, [empty])).toEqual([]);
    expect(await sectionMembersDuring(db(), "another school", [full])).toEqual([]);
    expect(await sectionMembersDuring(db(), school.school.id, [])).toEqual([]);
  });

  test("who has left is who was there and is not now", async () => {
    const left = await leaversOf(db(), school.school.id, section().id, now);
    for (const [n, { countsFrom, countsUntil }] of times.entries()) {
      const isEmpty = countsFrom !== null && countsUntil !== null && countsUntil <= countsFrom;
      const hasLeft = !isEmpty && countsUntil !== null && countsUntil <= now && (countsFrom ?? minutes(-99)) <= now;
      expect([n, left.get(studentOf(n)) ?? null]).toEqual([n, hasLeft ? countsUntil : null]);
    }
  });

  test("who left and came back has not left", async () => {
    const gone = times.findIndex(
      ({ countsFrom, countsUntil }) => countsFrom === null && countsUntil?.getTime() === minutes(-10).getTime(),
    );
    expect((await leaversOf(db(), school.school.id, section().id, now)).has(studentOf(gone))).toBe(true);
    await db().enrollment.updateMany({
      where: { studentId: studentOf(gone) },
      data: { status: "DROPPED", droppedAt: minutes(-10) },
    });
    await db().enrollment.create({
      data: {
        id: newId(),
        schoolId: school.school.id,
        sectionId: section().id,
        studentId: studentOf(gone),
        courseId: section().courseId,
        termId: school.term.id,
        status: "ENROLLED",
        origin: "SELF",
        countsFrom: minutes(-5),
      },
    });
    expect((await leaversOf(db(), school.school.id, section().id, now)).has(studentOf(gone))).toBe(false);
  });
});
