import { spansWithMembers } from "@/lib/enrollment/members/section-members";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { db, type Db } from "@/lib/platform/db/client";

export type AttendanceOverview = { classes: number; finalized: number; overdue: number; absent: number };

/**
 * The class sessions of one local date: how many are finished, over and still without their marks, and marks of absence.
 * Nobody waits for marks of a class without students, or from before its section had a teacher. For the office; else
 * `forbidden`.
 */
export async function attendanceOverview(
  ctx: Context,
  localDate: string,
  client: Db = db(),
): Promise<AttendanceOverview> {
  requireRole(ctx, "ADMIN");
  const { schoolId } = ctx.actor;
  const [[figures], waiting] = await Promise.all([
    client.$queryRaw<Omit<AttendanceOverview, "overdue">[]>`
      SELECT count(*)::int AS classes,
             count(sh.finalized_at)::int AS finalized,
             coalesce(sum(CASE WHEN sh.finalized_at IS NOT NULL THEN (SELECT count(*) FROM attendance_record r
                            WHERE r.class_session_id = c.id AND r.status = 'ABSENT') END), 0)::int AS absent
        FROM class_session c LEFT JOIN attendance_sheet sh ON sh.class_session_id = c.id
       WHERE c.school_id = ${schoolId} AND c.date = ${localDate}::date AND c.state = 'SCHEDULED'`,
    waitingClasses(ctx, localDate, client),
  ]);
  const withStudents = await spansWithMembers(
    client,
    schoolId,
    waiting.map((session) => ({ ...session, key: session.id })),
  );
  const overdue = waiting.filter(({ id, hasMarks }) => hasMarks || withStudents.has(id)).length;
  return { ...(figures ?? { classes: 0, finalized: 0, absent: 0 }), overdue };
}

type Waiting = { id: string; sectionId: string; startsAt: Date; endsAt: Date; hasMarks: boolean };

/** Classes that are over and not finished, and that somebody could have finished. */
function waitingClasses(ctx: Context, localDate: string, client: Db): Promise<Waiting[]> {
  return client.$queryRaw<Waiting[]>`
    SELECT c.id, c.section_id AS "sectionId", c.starts_at AS "startsAt", c.ends_at AS "endsAt",
           EXISTS (SELECT 1 FROM attendance_record r WHERE r.class_session_id = c.id AND r.status IS NOT NULL) AS "hasMarks"
      FROM class_session c JOIN section s ON s.id = c.section_id
      LEFT JOIN attendance_sheet sh ON sh.class_session_id = c.id
     WHERE c.school_id = ${ctx.actor.schoolId} AND c.date = ${localDate}::date AND c.state = 'SCHEDULED'
       AND sh.finalized_at IS NULL AND c.ends_at < ${ctx.now}
       AND (s.taught_from IS NULL OR c.ends_at > s.taught_from)
       AND EXISTS (SELECT 1 FROM section_teacher t WHERE t.section_id = s.id)`;
}
