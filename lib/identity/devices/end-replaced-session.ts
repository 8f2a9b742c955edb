import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { hashSecretToken } from "../sessions/refresh-token";
import { announceRevoked } from "../sessions/revocations";
import { revokeSession } from "../sessions/revoke-sessions";

/**
 * Ends the session that a browser had before somebody signed in there anew: nobody can reach it any more, and it should not
 * stand in a list. `refreshToken` is what the browser held; one that is none changes nothing.
 */
export async function endReplacedSession(
  ctx: Omit<Context, "actor">,
  { refreshToken, by }: { refreshToken: string; by: string },
  client: Db = db(),
): Promise<void> {
  const ended = await transaction(async (tx) => {
    const [former] = await tx.$queryRaw<{ id: string; userId: string; schoolId: string }[]>`
      SELECT s.id, s.user_id AS "userId", s.school_id AS "schoolId"
      FROM refresh_token r JOIN auth_session s ON s.id = r.session_id
      WHERE r.token_hash = ${hashSecretToken(refreshToken)} AND s.id <> ${by} AND s.revoked_at IS NULL`;
    if (!former) return [];
    const ids = await revokeSession(tx, former.id, "replaced");
    const actor = { userId: former.userId, schoolId: former.schoolId };
    await audit(
      tx,
      { ...ctx, actor },
      ids.map((objectId) => ({ action: "identity.session_ended", objectType: "session", objectId, details: { by } })),
    );
    return ids;
  }, client);
  await announceRevoked(ended);
}
