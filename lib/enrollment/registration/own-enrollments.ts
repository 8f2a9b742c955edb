import {
  goesOnSinceSql,
  heldTermsSql,
  isHeldSinceSql,
  joinFurtherTerms,
  notOverSinceSql,
  sectionsSql,
  termEndsOnSql,
  windowSql,
} from "@/lib/catalog/sections/held-terms";
import { type Db, Prisma, type Tx } from "@/lib/platform/db/client";
import type { OwnEnrollment, Target } from "./rules";

type Row = OwnEnrollment & { studentId: string };

/** What decides about requests for a section: the section, and those of the students' live enrollments that can matter. */
export type Standing = {
  section: Target & { schoolId: string; code: string; title: string };
  own: Map<string, OwnEnrollment[]>;
};

/** The live enrollments of students of the school with their schedules. */
export async function liveEnrollments(
  client: Db | Tx,
  schoolId: string,
  studentIds: readonly string[],
): Promise<Map<string, OwnEnrollment[]>> {
  return byStudent(studentIds, await readLive(client, schoolId, studentIds, Prisma.empty));
}

/**
 * Those of a student's live enrollments that matter to sections that are not over, and to one that began on `since`: what
 * ended before any of them neither overlaps them nor is a second section of their course. So what is read does not grow
 * with the years that a student has been here.
 */
export async function currentEnrollments(
  client: Db,
  student: { userId: string; schoolId: string },
  { now, since = null }: { now: Date; since?: string | null },
): Promise<OwnEnrollment[]> {
  const { userId, schoolId } = student;
  const from = Prisma.sql`(SELECT LEAST(${notOverSinceSql({ schoolId, now })}, ${since}::date))`;
  return readLive(client, schoolId, [userId], Prisma.sql`AND ${isHeldSinceSql(schoolId, from)}`);
}

function readLive(client: Db | Tx, schoolId: string, studentIds: readonly string[], more: Prisma.Sql): Promise<Row[]> {
  const credits = Prisma.sql`, (SELECT c.credits::float8 FROM course c WHERE c.id = e.course_id) AS credits`;
  const condition = Prisma.sql`e.student_id = ANY(${[...studentIds]}::text[]) AND e.school_id = ${schoolId}
    AND s.school_id = ${schoolId} AND e.status IN ('ENROLLED', 'WAITLISTED') ${more}`;
  return client.$queryRaw<Row[]>(liveOf(Prisma.sql`enrollment`, condition, credits));
}

/** A student who asks something of a section, and the school they ask from. */
export type Wanted = { sectionId: string; studentId: string; schoolId: string };

/**
 * Sections by id, each with what the students who ask for it have, in one statement however many: it is asked for every
 * request of a rush and reads nothing that does not decide. Of the enrollments only those of the same course or with a
 * meeting at an overlapping time (whether on a common date is for the rules to say), and none that was over before the
 * section's first term began. A section that is not of an asking
 * school is left out, as one that does not exist.
 *
 * Each step is materialised and goes from what is asked to rows by their keys: the plan is the same on tables that have
 * just been filled and have no statistics yet.
 */
