import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDb, type Db, db, transaction } from "@/lib/platform/db/client";
import { lockEntities } from "@/lib/platform/db/locks";
import { newId } from "@/lib/shared/ids";
import { eventually } from "@/tests/support/eventually";
import { at, buildSchool, contextOf, type TestSchool } from "@/tests/support/school";
import { dropEnrollment } from "./drop-enrollment";
import { enroll } from "./enroll";
import { registrationBatch } from "./registration-batch";

const meeting = (day: number, hour: number) => ({ day, startMinute: hour * 60, endMinute: hour * 60 + 50 });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "ok",
    (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : String(error)),
  );

let school: TestSchool;
/** Two processes, as far as the database can tell: each has a pool and a queue of its own. */
let clients: [Db, Db];
const STUDENTS = 40;
const student = (n: number) => contextOf({ ...at(school.students, n) });

beforeAll(async () => {
  school = await buildSchool(db(), {
    students: STUDENTS,
    // Pairs of sections at one time, of three courses; few seats, so that seats given back matter.
    sections: Array.from({ length: 6 }, (_, n) => ({
      meetings: [meeting(1 + Math.floor(n / 2), 9)],
      capacity: 4 + n,
      course: n % 3,
    })),
  });
  const url = process.env["DATABASE_URL"] ?? "";
  clients = [db(), createDb(url, 5)];
});
afterAll(() => clients[1].$disconnect());

/** What is true of all rows, whatever happened; counted by SQL of its own. */
async function recount() {
  const schoolId = school.school.id;
  const [row] = await db().$queryRaw<
    Record<"miscounted" | "overFilled" | "sameCourse" | "overlapping" | "silent", number>[]
  >`
    WITH live AS (SELECT * FROM enrollment WHERE school_id = ${schoolId} AND status = 'ENROLLED'),
    filled AS (
      SELECT s.capacity, s.seats_taken, (SELECT count(*) FROM live WHERE section_id = s.id) AS counted
      FROM section s WHERE s.school_id = ${schoolId}
    )
    SELECT (SELECT count(*) FROM filled WHERE counted <> seats_taken)::int AS miscounted,
      (SELECT count(*) FROM filled WHERE counted > capacity)::int AS "overFilled",
      (SELECT count(*) FROM live a JOIN live b ON a.student_id = b.student_id AND a.course_id = b.course_id AND a.id < b.id)::int
        AS "sameCourse",
      (SELECT count(*) FROM live a JOIN live b ON a.student_id = b.student_id AND a.id < b.id
        JOIN meeting m ON m.section_id = a.section_id JOIN meeting n ON n.section_id = b.section_id AND n.day = m.day
          AND n.start_minute < m.end_minute AND m.start_minute < n.end_minute)::int AS overlapping,
      (SELECT count(*) FROM enrollment e WHERE e.school_id = ${schoolId} AND (
        (SELECT count(*) FROM outbox_event o WHERE o.envelope->'data'->>'enrollmentId' = e.id)
          <> CASE e.status WHEN 'DROPPED' THEN 2 ELSE 1 END
        OR (SELECT count(*) FROM audit_entry a WHERE a.object_id = e.id)
          <> CASE e.status WHEN 'DROPPED' THEN 2 ELSE 1 END))::int AS silent`;
  return row;
}

