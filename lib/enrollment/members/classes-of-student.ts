import { type Db, Prisma } from "@/lib/platform/db/client";
import { countsDuringSql } from "./membership";

/** The classes on local dates (both inclusive) that have the student on their roster and are not cancelled. */
export async function classesOfStudent(
  client: Db,
  student: { id: string; schoolId: string },
  range: { from: string; to: string },
): Promise<{ classSessionId: string; date: string }[]> {
  return client.$queryRaw<{ classSessionId: string; date: string }[]>`
    SELECT DISTINCT c.id AS "classSessionId", to_char(c.date, 'YYYY-MM-DD') AS date
    FROM enrollment e JOIN class_session c ON c.section_id = e.section_id AND c.school_id = e.school_id
    WHERE e.student_id = ${student.id} AND e.school_id = ${student.schoolId} AND c.state = 'SCHEDULED'
      AND c.date BETWEEN ${range.from}::date AND ${range.to}::date
      AND ${countsDuringSql(Prisma.sql`c.starts_at`, Prisma.sql`c.ends_at`)}`;
}
