// Who may not save, what may not be saved, and that nothing of a refused save stays.
import { describe, expect, test } from "vitest";
import { db } from "@/lib/platform/db/client";
import { codeOf, markingScene, told } from "@/tests/support/marking-scene";
import { addClassSession, at, contextOf } from "@/tests/support/school";
import { attendanceSheet } from "./queries";

const { school, other, teacher, student, newClass, mark, marks, history } = markingScene();

describe("refusals of a save", () => {
  test("a class of nobody, of another teacher and of another school answer alike", async () => {
    const theirs = await addClassSession(db(), at(school().sections, 1));
    const elsewhere = await addClassSession(db(), at(other().sections, 0));
    for (const classSessionId of ["nothing", theirs.id, elsewhere.id])
      expect(await codeOf(mark({ classSessionId, records: [] }))).toBe("class_session_not_found");
    const { id } = await newClass();
    for (const person of [at(other().teachers, 0), at(school().teachers, 2)])
      expect(await codeOf(mark({ classSessionId: id, records: [] }, contextOf(person)))).toBe(
        "class_session_not_found",
      );
    for (const person of [school().admin, at(school().students, 0)])
      expect(await codeOf(mark({ classSessionId: id, records: [] }, contextOf(person)))).toBe("forbidden");
    expect(await db().attendanceSheet.count({ where: { classSessionId: id } })).toBe(0);
  });

  test("all records or none: strangers are named", async () => {
    const { id } = await newClass();
    const records = [...marks("ABSENT"), { studentId: student(35), status: "ABSENT" as const }];
    await expect(
      mark({ classSessionId: id, records: [...records, { studentId: at(other().students, 0).id, status: null }] }),
    ).rejects.toMatchObject({
      code: "student_not_enrolled",
      status: 422,
      extra: { studentIds: [student(35), at(other().students, 0).id] },
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

    await db().school.update({ where: { id: other().school.id }, data: { attendanceEditMinutes: 30 } });
    const over = await addClassSession(db(), at(other().sections, 0), { startsInMinutes: -100, lengthMinutes: 50 });
    const still = await addClassSession(db(), at(other().sections, 0), { startsInMinutes: -70, lengthMinutes: 50 });
    const ctx = contextOf(at(other().teachers, 0));
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
});
