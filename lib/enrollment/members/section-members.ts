import { type Db, Prisma, type Tx } from "@/lib/platform/db/client";
import { type CountingTime, countsDuringSql, type Span } from "./membership";

/** A time of a section, for example one of its classes; `key` comes back with each student. */
export type SectionSpan = Span & { key: string; sectionId: string };
/** A student whose enrollment counted at some moment of a span; `since` is the first such moment, null: from the start. */
export type SectionMember = { key: string; studentId: string; since: Date | null };

/**
 * Who belonged to a section while something ran: everybody whose enrollment counted at a moment of it, whatever became of
 * it since. One statement for all spans; nobody twice for a span.
 */
export async function sectionMembersDuring(
  client: Db | Tx,
  schoolId: string,
  spans: readonly SectionSpan[],
): Promise<SectionMember[]> {
  if (spans.length === 0) return [];
  return client.$queryRaw<SectionMember[]>`
    SELECT p.key, e.student_id AS "studentId",
           CASE WHEN bool_or(e.counts_from IS NULL) THEN NULL ELSE min(e.counts_from) END AS since
    FROM ${spansSql(spans)}
    JOIN enrollment e ON e.section_id = p."sectionId" AND e.school_id = ${schoolId}
      AND ${countsDuringSql(Prisma.sql`p."startsAt"`, Prisma.sql`p."endsAt"`)}
    JOIN app_user u ON u.id = e.student_id AND u.school_id = e.school_id
    GROUP BY p.key, e.student_id`;
}

/** Which spans have anybody, by key. */
export async function spansWithMembers(
  client: Db | Tx,
  schoolId: string,
  spans: readonly SectionSpan[],
): Promise<Set<string>> {
  if (spans.length === 0) return new Set();
  const rows = await client.$queryRaw<{ key: string }[]>`
    SELECT p.key FROM ${spansSql(spans)}
    WHERE EXISTS (SELECT 1 FROM enrollment e WHERE e.section_id = p."sectionId" AND e.school_id = ${schoolId}
      AND ${countsDuringSql(Prisma.sql`p."startsAt"`, Prisma.sql`p."endsAt"`)})`;
  return new Set(rows.map(({ key }) => key));
}

/** Students who were in a section and are not at `now`, with the moment at which they left last. */
export async function leaversOf(
  client: Db | Tx,
  schoolId: string,
  sectionId: string,
  now: Date,
): Promise<Map<string, Date>> {
  const rows = await client.$queryRaw<{ studentId: string; leftAt: Date }[]>`
    SELECT e.student_id AS "studentId", max(e.counts_until) AS "leftAt"
    FROM enrollment e JOIN app_user u ON u.id = e.student_id AND u.school_id = e.school_id
    WHERE e.section_id = ${sectionId} AND e.school_id = ${schoolId} AND e.status <> 'WAITLISTED'
      AND (e.counts_from IS NULL OR e.counts_from <= ${now})
      AND (e.counts_from IS NULL OR e.counts_until IS NULL OR e.counts_from < e.counts_until)
    GROUP BY e.student_id HAVING bool_and(e.counts_until IS NOT NULL AND e.counts_until <= ${now})`;
  return new Map(rows.map(({ studentId, leftAt }) => [studentId, leftAt]));
}

/** The sections in which each of these students was, is or will be at some moment of a span, with when that counts. */
export async function sectionsOfStudents(
  client: Db | Tx,
  schoolId: string,
  studentIds: readonly string[],
  { startsAt, endsAt }: Span,
): Promise<(CountingTime & { studentId: string; sectionId: string })[]> {
  if (studentIds.length === 0) return [];
  return client.$queryRaw<(CountingTime & { studentId: string; sectionId: string })[]>`
    SELECT e.student_id AS "studentId", e.section_id AS "sectionId", e.counts_from AS "countsFrom",
           e.counts_until AS "countsUntil"
    FROM enrollment e
    WHERE e.school_id = ${schoolId} AND e.student_id = ANY(${[...studentIds]}::text[])
      AND ${countsDuringSql(Prisma.sql`${startsAt}`, Prisma.sql`${endsAt}`)}`;
}

function spansSql(spans: readonly SectionSpan[]): Prisma.Sql {
  const wanted = spans.map(({ key, sectionId, startsAt, endsAt }) => ({
    key,
    sectionId,
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
  }));
  return Prisma.sql`jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb)
    AS p(key text, "sectionId" text, "startsAt" timestamptz, "endsAt" timestamptz)`;
}
