import { describe, expect, it } from "vitest";
import { markBulk } from "../sheet/mark-bulk";
import { markBulkSchema } from "@/lib/attendance/schema";
import { addDayOff } from "@/lib/catalog/calendar/add-day-off";
import { removeDayOff } from "@/lib/catalog/calendar/remove-day-off";
import { db } from "@/lib/platform/db/client";
import type { AppError } from "@/lib/shared/errors";
import { classChangeScene, MONDAY, NOW } from "@/tests/support/class-change-scene";
import { addClassSession, at, buildSchool, contextOf } from "@/tests/support/school";
import { cancelClassSession } from "./cancel-class-session";
import { moveClassSession, overlapsOfMove } from "./move-class-session";
import { restoreClassSession } from "./restore-class-session";
import { moveClassInput } from "./schema";
import { classMarks } from "./was-held";

const { school, section, teacher, office, classOn, stored, newClass, mark, events } = classChangeScene();

const cancel = (id: string, ctx = teacher(), reason: string | null = null) => cancelClassSession(ctx, { id, reason });
const restore = (id: string, ctx = teacher()) => restoreClassSession(ctx, { id });
const move = (id: string, date: string, startsAt: string, endsAt: string, more: object = {}, ctx = teacher()) =>
  moveClassSession(ctx, { id, ...moveClassInput.parse({ date, startsAt, endsAt, ...more }) });
const refused = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: AppError) => [error.code, error.extra?.["lock"]].filter(Boolean).join(" "),
  );

describe("cancelling one class", () => {
  it("keeps it with its reason, and names its people in one event", async () => {
    const { id } = classOn(MONDAY);
    const change = await cancel(id, teacher(), "The teacher is ill");
    expect(change).toMatchObject({
      classSession: { state: "CANCELLED", cancellation: { cause: "CLASS", reason: "The teacher is ill" } },
      changed: true,
      notified: { students: 2, guardians: 2, teachers: 1 },
    });
    const people = school();
    expect(await events(id)).toEqual([
      {
        type: "class_session_cancelled",
        key: section().id,
        data: expect.objectContaining({
          version: 1,
          date: MONDAY,
          startsAt: `${MONDAY}T09:00:00+01:00`,
          changedById: at(people.teachers, 0).id,
          studentIds: [at(people.students, 0).id, at(people.students, 1).id].sort(),
          teacherIds: [at(people.teachers, 0).id, at(people.teachers, 1).id].sort(),
        }),
      },
    ]);
    expect(JSON.stringify(await events(id))).not.toContain("ill");
  });

  it("again changes the reason and notifies nobody, and restoring takes it back", async () => {
    const id = await newClass("2026-11-24", 600);
    await cancel(id);
    expect(await cancel(id, teacher(), "No room")).toMatchObject({ changed: false, notified: { students: 0 } });
    expect((await stored(id)).cancelReason).toBe("No room");
    expect(await restore(id)).toMatchObject({
      changed: true,
      classSession: { state: "SCHEDULED", cancellation: null },
    });
    expect(await restore(id)).toMatchObject({ changed: false });
    expect((await events(id)).map(({ type, data }) => [type, data["version"]])).toEqual([
      ["class_session_cancelled", 1],
      ["class_session_restored", 2],
    ]);
  });

  it("is refused when the class has marks or is finished, and marking a cancelled one is refused", async () => {
    const [marked, finished, cancelled] = [
      await newClass("2026-11-10", 600),
      await newClass("2026-11-11", 600),
      await newClass("2026-11-12", 600),
    ];
    await mark(marked, { finalized: false });
    await mark(finished, { finalized: true });
    expect(await refused(cancel(marked))).toBe("class_session_locked MARKED");
    expect(await refused(cancel(finished))).toBe("class_session_locked FINALIZED");
    expect(await refused(move(finished, "2026-11-27", "10:00", "11:00"))).toBe("class_session_locked FINALIZED");
    await cancel(cancelled);
    const records = [{ studentId: at(school().students, 0).id, status: "PRESENT" }];
    const save = markBulk(teacher(), markBulkSchema.parse({ classSessionId: cancelled, records }));
    expect(await refused(save)).toBe("attendance_locked CANCELLED");
  });

  it("or finishing it at the same moment: one wins, never both", async () => {
    for (let n = 0; n < 8; n += 1) {
      const now = new Date(NOW.getTime() + n); // by the clock of the scene: on some days the real one meets its classes
      const { id } = await addClassSession(db(), section(), { now });
      const ctx = { ...teacher(), now };
      const records = [{ studentId: at(school().students, 0).id, status: "ABSENT" }];
      const [saved, gone] = await Promise.all([
        refused(markBulk(ctx, markBulkSchema.parse({ classSessionId: id, records }))),
        refused(cancel(id, ctx)),
      ]);
      expect([saved, gone].filter((outcome) => outcome === "done")).toHaveLength(1);
      const { state } = await stored(id);
      expect(state).toBe(gone === "done" ? "CANCELLED" : "SCHEDULED");
      expect(await db().attendanceRecord.count({ where: { classSessionId: id } })).toBe(saved === "done" ? 1 : 0);
      await db().attendanceChange.deleteMany({ where: { classSessionId: id } });
    }
  });
});

