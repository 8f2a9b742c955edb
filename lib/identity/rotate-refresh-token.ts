import { audit } from "@/lib/platform/audit";
import { db, transaction, type Db, type Tx } from "@/lib/platform/db";
import { counter } from "@/lib/platform/metrics";
import type { Context, Role } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { hashSecretToken } from "./refresh-token";
import { announceRevoked } from "./revocations";
import { revokeSession } from "./revoke-sessions";
import { addPair, type SessionTokens } from "./sessions";

/**
 * In a browser parallel requests carry the same cookie, and the answer that brings the new one may never arrive (a second
 * click, a page that is left): that long a token that was just spent is no theft there.
 */
export const BROWSER_GRACE_MS = 10_000;

type Found = {
  tokenId: string;
  usedAt: Date | null;
  tokenExpiresAt: Date;
  sessionId: string;
  sessionExpiresAt: Date;
  revokedAt: Date | null;
  userId: string;
  schoolId: string;
  roles: Role[];
  active: boolean;
};

type Outcome =
  { kind: "rotated" | "graced"; tokens: SessionTokens } | { kind: "refused"; error: AppError; revoked: string[] };

export type Renewed = {
  /** `graced`: another request spent the token a moment ago; this is one more pair beside the one that it got. */
  kind: "rotated" | "graced";
  tokens: SessionTokens;
};

/**
 * Spends a refresh token for a new pair (programs: no grace). Throws `refresh_token_invalid`, `refresh_token_expired`,
 * `session_revoked`, or `refresh_token_reused`: then the whole family has been revoked, because either the owner or a
 * thief holds a copy and nobody can tell which.
 */
export async function rotateRefreshToken(
  ctx: Omit<Context, "actor">,
  token: string,
  client: Db = db(),
): Promise<SessionTokens> {
  const renewed = await renew(ctx, token, 0, client);
  if (renewed.kind === "rotated") return renewed.tokens;
  throw new Error("a grace of 0 ms was used");
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
      return outcome;
    case "refused":
      await announceRevoked(outcome.revoked);
      throw outcome.error;
  }
}

// A refusal is a value and not thrown in here: the transaction that revokes a family must commit.
async function decide(tx: Tx, ctx: Omit<Context, "actor">, token: string, graceMs: number): Promise<Outcome> {
  // Both rows are locked: of two requests with one token the second waits and then sees what the first did, and no pair
  // is added to a session that is being revoked.
  const [found] = await tx.$queryRaw<Found[]>`
    SELECT r.id AS "tokenId", r.used_at AS "usedAt", r.expires_at AS "tokenExpiresAt",
           s.id AS "sessionId", s.expires_at AS "sessionExpiresAt", s.revoked_at AS "revokedAt",
           u.id AS "userId", u.school_id AS "schoolId", u.roles::text[] AS roles, u.active
    FROM refresh_token r JOIN auth_session s ON s.id = r.session_id JOIN app_user u ON u.id = s.user_id
    WHERE r.token_hash = ${hashSecretToken(token)}
    FOR UPDATE OF r, s`;
  const refused = (error: AppError, revoked: string[] = []): Outcome => ({ kind: "refused", error, revoked });
  const signInAgain = { detail: "Sign in again." };
  if (!found) return refused(new AppError("refresh_token_invalid", signInAgain));

  const isInGrace = found.usedAt !== null && ctx.now.getTime() - found.usedAt.getTime() < graceMs;
  if (found.usedAt !== null && !isInGrace) {
    const revoked = await revokeSession(tx, found.sessionId, "refresh_token_reused", ctx.now);
    await audit(
      tx,
      { ...ctx, actor: { userId: found.userId, schoolId: found.schoolId } },
      revoked.map((id) => ({ action: "identity.refresh_token_reused", objectType: "session", objectId: id })),
    );
    return refused(new AppError("refresh_token_reused", signInAgain), revoked);
  }
  if (found.revokedAt !== null || !found.active || found.roles.length === 0)
    return refused(new AppError("session_revoked", signInAgain));
  if (found.tokenExpiresAt <= ctx.now || found.sessionExpiresAt <= ctx.now)
    return refused(new AppError("refresh_token_expired", signInAgain));

  // In the grace `used_at` stays what it is: the grace is not prolonged by being used.
  if (!isInGrace) await tx.$executeRaw`UPDATE refresh_token SET used_at = ${ctx.now} WHERE id = ${found.tokenId}`;
  const tokens = await addPair(tx, {
    sessionId: found.sessionId,
    sessionExpiresAt: found.sessionExpiresAt,
    owner: { id: found.userId, schoolId: found.schoolId, roles: found.roles },
    now: ctx.now,
  });
  return { kind: isInGrace ? "graced" : "rotated", tokens };
}
