// Two schools: ours, in which everybody has something of their own, and another one that must never see or touch it.
import { createECDH, randomBytes } from "node:crypto";
import { beforeAll } from "vitest";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { setAlertGrace } from "@/lib/identity/people/school-settings";
import { db } from "@/lib/platform/db/client";
import type { Context, Role } from "@/lib/shared/context";
import { newId } from "@/lib/shared/ids";
import { dateFromText, localDateOf } from "@/lib/shared/time";
import { testDatabase } from "@/tests/support/database";
import { addClassSession, at, buildSchool, contextOf, type TestSchool } from "@/tests/support/school";

type Person = { id: string; schoolId: string; roles: readonly Role[] };
export type Scene = Awaited<ReturnType<typeof build>>;

/** The hook that builds both schools. */
export function accessScene(): () => Scene {
  let built: Scene | undefined;
  beforeAll(async () => void (built = await build()));
  return () => at(built ? [built] : [], 0);
}

async function build() {
  // Student 0 has guardian 0 and is in sections 0 and 2; section 1 is open to everybody. The other student has another guardian.
  const ours = await buildSchool(db(), {
    students: 2,
    teachers: 2,
    guardiansOf: [0, 1],
    sections: [
      { enrolled: [0], teachers: [0] },
      { teachers: [0], meetings: [{ day: 3, startMinute: 600, endMinute: 650 }] },
      { enrolled: [0], teachers: [0], meetings: [{ day: 4, startMinute: 600, endMinute: 650 }] },
    ],
  });
  const theirs = await buildSchool(db(), { students: 1, teachers: 1, guardiansOf: [0], sections: [] });
  const schoolId = ours.school.id;
  const [student, guardian, section] = [at(ours.students, 0), at(ours.guardians, 0), at(ours.sections, 0)];
  const colleague = { ...ours.admin, id: newId(), email: `${newId()}@test.campusos.example`, sourcedId: "admin-1" };
  await db().user.create({ data: colleague });
  await setAlertGrace(contextOf(ours.admin), { alertGraceSeconds: 123 });
  const today = localDateOf(new Date(), ours.school.timeZone);
  const firstClass = await addClassSession(db(), section);
  await markedAbsent(schoolId, firstClass.id, student.id, at(ours.teachers, 0).id);
  const { id: dropped } = await db().enrollment.findFirstOrThrow({ where: { sectionId: at(ours.sections, 2).id } });
  const owned = { notification: await addNotification(student), device: await addDevice(student) };
  const session = await addSession(student);
  const officeSession = await addSession(ours.admin);
  const sectionIds = ours.sections.map(({ id }) => id);
  const classIds = [firstClass.id, ...section.classSessions.map(({ id }) => id)];

  return {
    today,
    student,
    section,
    /** A section that nobody of ours is in. */
    openSection: at(ours.sections, 1),
    enrollmentId: dropped,
    ...owned,
    /** Ids that only the people they are about may see. */
    secrets: [student.id, guardian.id, dropped, session, ...Object.values(owned)],
    /** What a colleague or another student has no business with either. */
    own: [...sectionIds, ...classIds],
    /** Ids that nobody outside the school may see. */
    ofSchool: [
      schoolId,
      colleague.id,
      ...[ours.admin, ...ours.students, ...ours.teachers, ...ours.guardians].map(idOf),
    ],
    /** Who has what the functions are asked for. */
    owner: (role: Role) => actor(first(ours, role), role === "ADMIN" ? officeSession : session),
    /** Somebody else of the school with the role. */
    stranger: (role: Role) => actor(role === "ADMIN" ? colleague : second(ours, role)),
    /** Somebody with the role in another school. */
    foreigner: (role: Role) => actor(first(theirs, role)),
    /** A class of section 0 that runs now. */
    newClass: async () => (await addClassSession(db(), section)).id,
    async newDayOff() {
      const [id, date] = [newId(), dateFromText(today) ?? new Date()];
      await db().schoolDayOff.create({
        data: { id, schoolId, startsOn: date, endsOn: date, title: id, source: "OFFICE", createdAt: date },
      });
      return id;
    },
    /** A roster's preview that can become an import. */
    async newPreview() {
      const [id, none] = [newId(), { created: 0, changed: 0, unchanged: 0, ended: 0 }];
      const data = { id, status: "DONE", dryRun: true, publicUrl: "http://localhost", finishedAt: new Date() } as const;
      await db().rosterImport.create({
        data: { ...data, targetSchoolId: schoolId, askedById: colleague.id, report: { tallies: { users: none } } },
      });
      await db().rosterImportChunk.create({
        data: { importId: id, file: "orgs.csv", part: 0, bytes: Buffer.from("x") },
      });
      return id;
    },
    newNotification: () => addNotification(student),
    newDevice: () => addDevice(student),
    newSession: () => addSession(student),
    async newPasskey() {
      const id = newId();
      await db().passkey.create({ data: { id, userId: student.id, publicKey: randomBytes(77), counter: 0 } });
      return id;
    },
    /** Somebody of the school whose account can be ended or opened without missing them. */
    async newPerson({ active = true } = {}) {
      const id = newId();
      await db().user.create({
        data: { id, schoolId, email: `${id}@test.campusos.example`, givenName: "New", familyName: "Person", active },
      });
      return id;
    },
    /** The student has a password that an import gave. */
    giveInitialPassword: async () => {
      const passwordHash = await hashPassword("as the import gave it");
      await db().user.update({ where: { id: student.id }, data: { passwordHash, passwordInitial: true } });
    },
  };
}