describe("moving one class", () => {
  it("keeps its identity and where the plan has it, and goes back there", async () => {
    const { id, startsAt } = classOn("2026-11-30");
    const moved = await move(id, "2026-12-03", "14:00", "14:50", { location: "B204" });
    expect(moved.classSession).toMatchObject({
      date: "2026-12-03",
      startsAt: "2026-12-03T14:00:00+01:00",
      location: "B204",
      movedFrom: { date: "2026-11-30", startsAt: "2026-11-30T09:00:00+01:00", location: null },
    });
    const again = await move(id, "2026-12-04", "8:00", "8:50");
    expect(again.classSession).toMatchObject({ location: "B204", movedFrom: { date: "2026-11-30" } });
    expect((await restore(id)).classSession).toMatchObject({ date: "2026-11-30", location: null, movedFrom: null });
    expect((await stored(id)).startsAt).toEqual(startsAt);
    expect((await events(id)).map(({ type, data }) => [type, data["fromDate"], data["date"]])).toEqual([
      ["class_session_moved", "2026-11-30", "2026-12-03"],
      ["class_session_moved", "2026-12-03", "2026-12-04"],
      ["class_session_moved", "2026-12-04", "2026-11-30"],
    ]);
  });

  it("to the same place changes nothing, and a new room alone is a move", async () => {
    const { id } = classOn("2026-12-07");
    expect(await move(id, "2026-12-07", "09:00", "09:50")).toMatchObject({ changed: false });
    expect(await move(id, "2026-12-07", "09:00", "09:50", { location: "Hall" })).toMatchObject({
      changed: true,
      classSession: { location: "Hall", movedFrom: { date: "2026-12-07" } },
    });
    expect((await move(id, "2026-12-07", "09:00", "09:50", { location: "" })).classSession.movedFrom).toBeNull();
  });

  it("holds a cancelled class again", async () => {
    const id = await newClass("2026-11-25", 600);
    await cancel(id, teacher(), "Ill");
    expect(await move(id, "2026-11-26", "10:00", "10:50")).toMatchObject({
      classSession: { state: "SCHEDULED", cancellation: null, movedFrom: { date: "2026-11-25" } },
    });
  });

  it("does not overlap another class of the section, and counts those who are busy then", async () => {
    const id = await newClass("2026-11-27", 600);
    expect(await refused(move(id, MONDAY, "09:30", "10:30"))).toBe("class_session_overlap");
    const onTuesday = { id, ...moveClassInput.parse({ date: "2026-12-01", startsAt: "09:30", endsAt: "10:30" }) };
    expect(await overlapsOfMove(teacher(), onTuesday)).toEqual({ students: 1, teachers: 1 });
    expect(await moveClassSession(teacher(), onTuesday)).toMatchObject({ overlaps: { students: 1, teachers: 1 } });
  });

  it("refuses a time that is over, and one of a day without school", async () => {
    const id = await newClass("2026-11-26", 900);
    expect(await refused(move(id, "2026-11-18", "08:00", "08:50"))).toBe("invalid_request");
    expect(await refused(move(id, "2028-01-10", "08:00", "08:50"))).toBe("invalid_request");
    const dayOff = await addDayOff(
      office(),
      { startsOn: "2026-12-17", endsOn: "2026-12-17", title: "Exam day" },
      classMarks,
    );
    expect(await refused(move(id, "2026-12-17", "10:00", "11:00"))).toBe("class_session_locked DAY_OFF");
    await removeDayOff(office(), dayOff);
  });

  it("takes local times on the night when the clock changes", async () => {
    const id = await newClass("2026-11-26", 1000);
    const ahead = { ...teacher(), now: new Date("2027-03-20T09:00:00Z") };
    const night = moveClassInput.parse({ date: "2027-03-28", startsAt: "01:30", endsAt: "03:30" });
    expect((await moveClassSession(ahead, { id, ...night })).classSession).toMatchObject({
      startsAt: "2027-03-28T01:30:00+01:00",
      endsAt: "2027-03-28T03:30:00+02:00",
    });
    const gap = moveClassInput.parse({ date: "2027-03-28", startsAt: "02:30", endsAt: "03:15" });
    expect(await refused(moveClassSession(ahead, { id, ...gap }))).toBe("invalid_request");
  });
});

describe("who may change a class", () => {
  it.each(["cancel", "restore", "move"] as const)("%s: its teachers and the office of its school", async (act) => {
    const id = await newClass("2026-12-11", 600 + 60 * ["cancel", "restore", "move"].indexOf(act));
    const other = await buildSchool(db(), { now: NOW });
    const acts = {
      cancel: (ctx: ReturnType<typeof teacher>) => cancel(id, ctx),
      restore: (ctx: ReturnType<typeof teacher>) => restore(id, ctx),
      move: (ctx: ReturnType<typeof teacher>) => move(id, "2026-12-12", "10:00", "10:50", {}, ctx),
    };
    const by = (person: Parameters<typeof contextOf>[0]) => refused(acts[act](contextOf(person, { now: NOW })));
    const { students, guardians, teachers, admin } = school();
    expect(await by(at(students, 0))).toBe("forbidden");
    expect(await by(at(guardians, 0))).toBe("forbidden");
    expect(await by(at(teachers, 2))).toBe("class_session_not_found");
    expect(await by(other.admin)).toBe("class_session_not_found");
    expect(await by(at(other.teachers, 0))).toBe("class_session_not_found");
    expect(await by(at(teachers, 1))).toBe("done");
    expect(await by(admin)).toBe("done");
  });

  it("leaves the classes of a cancelled section alone", async () => {
    const { id } = classOn("2026-12-15", 1);
    await db().section.update({ where: { id: section(1).id }, data: { state: "CANCELLED" } });
    expect(await refused(cancel(id, office()))).toBe("class_session_locked SECTION_CANCELLED");
    expect(await refused(restore(id, office()))).toBe("class_session_locked SECTION_CANCELLED");
    await db().section.update({ where: { id: section(1).id }, data: { state: "ACTIVE" } });
  });
});
