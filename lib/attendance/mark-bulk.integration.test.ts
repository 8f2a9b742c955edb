import pg from "pg";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { z } from "zod";
import { db } from "@/lib/platform/db";
import type { AppError } from "@/lib/shared/errors";
import { addClassSession, at, buildSchool, contextOf, type TestSchool } from "@/tests/support/school";
import { markBulk } from "./mark-bulk";
import { attendanceSheet } from "./queries";
import { type AttendanceStatus, markBulkSchema } from "./schema";

type Input = z.input<typeof markBulkSchema>;
let school: TestSchool;
let other: TestSchool;
const section = () => at(school.sections, 0);
const teacher = () => contextOf(at(school.teachers, 0));
const colleague = () => contextOf(at(school.teachers, 1));
const student = (n: number) => at(school.students, n).id;
const mark = (input: Input, ctx = teacher()) => markBulk(ctx, markBulkSchema.parse(input));
const marks = (...statuses: (AttendanceStatus | null)[]) =>
  statuses.map((status, n) => ({ studentId: student(n), status }));
const newClass = (options: Parameters<typeof addClassSession>[2] = {}) => addClassSession(db(), section(), options);
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: AppError) => error.code,
  );

async function published(classSessionId: string) {
  const rows = await db().$queryRaw<{ type: string; key: string; data: Record<string, unknown> }[]>`
    SELECT type, key, envelope->'data' AS data FROM outbox_event
    WHERE envelope->'data'->>'classSessionId' = ${classSessionId} ORDER BY id`;
  return rows;
}
const told = async (classSessionId: string) => (await published(classSessionId)).map(({ type, key }) => [type, key]);
const history = async (classSessionId: string) => {
  const order = new Map(school.students.map(({ id }, n) => [id, n]));
  const place = ({ studentId, version }: { studentId: string; version: number }) =>
    (order.get(studentId) ?? 0) * 100 + version;
  return (await db().attendanceChange.findMany({ where: { classSessionId } })).toSorted((a, b) => place(a) - place(b));
};

beforeAll(async () => {
  const enrolled = Array.from({ length: 30 }, (_, n) => n);
  school = await buildSchool(db(), {
    students: 40,
    teachers: 3,
    sections: [
      { enrolled, teachers: [0, 1] },
      { enrolled: [35], teachers: [2] },
    ],
  });
  other = await buildSchool(db(), { students: 2, sections: [{ enrolled: [0, 1] }] });
});

