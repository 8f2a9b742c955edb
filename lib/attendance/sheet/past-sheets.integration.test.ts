// Sheets of the past do not change when somebody joins, leaves or is moved later, whoever does it.
import { beforeEach, describe, expect, test } from "vitest";
import { dropEnrollment } from "@/lib/enrollment/registration/drop-enrollment";
import { enroll } from "@/lib/enrollment/registration/enroll";
import { db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { newId } from "@/lib/shared/ids";
import { codeOf, published } from "@/tests/support/marking-scene";
import { type Row, rosterSchool } from "@/tests/support/roster-school";
import { familyDay } from "../history/family-queries";
import { markBulk } from "./mark-bulk";
import { attendanceSheet, classSessions } from "./queries";
import { type AttendanceStatus, markBulkSchema } from "../schema";

const FIRST_IMPORT = new Date("2026-10-02T12:00:00Z");
/** The class of Monday 5 October runs from 09:00 to 10:00 in Prague. */
const MONDAY = {
  before: october("05T06:30"),
  start: october("05T07:00"),
  during: october("05T07:20"),
  end: october("05T08:00"),
};
const WEDNESDAY = october("07T10:00");

function october(dayAndTime: string): Date {
  return new Date(`2026-10-${dayAndTime}:00Z`);
}

let school: ReturnType<typeof rosterSchool>;
let teacher: Context;
let monday: { id: string };

beforeEach(async () => {
  school = rosterSchool(`past-${newId().slice(-8)}`);
  await school.run(school.whole, { now: FIRST_IMPORT });
  teacher = await school.context("t1");
  monday = await classOf("a", MONDAY.start);
});

async function classOf(section: string, startsAt: Date) {
  const { classSessions: all } = await school.section(section);
  const found = all.find((session) => session.startsAt.getTime() === startsAt.getTime());
  if (!found) throw new Error(`no class of ${section} at ${startsAt.toISOString()}`);
  return found;
}

async function idOf(sourcedId: string): Promise<string> {
  return (await school.person(sourcedId)).id;
}

const acting = async (sourcedId: string, now: Date) => ({ ...(await school.context(sourcedId)), now });

async function enrolIn(section: string, sourcedId: string, now: Date) {
  const { id: sectionId } = await school.section(section);
  return enroll(await acting(sourcedId, now), { sectionId, joinWaitlist: false });
}

async function mark(now: Date, marks: Record<string, AttendanceStatus | null>, finalize = true) {
  const records = await Promise.all(
    Object.entries(marks).map(async ([sourcedId, status]) => ({ studentId: await idOf(sourcedId), status })),
  );
  return markBulk({ ...teacher, now }, markBulkSchema.parse({ classSessionId: monday.id, records, finalize }));
}

/** The names on Monday's sheet and what the day's list says of it. */
async function sheetAt(now: Date) {
  const sheet = await attendanceSheet({ ...teacher, now }, monday.id);
  const { items } = await classSessions({ ...teacher, now }, { limit: 50, date: "2026-10-05" });
  const listed = items.find(({ id }) => id === monday.id);
  expect(listed).toMatchObject({ enrolled: sheet.classSession.enrolled, marked: sheet.classSession.marked });
  return {
    names: sheet.roster.map(({ student }) => student.name.replace("Given ", "")),
    hints: Object.fromEntries(
      sheet.roster.flatMap(({ student, leftOn, joinedAt }) =>
        leftOn || joinedAt ? [[student.name.replace("Given ", ""), leftOn ?? joinedAt]] : [],
      ),
    ),
    counts: `${sheet.classSession.marked}/${sheet.classSession.enrolled}`,
    finishedWith: sheet.finishedWith,
  };
}

const later: [string, (now: Date) => Promise<unknown>][] = [
  ["enrols", (now) => enrolIn("a", "s3", now)],
  ["is added by the office", (now) => school.run({ enrollments: [school.seat("a", "s3")] }, { now })],
  [
    "is moved by the office",
    async (now) => {
      const row: Row = school.seat("b", "s3", { sourcedId: "moves" });
      await school.run({ enrollments: [row] }, { now: FIRST_IMPORT });
      await school.run({ enrollments: [{ ...row, classSourcedId: "a" }] }, { now });
    },
  ],
];

describe("somebody who joins on Wednesday", () => {
  test.each(later)("a student %s: Monday's sheets stay, finished or not", async (_way, join) => {
    await mark(MONDAY.during, { s1: "PRESENT" }, false);
    expect(await sheetAt(MONDAY.end)).toMatchObject({ names: ["s1", "s2"], counts: "1/2", finishedWith: null });
    await join(WEDNESDAY);
    expect(await sheetAt(WEDNESDAY)).toMatchObject({ names: ["s1", "s2"], counts: "1/2", hints: {} });
    expect(await codeOf(mark(WEDNESDAY, { s3: "ABSENT" }))).toBe("student_not_enrolled");
    expect((await mark(WEDNESDAY, { s2: "PRESENT" })).counts).toMatchObject({ PRESENT: 2, UNMARKED: 0 });
    expect(await sheetAt(WEDNESDAY)).toMatchObject({ names: ["s1", "s2"], counts: "2/2", finishedWith: 2 });
    expect(await codeOf(mark(WEDNESDAY, { s3: "ABSENT" }))).toBe("student_not_enrolled");
    expect(await published(monday.id)).toEqual([]);
    // The next one has them.
    monday = await classOf("a", october("12T07:00"));
    expect((await attendanceSheet({ ...teacher, now: october("12T07:10") }, monday.id)).roster).toHaveLength(3);
  });

  test("while the class runs is on its sheet, and after the finish with a hint", async () => {
    await mark(MONDAY.during, { s1: "PRESENT", s2: "PRESENT" });
    const joined = new Date(MONDAY.during.getTime() + 5 * 60_000);
    await enrolIn("a", "s3", joined);
    expect(await sheetAt(MONDAY.end)).toEqual({
      names: ["s1", "s2", "s3"],
      hints: { s3: "2026-10-05T09:25:00+02:00" },
      counts: "2/3",
      finishedWith: 2,
    });
    expect((await mark(MONDAY.end, { s3: "LATE" })).counts).toMatchObject({ LATE: 1, UNMARKED: 0 });
  });

  test("has not been absent on Monday for their guardian either", async () => {
    await db().enrollment.deleteMany({ where: { student: { sourcedId: "s2", schoolId: teacher.actor.schoolId } } });
    await enrolIn("a", "s2", WEDNESDAY);
    const guardian = await school.context("g2");
    const day = async (now: Date) =>
      Object.fromEntries(
        (await familyDay({ ...guardian, now })).children.map(({ name, classes }) => [name, classes.length]),
      );
    expect(await day(MONDAY.end)).toEqual({ "Given s1": 1, "Given s2": 0 });
    expect(await day(october("12T08:00"))).toEqual({ "Given s1": 1, "Given s2": 1 });
  });
});

describe("somebody who leaves", () => {
  const own = async (sourcedId: string) =>
    db().enrollment.findFirstOrThrow({ where: { studentId: await idOf(sourcedId), status: "ENROLLED" } });

  test("on Wednesday stays on Monday's sheet, marked or not, with a hint", async () => {
    await mark(MONDAY.during, { s1: "PRESENT" });
    for (const sourcedId of ["s1", "s2"])
      await dropEnrollment(await acting(sourcedId, WEDNESDAY), { id: (await own(sourcedId)).id });
    expect(await sheetAt(MONDAY.end)).toMatchObject({ hints: {} });
    expect(await sheetAt(WEDNESDAY)).toEqual({
      names: ["s1", "s2"],
      hints: { s1: "2026-10-07", s2: "2026-10-07" },
      counts: "1/2",
      finishedWith: 2,
    });
    expect((await mark(WEDNESDAY, { s2: "ABSENT" })).counts).toMatchObject({ PRESENT: 1, ABSENT: 1 });
  });

  test("before the class is not on its sheet and cannot be marked in it", async () => {
    await dropEnrollment(await acting("s2", MONDAY.before), { id: (await own("s2")).id });
    expect(await sheetAt(MONDAY.end)).toMatchObject({ names: ["s1"], counts: "0/1" });
    expect(await codeOf(mark(MONDAY.during, { s1: "PRESENT", s2: "ABSENT" }))).toBe("student_not_enrolled");
    expect((await mark(MONDAY.during, { s1: "PRESENT" })).counts).toMatchObject({ PRESENT: 1, UNMARKED: 0 });
    expect(await published(monday.id)).toEqual([]);
  });

  test("and was on the sheet by a mark alone is off it when the mark is cleared, once or again", async () => {
    await mark(MONDAY.during, { s2: "LATE" }, false);
    await db().enrollment.updateMany({
      where: { id: (await own("s2")).id },
      data: { countsUntil: MONDAY.before },
    });
    expect((await sheetAt(MONDAY.end)).names).toEqual(["s1", "s2"]);
    await mark(MONDAY.during, { s2: null }, false);
    expect((await sheetAt(MONDAY.end)).names).toEqual(["s1"]);
    expect(await codeOf(mark(MONDAY.during, { s2: null }, false))).toBe("done");
    expect(await codeOf(mark(MONDAY.during, { s2: "LATE" }, false))).toBe("student_not_enrolled");
  });
});

test("an import in the middle of saves: each sheet has who was enrolled while it ran, whoever came first", async () => {
  const saves = Array.from({ length: 6 }, (_, n) => mark(MONDAY.during, { s1: n % 2 ? "LATE" : "ABSENT" }, false));
  const office = school.run(
    { enrollments: [school.seat("a", "s2", { status: "tobedeleted" }), school.seat("a", "s3")] },
    { now: WEDNESDAY },
  );
  const students = [enrolIn("a", "s4", WEDNESDAY)];
  await Promise.all([...saves, office, ...students]);
  expect((await mark(WEDNESDAY, { s2: "ABSENT" })).counts).toMatchObject({ UNMARKED: 0 });
  expect(await sheetAt(WEDNESDAY)).toMatchObject({
    names: ["s1", "s2"],
    counts: "2/2",
    hints: { s2: "2026-10-07" },
    finishedWith: 2,
  });
  expect((await school.section("a")).seatsTaken).toBe(3);
});
