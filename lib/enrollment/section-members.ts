import type { Db, Tx } from "@/lib/platform/db";

/** A moment of a section, for example one of its classes; `key` comes back with each student. */
export type MemberPoint = { key: string; sectionId: string; at: Date };

/**
 * Who belongs to a section around a moment: students who are enrolled now, and those who were enrolled at that moment
 * and have left since. One statement for all points; nobody twice for a point.
 */
export async function sectionMembersAt(
  client: Db | Tx,
  schoolId: string,
  points: readonly MemberPoint[],
): Promise<{ key: string; studentId: string }[]> {
  if (points.length === 0) return [];
  const wanted = JSON.stringify(points.map((point) => ({ ...point, at: point.at.toISOString() })));
  return client.$queryRaw<{ key: string; studentId: string }[]>`
    SELECT DISTINCT p.key, e.student_id AS "studentId"
    FROM jsonb_to_recordset(${wanted}::jsonb) AS p(key text, "sectionId" text, at timestamptz)
    JOIN enrollment e ON e.section_id = p."sectionId" AND e.school_id = ${schoolId}
    WHERE e.status = 'ENROLLED'
       OR (e.status = 'DROPPED' AND e.enrolled_at <= p.at AND e.dropped_at > p.at)`;
}

/** The sections in which each of these students is enrolled now. */
export async function sectionsOfStudents(
  client: Db | Tx,
  schoolId: string,
  studentIds: readonly string[],
): Promise<{ studentId: string; sectionId: string }[]> {
  if (studentIds.length === 0) return [];
  return client.enrollment.findMany({
    where: { schoolId, studentId: { in: [...studentIds] }, status: "ENROLLED" },
    select: { studentId: true, sectionId: true },
  });
}