describe("saving", () => {
  test("stores marks, history, version, audit and counts, and tells nobody while the sheet is open", async () => {
    const { id } = await newClass();
    const answer = await mark({
      classSessionId: id,
      finalize: false,
      records: [
        { studentId: student(0), status: "ABSENT", note: " called " },
        { studentId: student(1), status: "LATE", minutesLate: 12 },
      ],
    });
    expect(answer).toEqual({
      classSession: { id, state: "OPEN" },
      version: 1,
      counts: { PRESENT: 0, ABSENT: 1, LATE: 1, EXCUSED: 0, UNMARKED: 28 },
    });
    const sheet = await attendanceSheet(teacher(), id);
    expect(sheet).toMatchObject({ version: 1, lock: null, classSession: { enrolled: 30, marked: 2, state: "OPEN" } });
    expect(sheet.roster[0]).toMatchObject({
      student: { id: student(0) },
      status: "ABSENT",
      note: "called",
      markedBy: { id: at(school.teachers, 0).id, name: "Teacher Number0000" },
    });
    expect(await history(id)).toMatchObject([
      { studentId: student(0), fromStatus: null, toStatus: "ABSENT", version: 1, noteChanged: true },
      { studentId: student(1), fromStatus: null, toStatus: "LATE", toMinutes: 12, version: 1, noteChanged: false },
    ]);
    expect(await told(id)).toEqual([]);
    expect(await db().auditEntry.findMany({ where: { objectId: id } })).toMatchObject([
      { action: "attendance.marked", actorId: at(school.teachers, 0).id, details: { version: 1, changes: 2 } },
    ]);
  });

  test("finalises unless told not to, and announces each absence once, with the facts of the class", async () => {
    const session = await newClass();
    await mark({ classSessionId: session.id, records: marks("ABSENT"), finalize: false });
    const answer = await mark({
      classSessionId: session.id,
      records: [{ studentId: student(1), status: "ABSENT" }, ...marks(null, null, "PRESENT").slice(2)],
    });
    expect(answer).toMatchObject({ classSession: { state: "FINALIZED" }, version: 2, counts: { UNMARKED: 27 } });
    const events = await published(session.id);
    expect(events.map(({ type, key }) => [type, key])).toEqual([
      ["attendance_marked_absent", student(0)],
      ["attendance_marked_absent", student(1)],
    ]);
    expect(events[0]?.data).toEqual({
      attendanceRecordId: expect.any(String),
      version: 1,
      classSessionId: session.id,
      sectionId: section().id,
      sectionCode: section().code,
      sectionTitle: section().title,
      studentId: student(0),
      schoolId: school.school.id,
      date: session.date.toISOString().slice(0, 10),
      startsAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00$/),
      markedById: at(school.teachers, 0).id,
    });
    expect(Date.parse(String(events[0]?.data["startsAt"]))).toBe(Math.floor(session.startsAt.getTime() / 1000) * 1000);
  });

  test("repeated, changes nothing, publishes nothing and keeps the version, even with the version it was sent with", async () => {
    const { id } = await newClass();
    const input: Input = { classSessionId: id, expectedVersion: 0, records: marks("ABSENT", "LATE", "PRESENT") };
    const first = await mark(input);
    const again = await mark(input);
    expect(again).toEqual(first);
    expect(await mark({ ...input, expectedVersion: undefined, finalize: false })).toEqual(first);
    expect(await told(id)).toEqual([["attendance_marked_absent", student(0)]]);
    expect(await history(id)).toHaveLength(3);
    expect(await db().auditEntry.count({ where: { objectId: id } })).toBe(1);
  });

  test("may finish with everybody unmarked", async () => {
    const { id } = await newClass();
    expect(await mark({ classSessionId: id, records: [] })).toMatchObject({
      classSession: { state: "FINALIZED" },
      version: 1,
      counts: { UNMARKED: 30 },
    });
  });

  test("corrections of a final sheet are published whatever finalize says, each in its kind", async () => {
    const { id } = await newClass();
    await mark({ classSessionId: id, records: marks("ABSENT", "PRESENT", "LATE") });
    await mark({ classSessionId: id, finalize: false, records: marks("EXCUSED", "ABSENT", "LATE") });
    await mark({ classSessionId: id, records: marks("ABSENT") });
    await mark({ classSessionId: id, records: [{ studentId: student(3), status: "PRESENT" }] });
    const events = await published(id);
    expect(events.map(({ type, key }) => [type, key])).toEqual([
      ["attendance_marked_absent", student(0)],
      ["attendance_corrected", student(0)],
      ["attendance_marked_absent", student(1)],
      ["attendance_marked_absent", student(0)],
    ]);
    expect(events.map(({ data }) => [data["version"], data["from"], data["to"]])).toEqual([
      [1, undefined, undefined],
      [2, "ABSENT", "EXCUSED"],
      [2, undefined, undefined],
      [3, undefined, undefined],
    ]);
  });

  test("a student who left after the class began stays on its sheet, one who came later is on it too", async () => {
    const session = await newClass({ startsInMinutes: -120 });
    const leaver = at(school.students, 36);
    await db().enrollment.create({
      data: {
        id: `left-${leaver.id}`,
        schoolId: school.school.id,
        sectionId: section().id,
        studentId: leaver.id,
        courseId: section().courseId,
        termId: school.term.id,
        status: "DROPPED",
        origin: "SELF",
        enrolledAt: new Date(session.startsAt.getTime() - 60_000),
        droppedAt: new Date(session.startsAt.getTime() + 60_000),
      },
    });
    const later = await newClass({ startsInMinutes: -30 });
    const leaverAbsent = [{ studentId: leaver.id, status: "ABSENT" as const }];
    expect(await mark({ classSessionId: session.id, records: leaverAbsent })).toMatchObject({
      counts: { ABSENT: 1, UNMARKED: 30 },
    });
    expect(await codeOf(mark({ classSessionId: later.id, records: leaverAbsent }))).toBe("student_not_enrolled");
  });
});