export async function standingsOf(client: Db | Tx, wanted: readonly Wanted[]): Promise<Map<string, Standing>> {
  const sectionIds = wanted.map(({ sectionId }) => sectionId);
  const studentIds = wanted.map(({ studentId }) => studentId);
  const schoolIds = wanted.map(({ schoolId }) => schoolId);
  const rows = await client.$queryRaw<(Standing["section"] & { own: Row[] })[]>`
    WITH target AS MATERIALIZED (
      SELECT s.id, s.school_id AS "schoolId", s.code, s.title, s.course_id AS "courseId", s.term_id AS "termId",
        s.capacity, s.seats_taken AS "seatsTaken", s.weeks, ${windowSql},
        to_char(t.starts_on, 'YYYY-MM-DD') AS "termStartsOn", ${heldTermsSql} AS terms, ${meetingsOf(Prisma.sql`s.id`)} AS meetings
      FROM ${sectionsSql} ${joinFurtherTerms}
      WHERE s.id = ANY(${[...new Set(sectionIds)]}::text[])
    ), matter AS MATERIALIZED (
      SELECT asked.id AS target_id, e.id, e.student_id, e.section_id, e.school_id, e.course_id, e.status, e.enrolled_at
      FROM unnest(${sectionIds}::text[], ${studentIds}::text[]) AS wanted(section_id, student_id)
        JOIN section asked ON asked.id = wanted.section_id
        JOIN term began ON began.id = asked.term_id
        JOIN enrollment e ON e.student_id = wanted.student_id AND e.status IN ('ENROLLED', 'WAITLISTED')
        CROSS JOIN LATERAL (SELECT ended.ends_on FROM section had JOIN term ended ON ended.id = had.term_id
          WHERE had.id = e.section_id OFFSET 0) AS own_term
      WHERE (own_term.ends_on >= began.starts_on OR ${goesOnSinceSql(Prisma.sql`e.section_id`, Prisma.sql`began.starts_on`)})
        AND (e.course_id = asked.course_id OR EXISTS (
        SELECT 1 FROM ${timesOf(Prisma.sql`e.section_id`)} mine JOIN ${timesOf(Prisma.sql`asked.id`)} theirs
          ON theirs.day = mine.day AND theirs.start_minute < mine.end_minute AND mine.start_minute < theirs.end_minute))
    )
    SELECT target.*, COALESCE((SELECT jsonb_agg(own) FROM (
        ${liveOf(Prisma.sql`matter`, Prisma.sql`e.target_id = target.id AND e.school_id = target."schoolId"`)}) AS own), '[]') AS own
    FROM target WHERE target."schoolId" = ANY(${[...new Set(schoolIds)]}::text[])`;
  return new Map(rows.map(({ own, ...section }) => [section.id, { section, own: byStudent(studentIds, own) }]));
}

/**
 * The sections of which the office has, or had until the student dropped it, a row for this student at the same time as
 * one for this section. Rows that the office ended itself have no sourced_id any more: those were moves.
 */
const OFFICE_BESIDE = Prisma.sql`ARRAY(
  SELECT DISTINCT b.section_id FROM enrollment a JOIN enrollment b
    ON b.student_id = a.student_id AND b.course_id = a.course_id AND b.section_id <> a.section_id
      AND b.origin = 'OFFICE' AND b.sourced_id IS NOT NULL
      AND b.enrolled_at < COALESCE(a.dropped_at, 'infinity') AND a.enrolled_at < COALESCE(b.dropped_at, 'infinity')
  WHERE a.student_id = e.student_id AND a.section_id = e.section_id AND a.origin = 'OFFICE' AND a.sourced_id IS NOT NULL)`;

/** The columns of {@link Row} of the enrollments `e` of a table, with their sections. */
function liveOf(table: Prisma.Sql, condition: Prisma.Sql, more = Prisma.empty): Prisma.Sql {
  return Prisma.sql`
    SELECT e.id AS "enrollmentId", e.student_id AS "studentId", e.section_id AS "sectionId", s.code,
      e.course_id AS "courseId", s.term_id AS "termId", e.status::text AS status, s.state::text AS "sectionState",
      to_char(t.starts_on, 'YYYY-MM-DD') AS "termStartsOn", ${termEndsOnSql},
      ${heldTermsSql} AS terms, s.weeks, ${meetingsOf(Prisma.sql`s.id`)} AS meetings, ${OFFICE_BESIDE} AS "officeBeside" ${more}
    FROM ${table} e JOIN section s ON s.id = e.section_id JOIN term t ON t.id = s.term_id ${joinFurtherTerms}
    WHERE ${condition}
    ORDER BY e.enrolled_at, e.id`;
}

/** The meetings of one section. OFFSET 0 keeps them apart: pulled up, all meetings of the school are joined with each other. */
const timesOf = (sectionId: Prisma.Sql) =>
  Prisma.sql`(SELECT day, start_minute, end_minute FROM meeting WHERE section_id = ${sectionId} OFFSET 0)`;

function meetingsOf(sectionId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`COALESCE((SELECT jsonb_agg(
      jsonb_build_object('day', m.day, 'startMinute', m.start_minute, 'endMinute', m.end_minute))
    FROM meeting m WHERE m.section_id = ${sectionId}), '[]')`;
}

function byStudent(studentIds: readonly string[], rows: readonly Row[]): Map<string, OwnEnrollment[]> {
  const found = new Map<string, OwnEnrollment[]>(studentIds.map((id) => [id, []]));
  for (const row of rows) found.get(row.studentId)?.push(row);
  return found;
}
