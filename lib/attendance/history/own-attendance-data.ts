import { db, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";

/** A mark as its student may read it. Instants are ISO 8601 in JSON. */
export type OwnAttendanceData = {
  section: string;
  title: string;
  startsAt: Date;
  status: string;
  minutesLate: number | null;
  markedAt: Date;
};

/**
 * Every mark of the signed-in person, the newest class first. What teachers noted beside a mark is left out: it may be about
 * others too, and the office reads it first.
 */
export async function ownAttendanceData(ctx: Context, client: Db = db()): Promise<OwnAttendanceData[]> {
  const { userId, schoolId } = ctx.actor;
  return client.$queryRaw<OwnAttendanceData[]>`
    SELECT s.code AS section, s.title, c.starts_at AS "startsAt", r.status::text AS status, r.minutes_late AS "minutesLate",
      r.marked_at AS "markedAt"
    FROM attendance_record r JOIN class_session c ON c.id = r.class_session_id JOIN section s ON s.id = c.section_id
    WHERE r.student_id = ${userId} AND r.school_id = ${schoolId} AND r.status IS NOT NULL
    ORDER BY c.starts_at DESC, c.id DESC`;
}
