import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/platform/db/client";
import { at, buildSchool, contextOf, type TestSchool } from "@/tests/support/school";
import { dropEnrollment } from "@/lib/enrollment/registration/drop-enrollment";
import { getWeek } from "./get-week";
import { listEnrollments } from "./list-enrollments";
import { browseSections } from "./list-sections";

// A Wednesday; the clocks of Prague went back on Sunday 25 October.
const now = new Date("2026-10-28T09:20:00Z");

describe("a student's week", () => {
  let school: TestSchool;
  const student = (n: number) => contextOf(at(school.students, n), { now });

  beforeAll(async () => {
    school = await buildSchool(db(), {
      now,
      students: 2,
      sections: [
        { code: "MA.1", meetings: [{ day: 1, startMinute: 540, endMinute: 590 }], enrolled: [0] },
        { code: "PH.1", meetings: [{ day: 6, startMinute: 600, endMinute: 700 }], weeks: "000011111", enrolled: [0] },
        { code: "CH.1", meetings: [{ day: 3, startMinute: 540, endMinute: 590 }], enrolled: [1] },
      ],
    });
  });

  it("shows Monday to Friday and the used day of the weekend, in the school's hours, on both sides of a clock change", async () => {
    const week = await getWeek(student(0), {});
    expect(week).toMatchObject({
      week: "2026-W44",
      isThisWeek: true,
      previousWeek: "2026-W43",
      nextWeek: "2026-W45",
      nowMinute: 10 * 60 + 20,
      classCount: 2,
    });
    expect(week.days.map(({ day }) => day)).toEqual(["MO", "TU", "WE", "TH", "FR", "SA"]);
    expect(week.days.filter(({ isToday }) => isToday).map(({ date }) => date)).toEqual(["2026-10-28"]);
    expect(at(at(week.days, 0).classes, 0)).toMatchObject({ code: "MA.1", startMinute: 540, endMinute: 590 });
    expect(week.next).toMatchObject({
      title: at(school.sections, 1).title,
      day: "SA",
      startMinute: 600,
      isToday: false,
    });
    const before = await getWeek(student(0), { week: "2026-W43" });
    expect(before.days).toHaveLength(5); // the Saturday section does not meet in that week
    expect(at(at(before.days, 0).classes, 0)).toMatchObject({ startMinute: 540, isCancelled: false });
  });

  it("marks a cancelled class and does not call it the next one", async () => {
    const saturday = school.sections[1]?.classSessions.find(({ startsAt }) => startsAt > now);
    await db().classSession.update({ where: { id: saturday?.id ?? "" }, data: { state: "CANCELLED" } });
    const week = await getWeek(student(0), {});
    expect(week.days.at(-1)?.classes).toMatchObject([{ code: "PH.1", isCancelled: true }]);
    expect(week.next).toMatchObject({ day: "MO", week: "2026-W45" });
  });

  it("names what a class overlaps, and lets a cancelled class overlap nothing", async () => {
    const two = await buildSchool(db(), {
      now,
      students: 1,
      sections: [
        { code: "BI.1", meetings: [{ day: 1, startMinute: 540, endMinute: 590 }], enrolled: [0] },
        { code: "GE.1", meetings: [{ day: 1, startMinute: 570, endMinute: 620 }], enrolled: [0] },
      ],
    });
    const ctx = contextOf(at(two.students, 0), { now });
    const monday = async () => at((await getWeek(ctx, {})).days, 0).classes;
    expect(await monday()).toMatchObject([
      { code: "BI.1", overlaps: ["GE.1"], lanes: 2 },
      { code: "GE.1", overlaps: ["BI.1"], lanes: 2 },
    ]);
    await db().classSession.updateMany({ where: { sectionId: at(two.sections, 1).id }, data: { state: "CANCELLED" } });
    expect(await monday()).toMatchObject([
      { code: "BI.1", overlaps: [], lanes: 2 }, // still drawn side by side: both are in the week
      { code: "GE.1", overlaps: [], isCancelled: true },
    ]);
  });

  it("says what is on now, and lists what has no fixed time under the week", async () => {
    const two = await buildSchool(db(), {
      now,
      students: 1,
      sections: [
        { code: "MU.1", meetings: [{ day: 3, startMinute: 600, endMinute: 630 }], enrolled: [0] },
        { code: "TH.1", meetings: [], enrolled: [0] },
      ],
    });
    const ctx = contextOf(at(two.students, 0), { now });
    const week = await getWeek(ctx, {});
    expect(week.days.flatMap(({ classes }) => classes)).toMatchObject([{ code: "MU.1", isNow: true }]);
    expect(week.withoutTime).toMatchObject([{ code: "TH.1", sectionId: at(two.sections, 1).id }]);
    const later = await getWeek({ ...ctx, now: new Date("2026-10-28T09:30:00Z") }, {});
    expect(later.days.flatMap(({ classes }) => classes)).toMatchObject([{ code: "MU.1", isNow: false }]);
    const past = await getWeek({ ...ctx, now: new Date("2028-10-28T09:30:00Z") }, {});
    expect(past.withoutTime).toEqual([]);
  });

  it("gives a course the colour that the week beside the sections gives it", async () => {
    const { week: beside } = await browseSections(student(0), {
      limit: 50,
      availability: "all",
      fitsMySchedule: false,
    });
    const inWeek = (await getWeek(student(0), {})).days.flatMap(({ classes }) => classes);
    expect(inWeek.length).toBeGreaterThan(0);
    for (const { code, hue } of inWeek) expect(beside.own.find((own) => own.code === code)?.hue).toBe(hue);
  });

  it("shows nobody else's classes and none of a dropped section", async () => {
    const other = await getWeek(student(1), {});
    expect(other.days.flatMap(({ classes }) => classes.map(({ code }) => code))).toEqual(["CH.1"]);
    const { items } = await listEnrollments(student(1), { limit: 50 });
    await dropEnrollment(student(1), { id: at(items, 0).id });
    expect(await getWeek(student(1), {})).toMatchObject({ classCount: 0, isEnrolled: false, next: null });
  });

  it("takes an odd week as this one, and is for students only", async () => {
    expect(await getWeek(student(0), { week: "2026-W99" })).toMatchObject({ week: "2026-W44" });
    await expect(getWeek(contextOf(at(school.teachers, 0)), {})).rejects.toMatchObject({ code: "forbidden" });
  });
});
