import type { Db } from "@/lib/platform/db/client";
import { inBatches, type Removal } from "@/lib/platform/db/in-batches";

/** Expired sessions and tokens are kept this long, so that "expired" can be told from "never existed". */
const KEPT_DAYS = 7;
const BATCH = 2_000;

const keptUntil = (now: Date) => new Date(now.getTime() - KEPT_DAYS * 86_400_000);

/**
 * Deletes refresh tokens that expired more than a week ago, spent or not, also those of sessions that go on. Answers how
 * many. A spent one is kept until then, because it is how a theft shows: whoever presents it ends the session. Until it
 * expires its owner may still hold it in good faith (an answer that never arrived, a copy restored); after that browsers
 * have dropped it and programs were told so, and a thief gains nothing by it.
 */
export async function deleteExpiredTokens(client: Db, { now, signal }: Removal): Promise<number> {
  return inBatches(
    signal,
    () => client.$executeRaw`
      WITH old AS (
        SELECT id FROM refresh_token WHERE expires_at < ${keptUntil(now)}
        ORDER BY expires_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM refresh_token r USING old WHERE r.id = old.id`,
  );
}

/**
 * Deletes sessions that expired more than a week ago and have no tokens left: no token outlives its session, so
 * {@link deleteExpiredTokens} comes first. Answers how many. Tokens are not deleted together with their session, because
 * a refresh locks both, the token first. Safe to run anywhere at any time: an expired session lets nobody in.
 */
export async function deleteExpiredSessions(client: Db, { now, signal }: Removal): Promise<number> {
  return inBatches(
    signal,
    () => client.$executeRaw`
      WITH old AS (
        SELECT s.id FROM auth_session s
        WHERE s.expires_at < ${keptUntil(now)} AND NOT EXISTS (SELECT 1 FROM refresh_token r WHERE r.session_id = s.id)
        ORDER BY s.expires_at LIMIT ${BATCH} FOR UPDATE OF s SKIP LOCKED
      )
      DELETE FROM auth_session s USING old WHERE s.id = old.id`,
  );
}
