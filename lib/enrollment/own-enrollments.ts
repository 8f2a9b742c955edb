import { type Db, Prisma, type Tx } from "@/lib/platform/db";
import type { OwnEnrollment } from "./rules";

type Row = OwnEnrollment & { studentId: string };

/**
 * The live enrollments of students with their schedules. With `against`, only those that can matter for that section:
 * of the same course, or with a meeting at an overlapping time (whether on a common date is for the rules to say).
 */
export async function liveEnrollments(
  client: Db | Tx,
  studentIds: readonly string[],
  against?: { sectionId: string; courseId: string },
): Promise<Map<string, OwnEnrollment[]>> {
  const relevant = against
    ? Prisma.sql`AND (e.course_id = ${against.courseId} OR EXISTS (
        SELECT 1 FROM meeting mine JOIN meeting theirs
          ON theirs.section_id = ${against.sectionId} AND theirs.day = mine.day
          AND theirs.start_minute < mine.end_minute AND mine.start_minute < theirs.end_minute
        WHERE mine.section_id = e.section_id))`
    : Prisma.empty;
  const rows = await client.$queryRaw<Row[]>`
    SELECT e.id AS "enrollmentId", e.student_id AS "studentId", e.section_id AS "sectionId", s.code,
      e.course_id AS "courseId", e.term_id AS "termId", e.status::text AS status, s.state::text AS "sectionState",
      to_char(t.starts_on, 'YYYY-MM-DD') AS "termStartsOn", to_char(t.ends_on, 'YYYY-MM-DD') AS "termEndsOn", s.weeks,
      COALESCE((SELECT jsonb_agg(jsonb_build_object('day', m.day, 'startMinute', m.start_minute, 'endMinute', m.end_minute))
        FROM meeting m WHERE m.section_id = s.id), '[]') AS meetings
    FROM enrollment e JOIN section s ON s.id = e.section_id JOIN term t ON t.id = e.term_id
    WHERE e.student_id = ANY(${[...studentIds]}::text[]) AND e.status <> 'DROPPED' ${relevant}
    ORDER BY e.enrolled_at, e.id`;
  const byStudent = new Map<string, OwnEnrollment[]>(studentIds.map((id) => [id, []]));
  for (const row of rows) byStudent.get(row.studentId)?.push(row);
  return byStudent;
}
