import { Prisma, type Tx } from "@/lib/platform/db/client";
import { countsDuringSql } from "./membership";

/** Those of these students of the school who have another class at that time, in a section of theirs, not cancelled. */
export async function busyStudents(
  tx: Tx,
  schoolId: string,
  studentIds: readonly string[],
  classSessionId: string,
  span: { startsAt: Date; endsAt: Date },
): Promise<string[]> {
  if (studentIds.length === 0) return [];
  const rows = await tx.$queryRaw<{ studentId: string }[]>`
    SELECT DISTINCT e.student_id AS "studentId"
    FROM enrollment e JOIN class_session c ON c.section_id = e.section_id AND c.school_id = e.school_id
    WHERE e.school_id = ${schoolId} AND e.student_id = ANY(${[...studentIds]}::text[]) AND e.status <> 'DROPPED'
      AND ${countsDuringSql(Prisma.sql`c.starts_at`, Prisma.sql`c.ends_at`)}
      AND c.id <> ${classSessionId} AND c.state = 'SCHEDULED'
      AND c.starts_at < ${span.endsAt} AND c.ends_at > ${span.startsAt}`;
  return rows.map(({ studentId }) => studentId);
}
