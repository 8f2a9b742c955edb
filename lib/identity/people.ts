import { db, type Db, type Tx } from "@/lib/platform/db";

export type Person = { id: string; name: string; givenName: string; familyName: string };
export type SchoolInfo = { id: string; name: string; timeZone: string; attendanceEditMinutes: number | null };

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

/** Who is guardian of whom among these students; only guardians that are active. */
export async function guardiansOf(
  client: Db | Tx,
  studentIds: readonly string[],
): Promise<{ studentId: string; guardianId: string }[]> {
  if (studentIds.length === 0) return [];
  return client.guardianship.findMany({
    where: { studentId: { in: [...new Set(studentIds)] }, guardian: { active: true } },
    select: { studentId: true, guardianId: true },
    orderBy: [{ studentId: "asc" }, { guardianId: "asc" }],
  });
}

/** The students of a guardian by name. */
export async function studentsOfGuardian(client: Db | Tx, guardianId: string): Promise<{ id: string; name: string }[]> {
  const rows = await client.guardianship.findMany({
    where: { guardianId, student: { active: true } },
    select: { student: { select: { id: true, givenName: true, familyName: true } } },
    orderBy: [{ student: { givenName: "asc" } }, { student: { familyName: "asc" } }, { studentId: "asc" }],
  });
  return rows.map(({ student }) => ({ id: student.id, name: personName(student) }));
}

/** The school; throws when there is none with this id, which is a defect (every actor has a school). */
export async function schoolOf(client: Db | Tx, schoolId: string): Promise<SchoolInfo> {
  return client.school.findUniqueOrThrow({
    where: { id: schoolId },
    select: { id: true, name: true, timeZone: true, attendanceEditMinutes: true },
  });
}

/** The name of the school when this installation has exactly one, else null: before signing in nobody has a school. */
export async function onlySchoolName(client: Db | Tx = db()): Promise<string | null> {
  const schools = await client.school.findMany({ take: 2, select: { name: true } });
  return schools.length === 1 ? (schools[0]?.name ?? null) : null;
}

/** How a person is called on screen. */
export function personName(person: { givenName: string; familyName: string }): string {
  return `${person.givenName} ${person.familyName}`.trim();
}
