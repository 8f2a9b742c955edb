import { studentIdsOfGuardian } from "@/lib/identity/people/people";
import { db, type Db } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { announcedSheet } from "../grace/grace";

const RECENT_DAYS = 2;

/**
 * A word that changes whenever a mark that counts (see `announcedSheet`) of one of the guardian's own students in a recent
 * class is made or changed: what an open page asks for every few seconds. It says nothing else.
 */
export async function familyVersion(ctx: Context, client: Db = db()): Promise<{ version: string }> {
  requireRole(ctx, "GUARDIAN");
  const { schoolId, userId } = ctx.actor;
  const since = new Date(ctx.now.getTime() - RECENT_DAYS * 86_400_000);
  const [row] = await client.$queryRaw<{ marks: number; changes: number }[]>`
    SELECT count(*)::int AS marks, coalesce(sum(r.version), 0)::int AS changes
    FROM attendance_record r
    JOIN class_session c ON c.id = r.class_session_id AND c.starts_at > ${since}
    JOIN attendance_sheet sh ON sh.class_session_id = c.id
    WHERE r.student_id = ANY(ARRAY(${studentIdsOfGuardian(schoolId, userId)})) AND r.school_id = ${schoolId}
      AND ${announcedSheet("sh", ctx.now)}`;
  return { version: `${row?.marks ?? 0}.${row?.changes ?? 0}` };
}
