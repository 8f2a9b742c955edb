import { type Db, Prisma, type Tx } from "@/lib/platform/db";
import type { OwnEnrollment, Target } from "./rules";

type Row = OwnEnrollment & { studentId: string };

/** What decides about wishes for a section: the section, and those of the students' live enrollments that can matter. */
export type Standing = {
  section: Target & { schoolId: string; code: string; title: string };
  own: Map<string, OwnEnrollment[]>;
};

/** The live enrollments of students with their schedules. */
export async function liveEnrollments(
  client: Db | Tx,
  studentIds: readonly string[],
): Promise<Map<string, OwnEnrollment[]>> {
  return byStudent(studentIds, await client.$queryRaw<Row[]>(liveOf(studentIds, Prisma.empty)));
}

/**
 * A section of one of these schools and what its students have, in one statement: it is asked for every request of a
 * rush and reads nothing that does not decide. Of the enrollments only those of the same course or with a meeting at an
 * overlapping time (whether on a common date is for the rules to say). Null: there is no such section.
 */
export async function standingOf(
  client: Db | Tx,
  sectionId: string,
  schoolIds: readonly string[],
  studentIds: readonly string[],
): Promise<Standing | null> {
  const thatMatter = Prisma.sql`AND (e.course_id = target.course_id OR EXISTS (
    SELECT 1 FROM meeting mine JOIN meeting theirs ON theirs.section_id = target.id AND theirs.day = mine.day
      AND theirs.start_minute < mine.end_minute AND mine.start_minute < theirs.end_minute
    WHERE mine.section_id = e.section_id))`;
  const [row] = await client.$queryRaw<(Standing["section"] & { own: Row[] })[]>`
    SELECT target.id, target.school_id AS "schoolId", target.code, target.title, target.course_id AS "courseId",
      target.term_id AS "termId", target.capacity, target.seats_taken AS "seatsTaken", target.weeks,
      target.state::text AS state, school.time_zone AS "timeZone",
      to_char(term.starts_on, 'YYYY-MM-DD') AS "termStartsOn", to_char(term.ends_on, 'YYYY-MM-DD') AS "termEndsOn",
      term.enrollment_opens_at AS "opensAt", LEAST(term.enrollment_closes_at, course.ended_at) AS "closesAt",
      ${meetingsOf(Prisma.sql`target.id`)} AS meetings,
      COALESCE((SELECT jsonb_agg(live) FROM (${liveOf(studentIds, thatMatter)}) AS live), '[]') AS own
    FROM section target JOIN course ON course.id = target.course_id JOIN term ON term.id = target.term_id
      JOIN school ON school.id = target.school_id
    WHERE target.id = ${sectionId} AND target.school_id = ANY(${[...schoolIds]}::text[])`;
  if (!row) return null;
  const { own, ...section } = row;
  return { section, own: byStudent(studentIds, own) };
}

function liveOf(studentIds: readonly string[], condition: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    SELECT e.id AS "enrollmentId", e.student_id AS "studentId", e.section_id AS "sectionId", s.code,
      e.course_id AS "courseId", e.term_id AS "termId", e.status::text AS status, s.state::text AS "sectionState",
      to_char(t.starts_on, 'YYYY-MM-DD') AS "termStartsOn", to_char(t.ends_on, 'YYYY-MM-DD') AS "termEndsOn", s.weeks,
      ${meetingsOf(Prisma.sql`s.id`)} AS meetings
    FROM enrollment e JOIN section s ON s.id = e.section_id JOIN term t ON t.id = e.term_id
    WHERE e.student_id = ANY(${[...studentIds]}::text[]) AND e.status <> 'DROPPED' ${condition}
    ORDER BY e.enrolled_at, e.id`;
}

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
