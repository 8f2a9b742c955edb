import { Prisma, type Db, type Tx } from "@/lib/platform/db/client";

/** Whom the office invites together: teachers and office, students, guardians. Who is staff too is staff. */
export const INVITED_GROUPS = ["staff", "students", "guardians"] as const;
export type InvitedGroup = (typeof INVITED_GROUPS)[number];

/** People of a group who have no password yet; of them `linked` have a link that still works. */
export type WaitingCount = { waiting: number; linked: number };

/** A person without a password, whom a link can let in. */
export type WaitingPerson = { id: string; name: string; email: string };

/** How many people of the school have no password yet, by group. Who has no e-mail address cannot sign in and is left out. */
export async function countWaiting(client: Db | Tx, schoolId: string): Promise<Record<InvitedGroup, WaitingCount>> {
  const rows = await client.$queryRaw<({ group: InvitedGroup } & WaitingCount)[]>`
    SELECT ${GROUP} AS group, count(*)::int AS waiting, count(*) FILTER (WHERE ${LINKED})::int AS linked
    FROM app_user u WHERE ${WAITING} AND u.school_id = ${schoolId} GROUP BY 1`;
  const none = { waiting: 0, linked: 0 };
  const counts = { staff: none, students: none, guardians: none };
  return rows.reduce((all, { group, waiting, linked }) => ({ ...all, [group]: { waiting, linked } }), counts);
}

/**
 * The people of the school without a password who are in a group, or among these ids, by name; at most `most`. Those with a link
 * that still works are left out unless `linked` is true.
 */
export async function waitingPeople(
  client: Db | Tx,
  schoolId: string,
  { who, linked, most }: { who: InvitedGroup | readonly string[]; linked: boolean; most: number },
): Promise<WaitingPerson[]> {
  const chosen = typeof who === "string" ? Prisma.sql`${GROUP} = ${who}` : Prisma.sql`u.id = ANY(${[...who]}::text[])`;
  return client.$queryRaw<WaitingPerson[]>`
    SELECT u.id, trim(u.given_name || ' ' || u.family_name) AS name, u.email FROM app_user u
    WHERE ${WAITING} AND u.school_id = ${schoolId} AND ${chosen} AND (${linked}::boolean OR NOT ${LINKED})
    ORDER BY u.family_name, u.given_name, u.id LIMIT ${most}`;
}

const WAITING = Prisma.sql`
  u.active AND u.password_hash IS NULL AND cardinality(u.roles) > 0 AND u.email NOT LIKE '%@no-email.invalid'`;

const LINKED = Prisma.sql`EXISTS (
  SELECT 1 FROM invitation i WHERE i.user_id = u.id AND i.used_at IS NULL AND i.expires_at > statement_timestamp())`;

const GROUP = Prisma.sql`
  CASE WHEN u.roles && '{TEACHER,ADMIN}' THEN 'staff' WHEN 'STUDENT' = ANY(u.roles) THEN 'students' ELSE 'guardians' END`;
