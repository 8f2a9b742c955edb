import { beforeEach, describe, expect, test } from "vitest";
import { attendanceSheet } from "@/lib/attendance/sheet/queries";
import { dropEnrollment } from "@/lib/enrollment/registration/drop-enrollment";
import { enroll } from "@/lib/enrollment/registration/enroll";
import { followCalendar } from "@/lib/enrollment/import/follow-calendar";
import { listEnrollments } from "@/lib/timetable/list-enrollments";
import { db } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { type Row, ROSTER_NOW, rosterSchool } from "@/tests/support/roster-school";
import type { RosterRefused } from "../problems";

// The roster is imported on Wednesday 7 October; class a is on Mondays at 09:00 in Prague.
let school: ReturnType<typeof rosterSchool>;
const midnight = { before8: new Date("2026-10-07T22:00:00Z"), before12: new Date("2026-10-11T22:00:00Z") };

beforeEach(() => {
  school = rosterSchool(`days-${newId().slice(-8)}`);
});

const seats = () => ({
  always: school.seat("a", "s1"),
  left: school.seat("a", "s2", { endDate: "2026-10-05" }),
  comes: school.seat("a", "s3", { beginDate: "2026-10-12" }),
  goes: school.seat("a", "s4", { beginDate: "2026-09-28", endDate: "2026-10-07" }),
});
const importAll = (rows: Row[] = Object.values(seats())) =>
  school.run({ ...school.whole, enrollments: [school.seat("a", "t1"), ...rows] });
const again = (rows: Row[], now = ROSTER_NOW) => school.run({ enrollments: rows }, { now });

async function sheetOf(date: string, now = ROSTER_NOW): Promise<string[]> {
  const { classSessions } = await school.section("a");
  const session = classSessions.find((one) => one.date.toISOString().startsWith(date));
  const sheet = await attendanceSheet({ ...(await school.context("t1")), now }, session?.id ?? "");
  return sheet.roster.map(({ student }) => student.name.replace("Given ", ""));
}

async function published(): Promise<string[]> {
  const { id } = await school.section("a");
  const rows = await db().$queryRaw<{ type: string; student: string }[]>`
    SELECT o.type, u.sourced_id AS student FROM outbox_event o JOIN app_user u ON u.id = o.envelope->'data'->>'studentId'
    WHERE o.key = ${id} ORDER BY o.id`;
  return rows.map(({ type, student }) => `${student} ${type}`);
}

const taken = async () => (await school.section("a")).seatsTaken;

