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