describe("enrolls and drops in shared transactions", () => {
  it("keep every rule while two processes and a crowd do both at once, and tell of each exactly once", async () => {
    let seed = 20_261;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const codes = new Map<string, number>();
    const note = (code: string) => codes.set(code, (codes.get(code) ?? 0) + 1);
    const one = async (round: number) => {
      const ctx = student(random(STUDENTS));
      const client = clients[random(2) === 0 ? 0 : 1];
      if (random(3) > 0 || round < 50)
        return note(
          await codeOf(enroll(ctx, { sectionId: at(school.sections, random(6)).id, joinWaitlist: false }, client)),
        );
      const mine = await db().enrollment.findFirst({ where: { studentId: ctx.actor.userId, status: "ENROLLED" } });
      if (mine) note(`drop ${await codeOf(dropEnrollment(ctx, { id: mine.id }, client))}`);
    };
    for (let round = 0; round < 800; round += 80)
      await Promise.all(Array.from({ length: 80 }, (_, n) => one(round + n)));
    expect([...codes.keys()].sort()).toEqual(
      [
        "already_enrolled",
        "drop enrollment_not_found", // two drops of one enrollment at the same moment
        "drop ok",
        "ok",
        "section_full",
        "time_conflict",
      ].filter((code) => codes.has(code)),
    );
    for (const code of ["ok", "drop ok", "section_full", "time_conflict"]) expect(codes.get(code)).toBeGreaterThan(5);
    expect(await recount()).toEqual({ miscounted: 0, overFilled: 0, sameCourse: 0, overlapping: 0, silent: 0 });
  });

  it("are told in the order in which they were decided: a seat is given back before it is taken again", async () => {
    const other = await buildSchool(db(), { students: 2, sections: [{ capacity: 1, meetings: [] }] });
    const sectionId = at(other.sections, 0).id;
    const [first, second] = [0, 1].map((n) => contextOf({ ...at(other.students, n) }));
    if (!first || !second) throw new Error("two students");
    const { id } = await enroll(first, { sectionId, joinWaitlist: false });
    const outcomes = await registrationBatch(
      [
        { kind: "enroll", ctx: { ...second, requestId: "early" }, sectionId, enrollmentId: newId() },
        { kind: "drop", ctx: first, sectionId, enrollmentId: id },
      ],
      { wait: false },
      db(),
    );
    expect(outcomes).toEqual([{ refused: "section_full" }, { enrollmentId: id }]);
    const again = await enroll(first, { sectionId, joinWaitlist: false });
    const enrollmentId = newId();
    expect(
      await registrationBatch(
        [
          { kind: "drop", ctx: first, sectionId, enrollmentId: again.id },
          { kind: "enroll", ctx: second, sectionId, enrollmentId },
        ],
        { wait: false },
        db(),
      ),
    ).toEqual([{ enrollmentId: again.id }, { enrollmentId }]);
    const events = await db().outboxEvent.findMany({ where: { key: sectionId }, orderBy: { id: "asc" } });
    expect(events.map(({ type }) => type)).toEqual([
      "student_enrolled",
      "student_dropped",
      "student_enrolled",
      "student_dropped",
      "student_enrolled",
    ]);
    expect((await db().section.findUniqueOrThrow({ where: { id: sectionId } })).seatsTaken).toBe(1);
  });

  it("do not wait behind a section that somebody else holds, and take it when it is let go", async () => {
    const other = await buildSchool(db(), { students: 6, sections: [{ capacity: 9 }, { capacity: 9, meetings: [] }] });
    const [held, free] = other.sections;
    const input = (section: typeof held) => ({ sectionId: at([section], 0)?.id ?? "", joinWaitlist: false });
    const who = (n: number) => contextOf({ ...at(other.students, n) });
    let letGo = () => {};
    const holding = new Promise<void>((resolve) => (letGo = resolve));
    let isHeld = false;
    const holder = transaction(async (tx) => {
      await lockEntities(tx, "section", [held?.id ?? ""]);
      isHeld = true;
      await holding;
    }, clients[1]);
    await eventually(() => isHeld);
    let answered = 0;
    const waiting = [0, 1, 2].map(async (n) => {
      const code = await codeOf(enroll(who(n), input(held)));
      answered++;
      return code;
    });
    expect(await Promise.all([3, 4, 5].map((n) => codeOf(enroll(who(n), input(free)))))).toEqual(["ok", "ok", "ok"]);
    expect(answered).toBe(0);
    letGo();
    await holder;
    expect(await Promise.all(waiting)).toEqual(["ok", "ok", "ok"]);
  });
});