describe("rows with a first or a last day", () => {
  test("are on the lists between them, hold a seat so long, and are counted in the report", async () => {
    const report = await importAll();
    expect(report.warnings.map(({ code, values }) => [code, values?.["count"]])).toEqual([
      ["beginLater", 1],
      ["haveEnded", 1],
    ]);
    expect(await taken()).toBe(2);
    expect(await sheetOf("2026-09-21")).toEqual(["s1", "s2"]);
    expect(await sheetOf("2026-10-05")).toEqual(["s1", "s2", "s4"]);
    // Right on the day, though nothing has begun or ended anything yet.
    expect(await sheetOf("2026-10-12", new Date("2026-10-12T07:10:00Z"))).toEqual(["s1", "s3"]);
    for (const [student, count] of [
      ["s2", 0],
      ["s3", 0],
      ["s4", 1],
    ] as const)
      expect((await listEnrollments(await school.context(student), { limit: 50 })).items).toHaveLength(count);
    expect(await published()).toEqual([]);
    expect((await importAll()).tallies.enrollments).toEqual({ created: 0, changed: 0, unchanged: 4, ended: 0 });
  });

  test("begin and end on their days, once, whoever looks and however late", async () => {
    await importAll();
    expect(await followCalendar(db(), new Date(midnight.before8.getTime() - 1))).toEqual({ begun: 0, ended: 0 });
    await Promise.all([1, 2, 3].map(() => followCalendar(db(), midnight.before8)));
    expect([await taken(), await published()]).toEqual([1, ["s4 student_dropped"]]);
    await Promise.all([1, 2, 3].map(() => followCalendar(db(), midnight.before12)));
    expect([await taken(), await published()]).toEqual([2, ["s4 student_dropped", "s3 student_enrolled"]]);
    expect(await followCalendar(db(), midnight.before12)).toEqual({ begun: 0, ended: 0 });
    expect(await sheetOf("2026-10-05")).toEqual(["s1", "s2", "s4"]);
    expect((await again(Object.values(seats()), midnight.before12)).tallies.enrollments.unchanged).toBe(4);
    expect(await taken()).toBe(2);
  });

  test("take a seat of a full section, because the office decides, and give nobody two", async () => {
    const { comes } = seats();
    await importAll([comes, school.seat("a", "s1"), school.seat("a", "s2")]);
    const { id: sectionId } = await school.section("a");
    const enrol = async (student: string) =>
      enroll({ ...(await school.context(student)), now: ROSTER_NOW }, { sectionId, joinWaitlist: false });
    await enrol("s4");
    await expect(enrol("s3")).rejects.toMatchObject({ code: "section_full" });
    await followCalendar(db(), midnight.before12);
    expect(await taken()).toBe(4);
    await followCalendar(db(), midnight.before12);
    expect(await taken()).toBe(4);
  });

  test("leave a student who is there by their own wish where they are", async () => {
    await importAll([seats().comes]);
    const { id: sectionId } = await school.section("a");
    await enroll({ ...(await school.context("s3")), now: ROSTER_NOW }, { sectionId, joinWaitlist: false });
    expect(await followCalendar(db(), midnight.before12)).toEqual({ begun: 0, ended: 0 });
    expect([await taken(), await published()]).toEqual([1, ["s3 student_enrolled"]]);
    expect(await sheetOf("2026-10-12", midnight.before12)).toEqual(["s3"]);
  });

  test("follow other days of a later import", async () => {
    await importAll();
    const { comes, goes, left } = seats();
    const moved = [
      { ...comes, beginDate: "2026-10-07" },
      { ...goes, endDate: "2026-10-12" },
      { ...left, endDate: "2026-10-12" },
    ];
    expect((await again(moved)).tallies.enrollments).toMatchObject({ created: 0, changed: 3 });
    expect(await taken()).toBe(4);
    expect(await sheetOf("2026-10-12")).toEqual(["s1", "s2", "s3", "s4"]);
    expect(await sheetOf("2026-10-19")).toEqual(["s1", "s3"]);
    expect((await again(moved)).tallies.enrollments).toMatchObject({ changed: 0, unchanged: 3 });
    await again([{ ...comes, beginDate: "2026-10-19" }]);
    expect([await taken(), await sheetOf("2026-10-12"), await sheetOf("2026-10-19")]).toEqual([
      3,
      ["s1", "s2", "s4"],
      ["s1", "s3"],
    ]);
    expect(await published()).toEqual([]);
  });

  test("do not bring back who has dropped since, and end with a deleted row", async () => {
    await importAll();
    const ctx = { ...(await school.context("s4")), now: ROSTER_NOW };
    const { items } = await listEnrollments(ctx, { limit: 1 });
    await dropEnrollment(ctx, { id: items[0]?.id ?? "" });
    const { comes, goes } = seats();
    const report = await again([
      { ...goes, endDate: "2026-10-30" },
      { ...comes, status: "tobedeleted" },
    ]);
    expect(report.warnings.map(({ code }) => code)).toContain("droppedSince");
    await followCalendar(db(), midnight.before12);
    expect([await taken(), await sheetOf("2026-10-12", midnight.before12)]).toEqual([1, ["s1"]]);
  });

  test("of a teacher are read as of the day of the import", async () => {
    const teacher = (more: Row) => school.run({ ...school.whole, enrollments: [school.seat("a", "t1", more)] });
    const teachers = async () => (await school.section("a")).teachers.length;
    expect((await teacher({ beginDate: "2026-10-08" })).warnings.map(({ code }) => code)).toEqual(["teachingAhead"]);
    expect(await teachers()).toBe(0);
    await teacher({ beginDate: "2026-10-07", endDate: "2026-10-07" });
    expect(await teachers()).toBe(1);
    expect((await teacher({ endDate: "2026-10-06" })).warnings.map(({ code }) => code)).toEqual(["teachingOver"]);
    expect(await teachers()).toBe(0);
  });

  test("that are no days, or end before they begin, are refused", async () => {
    for (const [days, code] of [
      [{ beginDate: "12.10.2026" }, "date"],
      [{ beginDate: "2026-10-12", endDate: "2026-10-11" }, "datesReversed"],
    ] as const)
      await expect(importAll([school.seat("a", "s1", days)])).rejects.toSatisfy(
        (error: RosterRefused) => error.problems.errors[0]?.code === code,
      );
  });
});
