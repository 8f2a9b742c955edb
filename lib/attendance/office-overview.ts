import type { Context } from "@/lib/shared/context";
import { db, type Db } from "@/lib/platform/db";

export type AttendanceOverview = { classes: number; finalized: number; overdue: number; absent: number };

/** The class sessions of one local date: how many are finished, over and still open, and marks of absence, for the office. */
export async function attendanceOverview(
  ctx: Context,
  localDate: string,
  client: Db = db(),
): Promise<AttendanceOverview> {
  const [row] = await client.$queryRaw<AttendanceOverview[]>`
    SELECT count(*)::int AS classes,
           count(sh.finalized_at)::int AS finalized,
           count(*) FILTER (WHERE sh.finalized_at IS NULL AND c.ends_at < ${ctx.now})::int AS overdue,
           coalesce(sum((SELECT count(*) FROM attendance_record r
                          WHERE r.class_session_id = c.id AND r.status = 'ABSENT' AND sh.finalized_at IS NOT NULL)), 0)::int AS absent
      FROM class_session c LEFT JOIN attendance_sheet sh ON sh.class_session_id = c.id
     WHERE c.school_id = ${ctx.actor.schoolId} AND c.date = ${localDate}::date AND c.state = 'SCHEDULED'`;
  return row ?? { classes: 0, finalized: 0, overdue: 0, absent: 0 };
}
