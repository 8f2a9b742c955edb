import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { classMarks } from "@/lib/attendance/class-changes/was-held";
import { db } from "@/lib/platform/db/client";
import { DEMO_SECTION } from "./demo-now";
import { importRoster } from "@/lib/roster/run/import-roster";
import { memorySource } from "@/lib/roster/sources/sources";
import { nodeArguments } from "@/scripts/lib/runtime.mjs";
import { generatedFiles } from "@/tests/load/school/generate-school";
import { freshDatabase } from "@/tests/support/database";
import accounts from "./accounts.json";
import { seedDemo } from "./seed-demo";

const HOUR_MS = 3_600_000;
const NOW = new Date("2026-11-22T03:17:00Z");

/** Runs the seed as `npm start` does; the answer is what it printed. */
async function seedProcess(databaseUrl: string): Promise<string> {
  const child = spawn(process.execPath, nodeArguments("prisma/seed/main.ts"), {
    env: { ...process.env, DATABASE_URL: databaseUrl },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await once(child, "close");
  return said;
}

/** The demo teacher's classes that are on at a moment. */
function classesOnAt(moment: Date) {
  return db().classSession.findMany({
    where: { startsAt: { lte: moment }, endsAt: { gt: moment }, section: { sourcedId: DEMO_SECTION } },
    select: { state: true, section: { select: { teachers: { select: { user: { select: { email: true } } } } } } },
  });
}

/** Every absence of the last month is in the inboxes of those it concerns, as read, and nothing of it goes out. */
async function expectQuietInboxes(now: Date): Promise<void> {
  expect(await db().outboxEvent.count()).toBe(0);
  expect(await db().notification.count({ where: { readAt: null } })).toBe(0);
  expect(await db().notificationDelivery.count({ where: { state: { not: "SUPPRESSED" } } })).toBe(0);
  const [row] = await db().$queryRaw<{ missing: number; absences: number }[]>`
    SELECT count(*)::int AS absences, count(*) FILTER (WHERE NOT EXISTS (
      SELECT 1 FROM notification n WHERE n.user_id = r.student_id AND n.data->>'attendanceRecordId' = r.id))::int AS missing
    FROM attendance_record r WHERE r.status = 'ABSENT' AND r.marked_at > ${new Date(now.getTime() - 28 * 24 * HOUR_MS)}`;
  expect(row?.missing).toBe(0);
  expect(row?.absences).toBeGreaterThan(10);
}

describe("the demo school", () => {
  it("is loaded once, into an empty database", async () => {
    expect(await seedDemo(db(), NOW)).toBe("loaded");
    const counts = () => Promise.all([db().user.count(), db().attendanceRecord.count(), db().enrollment.count()]);
    const before = await counts();
    expect(await seedDemo(db(), NOW)).toBe("present");
    expect(await counts()).toEqual(before);
  });

  it("has an account of each role with its password, and nobody else's address", async () => {
    const users = await db().user.findMany({ select: { email: true, roles: true, passwordHash: true } });
    for (const { role, email } of accounts)
      expect(users.find((user) => user.email === email)).toMatchObject({ roles: [role.toUpperCase()] });
    for (const { email, passwordHash } of users) {
      expect(email).toMatch(/@demo\.campusos\.example$/);
      expect(passwordHash).toMatch(/^\$argon2id\$/);
    }
  });

  it("has a term that holds today, full and open sections, and room for the demo student", async () => {
    const sections = await db().section.findMany({ select: { capacity: true, seatsTaken: true } });
    const full = sections.filter(({ capacity, seatsTaken }) => capacity === seatsTaken);
    expect(sections.length).toBeGreaterThanOrEqual(24);
    expect(full.length).toBeGreaterThanOrEqual(4);
    expect(full.length).toBeLessThan(sections.length / 2);
    const term = await db().term.findFirstOrThrow();
    expect(term.startsOn < NOW && NOW < term.endsOn).toBe(true);
    expect(await db().enrollment.count({ where: { student: { email: accounts[0]?.email ?? "" } } })).toBe(3);
  });

  it("gives the teacher a class right now, in which the guardian's child is", async () => {
    for (const hours of [0, 1, 2, 7, 13, 31, 80]) {
      const moment = new Date(NOW.getTime() + hours * HOUR_MS);
      await seedDemo(db(), moment);
      const on = await classesOnAt(moment);
      expect(on).toHaveLength(1);
      expect(on[0]?.state).toBe("SCHEDULED");
      expect(on[0]?.section.teachers[0]?.user.email).toBe(accounts.find(({ role }) => role === "teacher")?.email);
    }
    const child = await db().enrollment.count({
      where: {
        section: { sourcedId: DEMO_SECTION },
        status: "ENROLLED",
        student: { guardians: { some: { guardian: { email: "guardian@demo.campusos.example" } } } },
      },
    });
    expect(child).toBeGreaterThanOrEqual(1);
    // Classes that nobody marked do not pile up.
    expect(await db().classSession.count({ where: { meetingId: null } })).toBeLessThanOrEqual(3);
  });

  it("has weeks of finalised attendance; nobody is alerted to it, and the inboxes have it as read", async () => {
    const sheets = await db().attendanceSheet.count({
      where: { finalizedAt: { not: null }, classSession: { endsAt: { lt: NOW } } },
    });
    const past = await db().classSession.count({ where: { endsAt: { lt: NOW }, meetingId: { not: null } } });
    expect(sheets).toBe(past);
    const records = await db().attendanceRecord.groupBy({ by: ["status"], _count: true, orderBy: { status: "asc" } });
    expect(records.map(({ status }) => status)).toEqual(["PRESENT", "ABSENT", "LATE", "EXCUSED"]);
    expect(records[0]?._count ?? 0).toBeGreaterThan(1_000);
    const mine = await db().attendanceRecord.groupBy({
      by: ["status"],
      where: { student: { email: accounts[0]?.email ?? "" } },
      orderBy: { status: "asc" },
    });
    expect(mine).toHaveLength(4);
    expect(await db().attendanceChange.count()).toBe(await db().attendanceRecord.count());
    await expectQuietInboxes(NOW);
    const guardian = await db().notification.findMany({
      where: { user: { email: "guardian@demo.campusos.example" } },
      select: { kind: true, readAt: true, inApp: true },
    });
    expect(guardian.length).toBeGreaterThan(0);
    for (const each of guardian) expect(each).toMatchObject({ kind: "attendance_marked_absent", inApp: true });
  });

  it("moves its term on when it was left alone for months", async () => {
    const later = new Date("2027-03-20T10:00:00Z");
    await seedDemo(db(), later);
    const term = await db().term.findFirstOrThrow();
    expect(term.endsOn > later).toBe(true);
    expect(await classesOnAt(later)).toHaveLength(1);
    expect(await db().classSession.count({ where: { startsAt: { gt: later } } })).toBeGreaterThan(100);
  });

  it("has no unmarked classes behind it after months, and leaves those of the last day to whoever tries it", async () => {
    const later = new Date("2027-03-22T18:00:00Z"); // the evening of a Monday
    await seedDemo(db(), later);
    const unmarked = await db().$queryRaw<{ ends_at: Date }[]>`
      SELECT ends_at FROM class_session c WHERE ends_at < ${later} AND meeting_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM attendance_sheet s WHERE s.class_session_id = c.id)`;
    const dayBefore = later.getTime() - 24 * HOUR_MS;
    expect(unmarked.length).toBeGreaterThan(0);
    expect(unmarked.filter((row) => row.ends_at.getTime() < dayBefore)).toEqual([]);
    await expectQuietInboxes(later);
  });

  it("starts a new term when it was left alone for years", async () => {
    const later = new Date("2029-02-05T10:00:00Z"); // 800 days after the first start
    expect(await seedDemo(db(), later)).toBe("present");
    const term = await db().term.findFirstOrThrow();
    expect(term.startsOn < later && later < term.endsOn).toBe(true);
    expect(term.startsOn > new Date("2028-01-01")).toBe(true);
    expect(await classesOnAt(later)).toHaveLength(1);
  });

  it("is not loaded beside another school", async () => {
    const other = await freshDatabase();
    try {
      const files = generatedFiles({ students: 3, teachers: 1, sections: 3, courses: 2 });
      await importRoster(memorySource(files), { now: NOW, requestId: "test", marks: classMarks }, other.prisma);
      expect(await seedDemo(other.prisma, NOW)).toBe("not empty");
      expect(await other.prisma.school.count()).toBe(1);
    } finally {
      await other.drop();
    }
  });

  it("is loaded once by two starts at the same moment", async () => {
    const other = await freshDatabase();
    try {
      const outcomes = await Promise.all([seedProcess(other.url), seedProcess(other.url)]);
      expect(outcomes.map((said) => said.replace(/ \(.*/s, "")).sort()).toEqual([
        "demo school: loaded",
        "demo school: present",
      ]);
    } finally {
      await other.drop();
    }
  });
});
