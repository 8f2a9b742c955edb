// Classes of which nobody waits for marks: without students, and from before their section had a teacher here.
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { newId } from "@/lib/shared/ids";
import { rosterSchool } from "@/tests/support/roster-school";
import { markBulk } from "./mark-bulk";
import { attendanceOverview } from "./day-counts";
import { attendanceSheet, classSessions, teacherDay } from "./queries";

/** The classes of section a are on Mondays from 09:00 to 10:00 in Prague. */
const IMPORTED = new Date("2026-10-07T12:00:00Z");
const TUESDAY = new Date("2026-10-13T12:00:00Z");
const BEFORE = "2026-10-05";
const AFTER = "2026-10-12";

let school: ReturnType<typeof rosterSchool>;
beforeEach(() => {
  school = rosterSchool(`waits-${newId().slice(-8)}`);
});

const acting = async (sourcedId: string): Promise<Context> => ({ ...(await school.context(sourcedId)), now: TUESDAY });
const overdue = async (date: string) => {
  const ctx = await acting("t1");
  return (await attendanceOverview({ ...ctx, actor: { ...ctx.actor, roles: ["ADMIN"] } }, date)).overdue;
};
const classOn = async (date: string) =>
  (await classSessions(await acting("t1"), { limit: 50, date })).items.find(({ section }) => section.code === "a");
const earlier = async () => (await teacherDay(await acting("t1"))).earlier.map(({ date }) => date);

describe("nobody waits for the marks", () => {
  test("of classes from before the first import, and they can be marked all the same", async () => {
    await school.run(school.whole, { now: IMPORTED });
    expect(await earlier()).toEqual([AFTER]);
    expect([await overdue(BEFORE), await overdue(AFTER)]).toEqual([0, 1]);
    const history = await classOn(BEFORE);
    expect(history).toMatchObject({ notExpected: "HISTORY", state: "OPEN", enrolled: 2 });
    expect(await classOn(AFTER)).toMatchObject({ notExpected: null });
    const classSessionId = history?.id ?? "";
    const ctx = await acting("t1");
    const { roster } = await attendanceSheet(ctx, classSessionId);
    const records = roster.map(({ student }) => ({ studentId: student.id, status: "PRESENT" as const }));
    expect((await markBulk(ctx, { classSessionId, records, finalize: true })).classSession.state).toBe("FINALIZED");
    expect(await classOn(BEFORE)).toMatchObject({ notExpected: null, state: "FINALIZED" });
  });

  test("of classes from before a section had a teacher, or while it had none", async () => {
    const [teacher, ...students] = school.whole.enrollments;
    await school.run({ ...school.whole, enrollments: students }, { now: new Date("2026-09-20T12:00:00Z") });
    expect([await overdue(BEFORE), await overdue(AFTER)]).toEqual([0, 0]);
    await school.run({ enrollments: teacher ? [teacher] : [] }, { now: IMPORTED });
    expect(await earlier()).toEqual([AFTER]);
    expect([await overdue(BEFORE), await overdue(AFTER)]).toEqual([0, 1]);
    // A second teacher leaves no gap; another after a gap begins anew.
    const second = school.seat("a", "t2");
    await school.run({ users: [school.user("t2", "teacher")], enrollments: [second] }, { now: TUESDAY });
    expect(await earlier()).toEqual([AFTER]);
    await school.run({ enrollments: [second, { ...teacher, status: "tobedeleted" }] }, { now: TUESDAY });
    expect(await overdue(AFTER)).toBe(1);
    await school.run({ enrollments: [{ ...second, status: "tobedeleted" }] }, { now: TUESDAY });
    expect(await overdue(AFTER)).toBe(0);
    await school.run({ enrollments: teacher ? [teacher] : [] }, { now: TUESDAY });
    expect([await earlier(), await overdue(AFTER)]).toEqual([[], 0]);
  });

  test("of a class without students, until somebody has a mark in it", async () => {
    const [teacher] = school.whole.enrollments;
    await school.run({ ...school.whole, enrollments: teacher ? [teacher] : [] }, { now: IMPORTED });
    expect(await classOn(AFTER)).toMatchObject({ notExpected: "EMPTY", enrolled: 0, state: "OPEN" });
    expect([await earlier(), await overdue(AFTER)]).toEqual([[], 0]);
    const { id: studentId } = await school.person("s1");
    const classSessionId = (await classOn(AFTER))?.id ?? "";
    const { userId: markedById, schoolId } = (await acting("t1")).actor;
    await db().attendanceRecord.create({
      data: { id: newId(), schoolId, classSessionId, studentId, status: "PRESENT", markedAt: TUESDAY, markedById },
    });
    expect([await earlier(), await overdue(AFTER)]).toEqual([[AFTER], 1]);
  });
});