describe("refusals", () => {
  test("a class of nobody, of another teacher and of another school answer alike", async () => {
    const theirs = await addClassSession(db(), at(school.sections, 1));
    const elsewhere = await addClassSession(db(), at(other.sections, 0));
    for (const classSessionId of ["nothing", theirs.id, elsewhere.id])
      expect(await codeOf(mark({ classSessionId, records: [] }))).toBe("class_session_not_found");
    const { id } = await newClass();
    for (const person of [at(other.teachers, 0), at(school.teachers, 2)])
      expect(await codeOf(mark({ classSessionId: id, records: [] }, contextOf(person)))).toBe(
        "class_session_not_found",
      );
    for (const person of [school.admin, at(school.students, 0)])
      expect(await codeOf(mark({ classSessionId: id, records: [] }, contextOf(person)))).toBe("forbidden");
    expect(await db().attendanceSheet.count({ where: { classSessionId: id } })).toBe(0);
  });

  test("all records or none: strangers are named", async () => {
    const { id } = await newClass();
    const records = [...marks("ABSENT"), { studentId: student(35), status: "ABSENT" as const }];
    await expect(
      mark({ classSessionId: id, records: [...records, { studentId: at(other.students, 0).id, status: null }] }),
    ).rejects.toMatchObject({
      code: "student_not_enrolled",
      status: 422,
      extra: { studentIds: [student(35), at(other.students, 0).id] },
    });
    expect(await db().attendanceRecord.count({ where: { classSessionId: id } })).toBe(0);
  });

  test("locked: cancelled, not yet open, past the edit window, clearing a final mark", async () => {
    const cancelled = await newClass();
    await db().classSession.update({ where: { id: cancelled.id }, data: { state: "CANCELLED" } });
    const early = await newClass({ startsInMinutes: 62 });
    const inTime = await newClass({ startsInMinutes: 59 });
    const final = await newClass();
    await mark({ classSessionId: final.id, records: marks("ABSENT") });
    for (const [session, lock] of [
      [cancelled, "CANCELLED"],
      [early, "NOT_OPEN"],
    ] as const)
      await expect(mark({ classSessionId: session.id, records: marks("PRESENT") })).rejects.toMatchObject({
        code: "attendance_locked",
        extra: { lock },
      });
    expect(await codeOf(mark({ classSessionId: inTime.id, records: marks("PRESENT") }))).toBe("done");
    expect(await codeOf(mark({ classSessionId: final.id, records: marks(null, "LATE") }))).toBe("attendance_locked");
    expect((await attendanceSheet(teacher(), final.id)).version).toBe(1);

    await db().school.update({ where: { id: other.school.id }, data: { attendanceEditMinutes: 30 } });
    const over = await addClassSession(db(), at(other.sections, 0), { startsInMinutes: -100, lengthMinutes: 50 });
    const still = await addClassSession(db(), at(other.sections, 0), { startsInMinutes: -70, lengthMinutes: 50 });
    const ctx = contextOf(at(other.teachers, 0));
    expect(await codeOf(mark({ classSessionId: over.id, records: [] }, ctx))).toBe("attendance_locked");
    expect(await codeOf(mark({ classSessionId: still.id, records: [] }, ctx))).toBe("done");
  });

  test("a mark that is not final can be cleared; its row and history stay", async () => {
    const { id } = await newClass();
    await mark({ classSessionId: id, finalize: false, records: marks("ABSENT") });
    const answer = await mark({ classSessionId: id, records: marks(null, "PRESENT") });
    expect(answer.counts).toMatchObject({ ABSENT: 0, PRESENT: 1, UNMARKED: 29 });
    expect((await history(id)).map(({ fromStatus, toStatus }) => [fromStatus, toStatus])).toEqual([
      [null, "ABSENT"],
      ["ABSENT", null],
      [null, "PRESENT"],
    ]);
    expect(await told(id)).toEqual([]);
  });

  test("a stale expectedVersion is a conflict and saves nothing", async () => {
    const { id } = await newClass();
    await mark({ classSessionId: id, finalize: false, expectedVersion: 0, records: marks("ABSENT") });
    await expect(mark({ classSessionId: id, expectedVersion: 0, records: marks("LATE") })).rejects.toMatchObject({
      code: "version_conflict",
      extra: { version: 1 },
    });
    expect((await attendanceSheet(teacher(), id)).roster[0]).toMatchObject({ status: "ABSENT" });
  });

  test("bad bodies: a student twice, more than 2,000, minutes without LATE, out of range, a note too long or unprintable", () => {
    const issues = (body: unknown) =>
      markBulkSchema.safeParse(body).error?.issues.map((issue) => issue.path.join(".")) ?? [];
    const base = { classSessionId: "c" };
    const one = { studentId: "a", status: "PRESENT" };
    expect(issues({ ...base, records: [one, { studentId: "b", status: "LATE" }, one] })).toEqual([
      "records.2.studentId",
    ]);
    const many = (count: number) => Array.from({ length: count }, (_, n) => ({ studentId: `s${n}`, status: "ABSENT" }));
    expect(issues({ ...base, records: many(2001) })).toEqual(["records"]);
    expect(issues({ ...base, records: many(2000) })).toEqual([]);
    expect(issues({ ...base, records: [{ ...one, minutesLate: 3 }] })).toEqual(["records.0.minutesLate"]);
    for (const status of ["PRESENT", "ABSENT", "EXCUSED", null])
      for (const minutesLate of [0, null])
        expect(issues({ ...base, records: [{ studentId: "a", status, minutesLate }] })).toEqual([]);
    for (const minutesLate of [-1, 601, 1.5, "3", 2 ** 31])
      expect(issues({ ...base, records: [{ studentId: "a", status: "LATE", minutesLate }] })).toHaveLength(1);
    for (const note of ["x".repeat(501), "a\u0000b", "\ud800"])
      expect(issues({ ...base, records: [{ ...one, note }] })).toEqual(["records.0.note"]);
    expect(issues({ ...base, records: [{ ...one, status: "AWAY" }] })).toEqual(["records.0.status"]);
    for (const expectedVersion of [-1, 2 ** 31, 1.5, null])
      expect(issues({ ...base, records: [], expectedVersion })).toEqual(["expectedVersion"]);
    expect(issues({ ...base, records: [{ studentId: "a" }] })).toEqual(["records.0.status"]);
  });
});

