import type { Db } from "@/lib/platform/db";

/** Expired sessions are kept this long, so that "expired" can be told from "never existed". */
const KEPT_MS = 7 * 86_400_000;
const CHUNK = 2_000;

/**
 * Deletes sessions that expired more than a week ago, with their refresh tokens, in short transactions. Answers how many.
 * Safe to run anywhere at any time: an expired session lets nobody in.
 */
export async function deleteExpiredSessions(client: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEPT_MS);
  let total = 0;
  for (let removed = CHUNK; removed === CHUNK; total += removed) {
    removed = await client.$executeRaw`
      WITH old AS (SELECT id FROM auth_session WHERE expires_at < ${before} ORDER BY expires_at LIMIT ${CHUNK}),
           tokens AS (DELETE FROM refresh_token WHERE session_id IN (SELECT id FROM old) RETURNING id)
      DELETE FROM auth_session WHERE id IN (SELECT id FROM old) AND (SELECT count(*) FROM tokens) >= 0`;
  }
  return total;
}
