import { describe, expect, it } from "vitest";
import { cancelClassSession } from "@/lib/attendance/class-changes/cancel-class-session";
import { classMarks } from "@/lib/attendance/class-changes/was-held";
import { restoreClassSession } from "@/lib/attendance/class-changes/restore-class-session";
import { moveClassSession } from "@/lib/attendance/class-changes/move-class-session";
import { markBulk } from "@/lib/attendance/sheet/mark-bulk";
import { attendanceOverview } from "@/lib/attendance/sheet/day-counts";
import { teacherDay } from "@/lib/attendance/sheet/queries";
import { markBulkSchema } from "@/lib/attendance/schema";
import { db } from "@/lib/platform/db/client";
import type { AppError } from "@/lib/shared/errors";
import { classChangeScene, NOW } from "@/tests/support/class-change-scene";
import { addClassSession, at, buildSchool, contextOf } from "@/tests/support/school";
import { addDayOff } from "./add-day-off";
import { schoolCalendar } from "./days-off";
import { removeDayOff } from "./remove-day-off";

const { school, section, teacher, office, classOn, stored, newClass, mark, events } = classChangeScene();
const add = (startsOn: string, endsOn = startsOn, title = "Holiday") =>
  addDayOff(office(), { startsOn, endsOn, title }, classMarks);
const refused = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: AppError) => [error.code, error.extra?.["lock"]].filter(Boolean).join(" "),
  );

