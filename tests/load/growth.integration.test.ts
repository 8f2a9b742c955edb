import { beforeAll, describe, expect, it } from "vitest";
import { familyVersion } from "@/lib/attendance/history/family-version";
import { attendanceMonth, familyDay } from "@/lib/attendance/history/family-queries";
import { myAttendance } from "@/lib/attendance/history/history-queries";
import { attendanceSheet, teacherDay } from "@/lib/attendance/sheet/queries";
import { standingsOf } from "@/lib/enrollment/registration/own-enrollments";
import { getInbox } from "@/lib/notification/inbox/inbox";
import { listNotifications } from "@/lib/notification/queries";
import { type Db, db } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/runtime/env";
import type { Context } from "@/lib/shared/context";
import { getSection } from "@/lib/timetable/get-section";
import { getWeek } from "@/lib/timetable/get-week";
import { browseSections } from "@/lib/timetable/list-sections";
import { seedDemo } from "@/prisma/seed/seed-demo";
import { contextOf } from "@/tests/support/school";
import { accountOf, demoScene } from "./driver/demo-pages";
import { growSchool } from "./school/grown-school";

/**
 * The tables that grow with the years, and the most rows of each that a read may look at: what a page shows, and of classes
 * and enrollments what one person has had in all terms. Each has three times as many and more.
 */
const MOST_ROWS: Readonly<Record<string, number>> = {
  attendance_record: 400,
  attendance_sheet: 400,
  class_session: 2_000,
  enrollment: 400,
  notification: 200,
};

let scene: Awaited<ReturnType<typeof demoScene>>;
const people = new Map<string, Context>();
const contextOfRole = (role: string) => people.get(role) ?? expect.fail(`there is no ${role}`);

/** Rows of each table of {@link MOST_ROWS} that the statements of `read` looked at, by any way of looking. */
async function rowsReadBy(read: (client: Db) => Promise<unknown>): Promise<{ table: string; rows: number }[]> {
  return db().$transaction(async (tx) => {
    // What this connection did just before may be counted still.
    const counted = () => tx.$queryRaw<{ table: string; rows: number }[]>`
      SELECT relname::text AS table, (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int AS rows
      FROM pg_stat_xact_user_tables WHERE relname = ANY(${Object.keys(MOST_ROWS)}::text[]) ORDER BY relname`;
    // These tables are small enough to be read whole; what is asked here is whether a larger one had to be.
    for (const way of ["seqscan", "hashjoin", "mergejoin"]) await tx.$executeRawUnsafe(`SET LOCAL enable_${way} = off`);
    const before = await counted();
    await read(tx as Db);
    const after = await counted();
    return after.map(({ table, rows }, n) => ({ table, rows: rows - (before[n]?.rows ?? 0) }));
  });
}

describe("in a school of years", () => {
  beforeAll(async () => {
    const now = new Date();
    await seedDemo(db(), now);
    await growSchool(
      env().DATABASE_URL ?? "",
      { students: 90, teachers: 12, sections: 28, terms: 8, markedEvery: 4 },
      { now },
    );
    scene = await demoScene(db());
    for (const role of ["student", "teacher", "guardian"] as const) {
      const person = await db().user.findUniqueOrThrow({ where: { email: accountOf(role).email } });
      people.set(role, contextOf(person));
    }
  }, 120_000);

  it("is much of everything that the reads below go through", async () => {
    for (const [table, most] of Object.entries(MOST_ROWS)) {
      const [row] = await db().$queryRawUnsafe<{ count: number }[]>(`SELECT count(*)::int AS count FROM ${table}`);
      expect(row?.count, table).toBeGreaterThan(3 * most);
    }
  });

  it.each<[string, (client: Db) => Promise<unknown>]>([
    ["guardian's home", (client) => familyDay(contextOfRole("guardian"), client)],
    ["what an open guardian's home asks", (client) => familyVersion(contextOfRole("guardian"), client)],
    ["a child's month", (client) => attendanceMonth(contextOfRole("guardian"), scene.childId, undefined, client)],
    ["a page of a student's marks", (client) => myAttendance(contextOfRole("student"), { limit: 20 }, client)],
    ["a teacher's day", (client) => teacherDay(contextOfRole("teacher"), client)],
    ["a class", (client) => attendanceSheet(contextOfRole("teacher"), scene.classId, client)],
    [
      "the list of sections",
      (client) =>
        browseSections(contextOfRole("student"), { availability: "open", limit: 20, fitsMySchedule: true }, client),
    ],
    ["a section", (client) => getSection(contextOfRole("student"), { id: scene.sectionId }, client)],
    ["a student's week", (client) => getWeek(contextOfRole("student"), {}, client)],
    [
      "what decides about enrolling",
      (client) => {
        const { userId, schoolId } = contextOfRole("student").actor;
        return standingsOf(client, [{ sectionId: scene.sectionId, studentId: userId, schoolId }]);
      },
    ],
    [
      "an inbox",
      (client) =>
        getInbox(contextOfRole("guardian"), { locale: "en", unread: false, studentId: null, cursor: null }, client),
    ],
    [
      "a page of notifications",
      (client) => listNotifications(contextOfRole("guardian"), { locale: "en", limit: 20 }, client),
    ],
  ])("%s reads no more of what is past than it shows", async (_name, read) => {
    const looked = await rowsReadBy(read);
    expect(looked.filter(({ table, rows }) => rows > (MOST_ROWS[table] ?? 0))).toEqual([]);
  });
});
