import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db, type Tx } from "@/lib/platform/db/client";
import { keyReused } from "@/lib/platform/idempotency/kept-answers";
import { counter } from "@/lib/platform/runtime/metrics";
import type { Context, Role } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { takeTry } from "../limits/tries";
import { hashSecretToken } from "./refresh-token";
import { keepPair, REPEAT_MS, repeatedPair } from "./repeated-refresh";
import { announceRevoked } from "./revocations";
import { revokeSession } from "./revoke-sessions";
import { addPair, type SessionTokens } from "./sessions";
import { say } from "@/lib/shared/say";

/**
 * In a browser parallel requests carry the same cookie, and the answer that brings the new one may never arrive (a second
 * click, a page that is left): that long a token that was just spent is no theft there.
 */
export const BROWSER_GRACE_MS = 10_000;

type Found = {
  tokenId: string;
  /** How long ago the token was spent, by the database's clock; null: it has not been. */
  usedMsAgo: number | null;
  isExpired: boolean;
  sessionId: string;
  isRevoked: boolean;
  userId: string;
  schoolId: string;
  roles: Role[];
  active: boolean;
};

type Outcome =
  | { kind: "rotated" | "graced" | "repeated"; tokens: SessionTokens }
  | { kind: "refused"; error: AppError; revoked: string[] };

export type Renewed = {
  /**
   * `graced`: another request spent the token a moment ago; this is one more pair beside the one that it got. `repeated`:
   * the same request came again with its key, and this is the pair that it got.
   */
  kind: "rotated" | "graced" | "repeated";
  tokens: SessionTokens;
};

/**
 * Spends a refresh token for a new pair (programs: no grace). Throws `refresh_token_invalid` (after too many of them
 * `too_many_attempts`), `refresh_token_expired`,
 * `session_revoked`, or `refresh_token_reused`: then the whole family has been revoked, because either the owner or a
 * thief holds a copy and nobody can tell which. With `ctx.keyed` the same call gets the same pair again for 60 s, and a
 * key that another body has used is refused as `idempotency_key_reused`: then nothing is spent.
 */
export async function rotateRefreshToken(
  ctx: Omit<Context, "actor">,
  token: string,
  client: Db = db(),
): Promise<SessionTokens> {
  const { tokens } = await renew(ctx, token, 0, client);
  return tokens;
}

/**
 * The same for a browser's cookie: a token spent within the last 10 s gives a pair once more. Whichever answer arrives
 * last, the browser then holds a token that is good; an access token alone would leave it with the spent one.
 */
export function renewBrowserSession(ctx: Omit<Context, "actor">, token: string, client: Db = db()): Promise<Renewed> {
  return renew(ctx, token, BROWSER_GRACE_MS, client);
}

async function renew(ctx: Omit<Context, "actor">, token: string, graceMs: number, client: Db): Promise<Renewed> {
  const outcome = await transaction((tx) => decide(tx, ctx, token, graceMs), client);
  const outcomes = counter("campus_identity_refreshes_total", "Refreshes by outcome", ["outcome"]);
  outcomes.inc({ outcome: outcome.kind === "refused" ? outcome.error.code : outcome.kind });
  switch (outcome.kind) {
    case "rotated":
    case "graced":
    case "repeated":
      return outcome;
    case "refused":
      await announceRevoked(outcome.revoked);
      // A browser is told in any case: its cookies go with the answer, and it does not come again.
      if (graceMs === 0 && outcome.error.code === "refresh_token_invalid")
        await takeTry("refresh", { address: ctx.address ?? null });
      throw outcome.error;
  }
}

// A refusal is a value and not thrown in here: the transaction that revokes a family must commit.
async function decide(tx: Tx, ctx: Omit<Context, "actor">, token: string, graceMs: number): Promise<Outcome> {
  // Both rows are locked: of two requests with one token the second waits and then sees what the first did, and no pair
  // is added to a session that is being revoked. The clock is the database's alone, read when the locks are held: by the
  // clocks of two processes, or by one read before the wait, the second could have come before the first.
  const [found] = await tx.$queryRaw<Found[]>`
    WITH held AS MATERIALIZED (
      SELECT r.id AS token_id, r.used_at, LEAST(r.expires_at, s.expires_at) AS expires_at, s.id AS session_id,
             s.revoked_at, u.id AS user_id, u.school_id, coalesce(u.roles, '{}')::text[] AS roles, u.active
      FROM refresh_token r JOIN auth_session s ON s.id = r.session_id JOIN app_user u ON u.id = s.user_id
      WHERE r.token_hash = ${hashSecretToken(token)}
      FOR UPDATE OF r, s
    )
    SELECT token_id AS "tokenId", session_id AS "sessionId", user_id AS "userId", school_id AS "schoolId", roles, active,
           revoked_at IS NOT NULL AS "isRevoked", expires_at <= clock_timestamp() AS "isExpired",
           extract(epoch FROM clock_timestamp() - used_at)::float8 * 1000 AS "usedMsAgo"
    FROM held`;
  const refused = (error: AppError, revoked: string[] = []): Outcome => ({ kind: "refused", error, revoked });
  const signInAgain = { detail: say("detail.signInAgain") };
  if (!found) return refused(new AppError("refresh_token_invalid", signInAgain));

  // A clock that was set back makes no time before the use: a grace of 0 is none.
  const isInGrace = found.usedMsAgo !== null && Math.max(found.usedMsAgo, 0) < graceMs;
  const call = ctx.keyed && { ...ctx.keyed, userId: found.userId };
  const before = call ? await repeatedPair(tx, call, token) : null;
  const isRecent = found.usedMsAgo !== null && found.usedMsAgo < REPEAT_MS;
  const again = isRecent && before !== null && before !== "other_body" ? before : null;
  if (found.usedMsAgo !== null && !isInGrace && !again) {
    const revoked = await revokeSession(tx, found.sessionId, "refresh_token_reused");
    await audit(
      tx,
      { ...ctx, actor: { userId: found.userId, schoolId: found.schoolId } },
      revoked.map((id) => ({ action: "identity.refresh_token_reused", objectType: "session", objectId: id })),
    );
    return refused(new AppError("refresh_token_reused", signInAgain), revoked);
  }
  if (found.isRevoked || !found.active || found.roles.length === 0)
    return refused(new AppError("session_revoked", signInAgain));
  if (again) return { kind: "repeated", tokens: again };
  if (found.isExpired) return refused(new AppError("refresh_token_expired", signInAgain));
  if (before) return refused(keyReused());

  // In the grace `used_at` stays what it is: the grace is not prolonged by being used.
  if (!isInGrace)
    await tx.$executeRaw`
      WITH seen AS (UPDATE auth_session SET last_seen_at = clock_timestamp() WHERE id = ${found.sessionId})
      UPDATE refresh_token SET used_at = clock_timestamp() WHERE id = ${found.tokenId}`;
  const owner = { id: found.userId, schoolId: found.schoolId, roles: found.roles };
  const tokens = await addPair(tx, { sessionId: found.sessionId, owner, now: ctx.now });
  if (call) await keepPair(tx, call, token, tokens);
  return { kind: isInGrace ? "graced" : "rotated", tokens };
}
