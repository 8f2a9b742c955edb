import type { Tx } from "@/lib/platform/db/client";

/** Who of these people of the school has no invitation that still works; so that importing again does not end links already sent. */
export async function withoutLiveInvitation(
  tx: Tx,
  schoolId: string,
  userIds: readonly string[],
): Promise<{ id: string; sourcedId: string | null; email: string }[]> {
  return tx.$queryRaw`
    SELECT u.id, u.sourced_id AS "sourcedId", u.email FROM app_user u
    WHERE u.school_id = ${schoolId} AND u.id = ANY(${[...userIds]}::text[]) AND NOT EXISTS (
      SELECT 1 FROM invitation i WHERE i.user_id = u.id AND i.used_at IS NULL AND i.expires_at > statement_timestamp())
    ORDER BY u.email`;
}
