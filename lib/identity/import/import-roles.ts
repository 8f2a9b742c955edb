import type { Tx } from "@/lib/platform/db/client";
import type { Role } from "@/lib/shared/context";
import { inChunks } from "./import-tally";

/** A row of a roster that gives somebody a role. */
export type RoleRow = { sourcedId: string; userId: string; role: Role };
/** The same with the person's sourcedId, as rosters name people; null: no roster names the person any more. */
export type StoredRoleRow = { sourcedId: string; user: string | null; role: Role };

/** The stored rows with these ids, and all rows of the people whom they or `users` (sourcedIds) name. */
export async function storedRoleRows(
  tx: Tx,
  input: { schoolId: string; sourcedIds: readonly string[]; users: readonly string[] },
): Promise<StoredRoleRow[]> {
  const { schoolId } = input;
  return tx.$queryRaw<StoredRoleRow[]>`
    SELECT r.sourced_id AS "sourcedId", u.sourced_id AS user, r.role::text AS role
    FROM user_role_source r JOIN app_user u ON u.id = r.user_id
    WHERE r.school_id = ${schoolId}
      AND (u.sourced_id = ANY(${[...input.users]}::text[])
           OR u.id IN (SELECT user_id FROM user_role_source
                       WHERE school_id = ${schoolId} AND sourced_id = ANY(${[...input.sourcedIds]}::text[])))`;
}

/** Remembers rows, new or with another meaning than before, and forgets others. */
export async function applyRoleRows(
  tx: Tx,
  schoolId: string,
  plan: { remember: readonly RoleRow[]; forget: readonly string[] },
): Promise<void> {
  for (const rows of inChunks(plan.remember)) {
    await tx.$executeRaw`
      INSERT INTO user_role_source (school_id, sourced_id, user_id, role)
      SELECT ${schoolId}, r."sourcedId", r."userId", r.role::"Role"
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r("sourcedId" text, "userId" text, role text)
      ON CONFLICT (school_id, sourced_id) DO UPDATE SET user_id = EXCLUDED.user_id, role = EXCLUDED.role`;
  }
  if (plan.forget.length > 0)
    await tx.$executeRaw`
      DELETE FROM user_role_source WHERE school_id = ${schoolId} AND sourced_id = ANY(${[...plan.forget]}::text[])`;
}
