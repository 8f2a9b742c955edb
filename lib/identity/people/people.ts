import { db, Prisma, type Db, type Tx } from "@/lib/platform/db/client";
import type { Role } from "@/lib/shared/context";

export type Person = { id: string; name: string; givenName: string; familyName: string };
export type SchoolInfo = {
  id: string;
  name: string;
  timeZone: string;
  /** BCP 47: the language of those who chose none. */
  locale: string;
  attendanceEditMinutes: number | null;
  /** Seconds between finishing a class and alerting guardians; null: the school sets none. */
  alertGraceSeconds: number | null;
  /** Characters that a new password of a student or guardian has at least. */
  passwordMinLength: number;
  /** False: people sign in elsewhere, and a password is for administrators. */
  passwordsAllowed: boolean;
  factorRoles: Role[];
  factorGraceDays: number;
};

/** The people of a school by their ids; ids of nobody in that school are left out. */
export async function peopleByIds(
  client: Db | Tx,
  schoolId: string,
  ids: readonly string[],
): Promise<Map<string, Person>> {
  if (ids.length === 0) return new Map();
  const users = await client.user.findMany({
    where: { schoolId, id: { in: [...new Set(ids)] } },
    select: { id: true, givenName: true, familyName: true },
  });
  return new Map(users.map((user) => [user.id, { ...user, name: personName(user) }]));
}

/** Who is guardian of whom among these students of the school; only guardians of the school that are active. */
export async function guardiansOf(
  client: Db | Tx,
  schoolId: string,
  studentIds: readonly string[],
): Promise<{ studentId: string; guardianId: string }[]> {
  if (studentIds.length === 0) return [];
  return client.guardianship.findMany({
    where: {
      studentId: { in: [...new Set(studentIds)] },
      student: { schoolId },
      guardian: { schoolId, active: true },
    },
    select: { studentId: true, guardianId: true },
    orderBy: [{ studentId: "asc" }, { guardianId: "asc" }],
  });
}

/** The students of a guardian by name; guardian and students are of the school, or there are none. */
export async function studentsOfGuardian(
  client: Db | Tx,
  schoolId: string,
  guardianId: string,
): Promise<{ id: string; name: string }[]> {
  // Every page of a guardian asks this: one statement, where the client would make two of it.
  const rows = await client.$queryRaw<{ id: string; givenName: string; familyName: string }[]>`
    SELECT s.id, s.given_name AS "givenName", s.family_name AS "familyName"
    FROM guardianship l
    JOIN app_user g ON g.id = l.guardian_id AND g.school_id = ${schoolId}
    JOIN app_user s ON s.id = l.student_id AND s.school_id = ${schoolId} AND s.active
    WHERE l.guardian_id = ${guardianId} ORDER BY s.given_name, s.family_name, s.id`;
  return rows.map((student) => ({ id: student.id, name: personName(student) }));
}

/** The ids of the same students, as a subquery of a statement that needs no more of them. */
export function studentIdsOfGuardian(schoolId: string, guardianId: string): Prisma.Sql {
  return Prisma.sql`
    SELECT l.student_id FROM guardianship l
    JOIN app_user g ON g.id = l.guardian_id AND g.school_id = ${schoolId}
    JOIN app_user s ON s.id = l.student_id AND s.school_id = ${schoolId} AND s.active
    WHERE l.guardian_id = ${guardianId}`;
}

/** The school; throws when there is none with this id, which is a defect (every actor has a school). */
export async function schoolOf(client: Db | Tx, schoolId: string): Promise<SchoolInfo> {
  return client.school.findUniqueOrThrow({
    where: { id: schoolId },
    select: {
      id: true,
      name: true,
      timeZone: true,
      locale: true,
      attendanceEditMinutes: true,
      alertGraceSeconds: true,
      passwordMinLength: true,
      passwordsAllowed: true,
      factorRoles: true,
      factorGraceDays: true,
    },
  });
}

/** The school when this installation has exactly one, else null: before signing in nobody has a school. */
export async function onlySchool(
  client: Db | Tx = db(),
): Promise<{ name: string; locale: string; passwordsAllowed: boolean } | null> {
  const select = { name: true, locale: true, passwordsAllowed: true };
  const schools = await client.school.findMany({ take: 2, select });
  return schools.length === 1 ? (schools[0] ?? null) : null;
}

/** How a person is called on screen. */
export function personName(person: { givenName: string; familyName: string }): string {
  return `${person.givenName} ${person.familyName}`.trim();
}

/** The ids of the school's people who are active and have one of these roles, in a fixed order. */
export async function activePeople(client: Db | Tx, schoolId: string, roles: readonly Role[]): Promise<string[]> {
  const users = await client.user.findMany({
    where: { schoolId, active: true, roles: { hasSome: [...roles] } },
    select: { id: true },
    orderBy: { id: "asc" },
  });
  return users.map(({ id }) => id);
}