describe("a day off", () => {
  it("cancels the classes on it, keeps those that were held, and gives them back when it goes: one event each", async () => {
    const { id } = classOn("2026-11-23");
    const [held, marked] = [await newClass("2026-11-24", 700), await newClass("2026-11-24", 800)];
    await mark(held, { finalized: true });
    await mark(marked, { finalized: false });
    const dayOff = await add("2026-11-23", "2026-11-24", "Founders’ Day");
    // The Monday class of one section, the Tuesday class of the other.
    expect(dayOff.classes).toEqual({ cancelled: 2, kept: 2 });
    expect(await stored(id)).toMatchObject({ state: "CANCELLED", dayOffId: dayOff.id });
    expect([(await stored(held)).state, (await stored(marked)).state]).toEqual(["SCHEDULED", "SCHEDULED"]);
    expect(await refused(restoreClassSession(teacher(), { id }))).toBe("class_session_locked DAY_OFF");
    expect(await removeDayOff(office(), dayOff)).toMatchObject({ classes: { restored: 2 } });
    expect(await stored(id)).toMatchObject({ state: "SCHEDULED", dayOffId: null });
    const { id: schoolId } = school().school;
    expect((await events(dayOff.id)).map(({ type, key, data }) => [type, key, data["version"]])).toEqual([
      ["school_day_off_added", schoolId, 1],
      ["school_day_off_removed", schoolId, 2],
    ]);
  });

  it("gives back nothing that another day off covers or that somebody cancelled", async () => {
    const [free, byHand] = [classOn("2026-12-14").id, await newClass("2026-12-14", 800)];
    await cancelClassSession(teacher(), { id: byHand, reason: null });
    const [one, other] = [await add("2026-12-14", "2026-12-15", "One"), await add("2026-12-12", "2026-12-14", "Other")];
    await removeDayOff(office(), one);
    expect(await stored(free)).toMatchObject({ state: "CANCELLED", dayOffId: other.id });
    await removeDayOff(office(), other);
    expect(await stored(free)).toMatchObject({ state: "SCHEDULED", dayOffId: null });
    expect(await stored(byHand)).toMatchObject({ state: "CANCELLED", dayOffId: null });
  });

  it("lets its class be held on another day", async () => {
    const { id } = classOn("2026-12-01", 1);
    const dayOff = await add("2026-12-01");
    await moveClassSession(teacher(1), {
      id,
      date: "2026-12-03",
      startsAt: "09:00",
      endsAt: "09:50",
      reason: null,
    });
    expect(await stored(id)).toMatchObject({ state: "SCHEDULED", dayOffId: null });
    expect(await refused(restoreClassSession(teacher(1), { id }))).toBe("class_session_locked DAY_OFF");
    await removeDayOff(office(), dayOff);
    expect((await restoreClassSession(teacher(1), { id })).classSession).toMatchObject({ date: "2026-12-01" });
  });

  it("leaves nothing overdue: not in the teacher's day, not in the office's figures", async () => {
    const past = "2026-11-16";
    const overdue = async () => (await attendanceOverview(office(), past)).overdue;
    const earlier = async () => (await teacherDay(teacher())).earlier.map(({ date }) => date);
    expect([await overdue(), (await earlier()).includes(past)]).toEqual([1, true]);
    const dayOff = await add(past);
    expect([await overdue(), (await earlier()).includes(past)]).toEqual([0, false]);
    await removeDayOff(office(), dayOff);
    expect(await overdue()).toBe(1);
  });

  it("and marks that are saved at the same moment: the class is held or free, never both", async () => {
    for (let n = 0; n < 6; n += 1) {
      const now = new Date(NOW.getTime() + n); // by the clock of the scene: on some days the real one meets its classes
      const session = await addClassSession(db(), section(), { now });
      const date = session.date.toISOString().slice(0, 10);
      const records = [{ studentId: at(school().students, 0).id, status: "PRESENT" }];
      const body = markBulkSchema.parse({ classSessionId: session.id, records, finalize: false });
      const [saved, dayOff] = await Promise.all([
        refused(markBulk({ ...teacher(), now }, body)),
        add(date, date, `Day ${n}`),
      ]);
      const { state } = await stored(session.id);
      expect([saved, state]).toEqual(
        saved === "done" ? ["done", "SCHEDULED"] : ["attendance_locked CANCELLED", "CANCELLED"],
      );
      await removeDayOff(office(), dayOff);
    }
  });

  it("is the office's alone, and of one school", async () => {
    const other = await buildSchool(db(), { now: NOW });
    const input = { startsOn: "2026-12-09", endsOn: "2026-12-09", title: "Trip" };
    const { students, guardians, teachers } = school();
    for (const person of [at(students, 0), at(guardians, 0), at(teachers, 0)])
      expect(await refused(addDayOff(contextOf(person), input, classMarks))).toBe("forbidden");
    const dayOff = await addDayOff(office(), input, classMarks);
    expect(await refused(addDayOff(office(), input, classMarks))).toBe("day_off_exists");
    expect(await refused(removeDayOff(contextOf(at(teachers, 0)), dayOff))).toBe("forbidden");
    expect(await refused(removeDayOff(contextOf(other.admin), dayOff))).toBe("not_found");
    const titles = async (person: Parameters<typeof contextOf>[0]) => {
      const { items } = await schoolCalendar(contextOf(person, { now: NOW }), { limit: 200 });
      return items.map(({ title }) => title);
    };
    expect(await titles(at(students, 0))).toContain("Trip");
    expect(await titles(other.admin)).toEqual([]);
    await removeDayOff(office(), dayOff);
    expect(await refused(removeDayOff(office(), dayOff))).toBe("not_found");
  });

  it("lists page by page", async () => {
    const days = [await add("2026-12-21", "2026-12-22", "A"), await add("2026-12-23", "2026-12-23", "B")];
    const range = { from: "2026-12-20", to: "2026-12-31", limit: 1 };
    const first = await schoolCalendar(teacher(), range);
    expect(first.items.map(({ title }) => title)).toEqual(["A"]);
    const second = await schoolCalendar(teacher(), { ...range, cursor: first.nextCursor ?? "" });
    expect([second.items.map(({ title }) => title), second.nextCursor]).toEqual([["B"], null]);
    expect(await refused(schoolCalendar(teacher(), { ...range, cursor: "x" }))).toBe("invalid_request");
    for (const dayOff of days) await removeDayOff(office(), dayOff);
  });
});