function actor(person: Person, sessionId = newId()): Context {
  const ctx = contextOf(person);
  return { ...ctx, actor: { ...ctx.actor, sessionId } };
}

function first(school: TestSchool, role: Role): Person {
  if (role === "ADMIN") return school.admin;
  return at({ STUDENT: school.students, TEACHER: school.teachers, GUARDIAN: school.guardians }[role], 0);
}

function second(school: TestSchool, role: Exclude<Role, "ADMIN">): Person {
  return at({ STUDENT: school.students, TEACHER: school.teachers, GUARDIAN: school.guardians }[role], 1);
}

function idOf({ id }: { id: string }): string {
  return id;
}

async function markedAbsent(schoolId: string, classSessionId: string, studentId: string, markedById: string) {
  const markedAt = new Date();
  await db().attendanceSheet.create({ data: { classSessionId, schoolId, version: 1, finalizedAt: markedAt } });
  await db().attendanceRecord.create({
    data: { id: newId(), schoolId, classSessionId, studentId, status: "ABSENT", markedAt, markedById },
  });
}

async function addNotification({ id: userId, schoolId }: Person): Promise<string> {
  const [id, deliveryId] = [newId(), newId()];
  const facts = { schoolId, userId, category: "ABSENCE", kind: "attendance_marked_absent", studentId: userId } as const;
  const data = { sectionTitle: "Physics", startsAt: new Date().toISOString(), date: "2026-11-18" };
  await db().notification.create({ data: { id, ...facts, eventId: id, topic: `topic-${id}`, revision: 1, data } });
  await db().notificationDelivery.create({
    data: { id: deliveryId, notificationId: id, channel: "webPush", state: "DEAD", expiresAt: new Date() },
  });
  return id;
}

async function addSession({ id: userId, schoolId }: Person): Promise<string> {
  const [id, expiresAt] = [newId(), new Date(Date.now() + 86_400_000)];
  const refreshTokens = { create: { id: newId(), tokenHash: randomBytes(32), expiresAt } };
  await db().authSession.create({ data: { id, userId, schoolId, expiresAt, refreshTokens } });
  return id;
}

/** A subscription as a browser of today has it; nothing is sent to it. */
export function newSubscription() {
  const p256dh = createECDH("prime256v1").generateKeys("base64url");
  const keys = { p256dh, auth: randomBytes(16).toString("base64url") };
  return { endpoint: `https://updates.push.services.mozilla.com/wpush/v2/${newId()}`, keys, userAgent: null };
}

async function addDevice({ id: userId, schoolId }: Person): Promise<string> {
  const { endpoint, keys } = newSubscription();
  const id = newId();
  await db().pushSubscription.create({ data: { id, schoolId, userId, endpoint, ...keys, vapidPublicKey: "none" } });
  return id;
}

/** Every row of the database as text, with the name of its table before it. */
export async function allRows(): Promise<string[]> {
  const { pool } = await testDatabase();
  const { rows: tables } = await pool.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname",
  );
  const each = tables.map(({ name }) => `SELECT '${name} ' || t::text AS row FROM "${name}" t`);
  const { rows } = await pool.query<{ row: string }>(each.join(" UNION ALL "));
  return rows.map(({ row }) => row).sort();
}
