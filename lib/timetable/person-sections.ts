import { currentSectionsSql } from "@/lib/catalog/sections/held-terms";
import { db, type Db } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";

/** A section of running and coming terms that a person attends or teaches. */
export type PersonSection = { id: string; code: string; title: string; teaches: boolean };

/** The sections of a person of the actor's school, by code; nothing for a person of another. Errors: `forbidden`. */
export async function personSections(
  ctx: Context,
  { personId }: { personId: string },
  client: Db = db(),
): Promise<PersonSection[]> {
  requireRole(ctx, "ADMIN");
  const scope = { schoolId: ctx.actor.schoolId, now: ctx.now };
  return client.$queryRaw<PersonSection[]>`
    WITH own AS (
      SELECT e.section_id, false AS teaches FROM enrollment e
      WHERE e.student_id = ${personId} AND e.school_id = ${scope.schoolId} AND e.status = 'ENROLLED'
      UNION ALL SELECT st.section_id, true FROM section_teacher st WHERE st.user_id = ${personId})
    SELECT s.id, s.code, s.title, own.teaches
    FROM own JOIN ${currentSectionsSql(scope)} AS s ON s.id = own.section_id AND s.state = 'ACTIVE'
    ORDER BY s.code, s.id, own.teaches`;
}