describe("history", () => {
  test("cannot be rewritten", async () => {
    const { id } = await newClass();
    await mark({ classSessionId: id, records: marks("ABSENT") });
    const change = db().attendanceChange.updateMany({ where: { classSessionId: id }, data: { toStatus: "PRESENT" } });
    await expect(change).rejects.toThrow();
    expect(await history(id)).toMatchObject([{ toStatus: "ABSENT", changedById: at(school.teachers, 0).id }]);
  });
});

describe("at the same time", () => {
  test("two teachers: every mark is kept, versions have no gap, history follows the records", async () => {
    const { id } = await newClass();
    const saves = Array.from({ length: 30 }, (_, n) =>
      mark(
        {
          classSessionId: id,
          finalize: false,
          records: [{ studentId: student(n), status: n % 2 ? "LATE" : "ABSENT" }],
        },
        n % 2 ? teacher() : colleague(),
      ),
    );
    const versions = (await Promise.all(saves)).map(({ version }) => version);
    expect(versions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
    const sheet = await attendanceSheet(teacher(), id);
    expect(sheet.roster.map(({ status }) => status)).toEqual(
      Array.from({ length: 30 }, (_, n) => (n % 2 ? "LATE" : "ABSENT")),
    );
  });

  test("with expectedVersion exactly one of two clashing saves wins", async () => {
    const { id } = await newClass();
    const codes = await Promise.all(
      [teacher(), colleague()].map((ctx, n) =>
        codeOf(
          mark({ classSessionId: id, finalize: false, expectedVersion: 0, records: marks(n ? "LATE" : "ABSENT") }, ctx),
        ),
      ),
    );
    expect(codes.toSorted()).toEqual(["done", "version_conflict"]);
    expect(await history(id)).toHaveLength(1);
  });

  test("finishing against autosaves: whoever ends up absent was announced exactly once", async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await newClass();
      const autosaves = [0, 1, 2, 3].map((n) =>
        mark({ classSessionId: id, finalize: false, records: [{ studentId: student(n), status: "ABSENT" }] }),
      );
      const finish = mark({ classSessionId: id, records: [{ studentId: student(9), status: "ABSENT" }] }, colleague());
      const again = mark({ classSessionId: id, records: [{ studentId: student(9), status: "ABSENT" }] });
      await Promise.all([...autosaves, finish, again]);
      const keys = (await told(id)).map(([type, key]) => `${type} ${key}`);
      expect(keys.toSorted()).toEqual([0, 1, 2, 3, 9].map((n) => `attendance_marked_absent ${student(n)}`).toSorted());
    }
  });

  test("one student in two classes at once: their events stand in the log in commit order", async () => {
    const classes = [await newClass(), await newClass()];
    await Promise.all(classes.map(({ id }) => mark({ classSessionId: id, records: marks("ABSENT", "ABSENT") })));
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        mark({ classSessionId: at(classes, n % 2).id, records: marks(n % 4 < 2 ? "LATE" : "ABSENT", "EXCUSED") }),
      ),
    );
    for (const { id } of classes) {
      const versions = (await published(id))
        .filter(({ key }) => key === student(0))
        .map(({ data }) => Number(data["version"]));
      expect(versions).toEqual(versions.toSorted((a, b) => a - b));
      expect(new Set(versions).size).toBe(versions.length);
    }
  });
});

