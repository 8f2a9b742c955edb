// What a save does: marks, counts, versions, history and events. Refusals and saves at the same moment have their own files.
import { describe, expect, test } from "vitest";
import { db } from "@/lib/platform/db/client";
import { codeOf, type MarkInput, markingScene, published, told } from "@/tests/support/marking-scene";
import { at } from "@/tests/support/school";
import { attendanceSheet } from "./queries";

const { school, section, teacher, student, newClass, mark, marks, history } = markingScene();

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
      alertsAt: null,
    });
    const sheet = await attendanceSheet(teacher(), id);
    expect(sheet).toMatchObject({ version: 1, lock: null, classSession: { enrolled: 30, marked: 2, state: "OPEN" } });
    expect(sheet.roster[0]).toMatchObject({
      student: { id: student(0) },
      status: "ABSENT",
      note: "called",
      markedBy: { id: at(school().teachers, 0).id, name: "Teacher Number0000" },
    });
    expect(await history(id)).toMatchObject([
      { studentId: student(0), fromStatus: null, toStatus: "ABSENT", version: 1, noteChanged: true },
      { studentId: student(1), fromStatus: null, toStatus: "LATE", toMinutes: 12, version: 1, noteChanged: false },
    ]);
    expect(await told(id)).toEqual([]);
    expect(await db().auditEntry.findMany({ where: { objectId: id } })).toMatchObject([
      { action: "attendance.marked", actorId: at(school().teachers, 0).id, details: { version: 1, changes: 2 } },
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
      schoolId: school().school.id,
      date: session.date.toISOString().slice(0, 10),
      startsAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00$/),
      markedById: at(school().teachers, 0).id,
    });
    expect(Date.parse(String(events[0]?.data["startsAt"]))).toBe(Math.floor(session.startsAt.getTime() / 1000) * 1000);
  });

  test("repeated, changes nothing, publishes nothing and keeps the version, even with the version it was sent with", async () => {
    const { id } = await newClass();
    const input: MarkInput = { classSessionId: id, expectedVersion: 0, records: marks("ABSENT", "LATE", "PRESENT") };
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

  test("a student who left after the class began stays on its sheet, and is on none that came later", async () => {
    const session = await newClass({ startsInMinutes: -120 });
    const leaver = at(school().students, 36);
    await db().enrollment.create({
      data: {
        id: `left-${leaver.id}`,
        schoolId: school().school.id,
        sectionId: section().id,
        studentId: leaver.id,
        courseId: section().courseId,
        termId: school().term.id,
        status: "DROPPED",
        origin: "SELF",
        enrolledAt: new Date(session.startsAt.getTime() - 60_000),
        droppedAt: new Date(session.startsAt.getTime() + 60_000),
        countsFrom: new Date(session.startsAt.getTime() - 60_000),
        countsUntil: new Date(session.startsAt.getTime() + 60_000),
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

describe("history", () => {
  test("cannot be rewritten", async () => {
    const { id } = await newClass();
    await mark({ classSessionId: id, records: marks("ABSENT") });
    const change = db().attendanceChange.updateMany({ where: { classSessionId: id }, data: { toStatus: "PRESENT" } });
    await expect(change).rejects.toThrow();
    expect(await history(id)).toMatchObject([{ toStatus: "ABSENT", changedById: at(school().teachers, 0).id }]);
  });
});
