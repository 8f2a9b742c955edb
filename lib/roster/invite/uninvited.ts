import { countWaiting, type InvitedGroup, type WaitingCount } from "@/lib/identity/invitations/waiting-people";
import { schoolOf } from "@/lib/identity/people/people";
import { db, type Db } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { localDateOf } from "@/lib/shared/time";

/** A class of a running or coming term in which somebody has no password yet. */
export type UninvitedClass = { id: string; code: string; title: string; students: number };

export type Uninvited = { groups: Record<InvitedGroup, WaitingCount>; classes: UninvitedClass[] };

const MOST_CLASSES = 1_000;

/** Who of the actor's school has no password yet: by group, and students by class. Errors: `forbidden`. */
export async function uninvited(ctx: Context, client: Db = db()): Promise<Uninvited> {
  requireRole(ctx, "ADMIN");
  const { schoolId } = ctx.actor;
  const { timeZone } = await schoolOf(client, schoolId);
  const groups = await countWaiting(client, schoolId);
  if (groups.students.waiting === 0) return { groups, classes: [] };
  const classes = await client.$queryRaw<UninvitedClass[]>`
    SELECT s.id, s.code, c.title, count(*)::int AS students
    FROM enrollment e
    JOIN app_user u ON u.id = e.student_id AND u.school_id = ${schoolId} AND u.active AND u.password_hash IS NULL
      AND u.email NOT LIKE '%@no-email.invalid'
    JOIN section s ON s.id = e.section_id AND s.school_id = ${schoolId} AND s.state = 'ACTIVE'
    JOIN course c ON c.id = s.course_id
    JOIN term t ON t.id = s.term_id AND t.ends_on >= ${localDateOf(ctx.now, timeZone)}::date
    WHERE e.status = 'ENROLLED'
    GROUP BY s.id, s.code, c.title ORDER BY c.title, s.code, s.id LIMIT ${MOST_CLASSES}`;
  return { groups, classes };
}