describe("cost", () => {
  test("the same number of statements for 1, 30, 300 and 2,000 students", async () => {
    const large = await buildSchool(db(), {
      students: 2000,
      sections: [{ capacity: 2000, enrolled: Array.from({ length: 2000 }, (_, n) => n) }],
    });
    const ctx = contextOf(at(large.teachers, 0));
    const query = vi.spyOn(pg.Client.prototype, "query");
    const counts: number[] = [];
    for (const size of [1, 30, 300, 2000]) {
      const { id } = await addClassSession(db(), at(large.sections, 0));
      const records = large.students.slice(0, size).map(({ id: studentId }, n) => ({
        studentId,
        status: n % 10 === 0 ? ("ABSENT" as const) : ("PRESENT" as const),
      }));
      query.mockClear();
      const answer = await markBulk(ctx, markBulkSchema.parse({ classSessionId: id, records }));
      counts.push(query.mock.calls.length);
      expect(answer.counts).toMatchObject({ ABSENT: Math.ceil(size / 10), UNMARKED: 2000 - size });
      expect(await told(id)).toHaveLength(Math.ceil(size / 10));
    }
    expect(new Set(counts).size).toBe(1);
    expect(counts[0]).toBeGreaterThan(5);
    expect(counts[0]).toBeLessThanOrEqual(16);
  });
});
