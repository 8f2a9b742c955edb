import { Prisma } from "@/lib/platform/db/client";

/** A term in which a section is held; local dates `YYYY-MM-DD`, both inclusive. */
export type HeldTerm = { id: string; title: string; startsOn: string; endsOn: string };

/** The terms of a section by date; `terms` is null when it is held in `termId` alone. */
export function termIdsOf(section: { termId: string; terms: readonly { id: string }[] | null }): string[] {
  return section.terms?.map(({ id }) => id) ?? [section.termId];
}

// Sections are stored with their first term; the others are rows of section_further_term. Nearly all have none, so what is
// read of them comes by a lateral join on its primary key, and only for the sections that are returned.

/** Sections with what the columns of this file read besides the further terms: `section s`, `course c`, `term t`, `school o`. */
export const sectionsSql = Prisma.sql`section s JOIN course c ON c.id = s.course_id JOIN term t ON t.id = s.term_id
  JOIN school o ON o.id = s.school_id`;

/**
 * The sections of a school one of whose terms has not ended, as a table to be named. They are found from those terms, and
 * of each by the index on it (OFFSET 0 keeps the planner from reading the sections of all years instead). They are
 * thousands: what else is shown of one is joined where few are left.
 */
export function currentSectionsSql(scope: { schoolId: string; now: Date }): Prisma.Sql {
  const { schoolId } = scope;
  const today = todayInSql(scope);
  return Prisma.sql`(
    SELECT g.* FROM term h CROSS JOIN LATERAL (
      SELECT * FROM section WHERE section.school_id = ${schoolId} AND section.term_id = h.id OFFSET 0) AS g
    WHERE h.school_id = ${schoolId} AND h.ends_on >= ${today}
    UNION ALL
    SELECT g.* FROM section g JOIN term h ON h.id = g.term_id AND h.ends_on < ${today}
    WHERE g.school_id = ${schoolId} AND g.id IN (
      SELECT x.section_id FROM section_further_term x JOIN term f ON f.id = x.term_id AND f.school_id = ${schoolId}
      WHERE f.ends_on >= ${today})
  )`;
}

/** The meetings of a section `s`, for a lateral join: by their key, where a join would read those of all years (OFFSET 0). */
export const meetingsOfSql = Prisma.sql`(
  SELECT day, start_minute, end_minute FROM meeting WHERE section_id = s.id OFFSET 0)`;

/**
 * Joins the further terms of a section as `more`: use it after `section` and `term` under the names `s` and `t`, together
 * with the columns below.
 */
export const joinFurtherTerms = furtherTermsOf(Prisma.sql`s.id`);

/** The column `termEndsOn` of a `SectionWindow`: the last local date of a section's terms. */
export const termEndsOnSql = Prisma.sql`to_char(GREATEST(t.ends_on, more.ends_on), 'YYYY-MM-DD') AS "termEndsOn"`;

/**
 * The columns of a `SectionWindow`, by which `isEnrollmentOpen` decides, from {@link sectionsSql} and
 * {@link joinFurtherTerms}. Enrollment opens with the window of the first term, and closes with that of the term that ends
 * last, or with the course.
 */
export const windowSql = Prisma.sql`s.state::text AS state, t.enrollment_opens_at AS "opensAt",
  LEAST(CASE WHEN more.ends_on > t.ends_on THEN more.closes_at ELSE t.enrollment_closes_at END, c.ended_at) AS "closesAt",
  ${termEndsOnSql}, o.time_zone AS "timeZone"`;

/** All terms by date as {@link HeldTerm}, or null when there is one. */
export const heldTermsSql = Prisma.sql`
  CASE WHEN more.terms IS NOT NULL THEN ${termJson(Prisma.raw("t"))} || more.terms END`;

/** Whether a section under the names `s` and `t` is held in a term. */
export function heldInSql(termId: string): Prisma.Sql {
  return Prisma.sql`(s.term_id = ${termId}
    OR s.id IN (SELECT x.section_id FROM section_further_term x WHERE x.term_id = ${termId}))`;
}

/** Whether one of the terms of a section under the names `s` and `t` has not ended on a local date. */
export function isHeldSinceSql(schoolId: string, date: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(t.ends_on >= ${date} OR s.id IN (
    SELECT x.section_id FROM section_further_term x JOIN term f ON f.id = x.term_id AND f.school_id = ${schoolId}
    WHERE f.ends_on >= ${date}))`;
}

/** Whether a further term of one section has not ended on a local date: for the few sections of one student. */
export function goesOnSinceSql(sectionId: Prisma.Sql, date: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT 1 FROM section_further_term x JOIN term f ON f.id = x.term_id
    WHERE x.section_id = ${sectionId} AND f.ends_on >= ${date})`;
}

/** The school's local date; names no row of the query around it, so that it is looked up once. */
export function todayInSql({ schoolId, now }: { schoolId: string; now: Date }): Prisma.Sql {
  return Prisma.sql`(SELECT (${now}::timestamptz AT TIME ZONE time_zone)::date FROM school WHERE id = ${schoolId})`;
}

/**
 * The first local date of everything that is not over: of the terms that have not ended, and of earlier ones of sections
 * that go on in them. What ended before shares no date with them, and no term. Null when all terms are over.
 */
export function notOverSinceSql(scope: { schoolId: string; now: Date }): Prisma.Sql {
  const { schoolId } = scope;
  return Prisma.sql`(SELECT min(b.starts_on) FROM term b WHERE b.school_id = ${schoolId} AND (b.ends_on >= ${todayInSql(scope)}
    OR b.id IN (SELECT g.term_id FROM section_further_term x JOIN section g ON g.id = x.section_id AND g.school_id = ${schoolId}
      JOIN term l ON l.id = x.term_id WHERE l.ends_on >= ${todayInSql(scope)})))`;
}

function furtherTermsOf(sectionId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`LEFT JOIN LATERAL (
    SELECT max(f.ends_on) AS ends_on, (array_agg(f.enrollment_closes_at ORDER BY f.ends_on DESC, f.id))[1] AS closes_at,
      jsonb_agg(${termJson(Prisma.raw("f"))} ORDER BY f.starts_on, f.id) AS terms
    FROM section_further_term x JOIN term f ON f.id = x.term_id WHERE x.section_id = ${sectionId}) AS more ON true`;
}

function termJson(term: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`jsonb_build_object('id', ${term}.id, 'title', ${term}.title,
    'startsOn', to_char(${term}.starts_on, 'YYYY-MM-DD'), 'endsOn', to_char(${term}.ends_on, 'YYYY-MM-DD'))`;
}
