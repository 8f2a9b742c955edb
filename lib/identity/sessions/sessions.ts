import type { Tx } from "@/lib/platform/db/client";
import type { Actor, Role } from "@/lib/shared/context";
import { newId } from "@/lib/shared/ids";
import { ACCESS_TOKEN_SECONDS, signAccessToken } from "./access-token";
import { beginFactorGrace, factorDueSql } from "../factors/rule";
import { plainUserAgent } from "../devices/device-name";
import { idleSeconds, wholeSecondsSql } from "./lifetimes";
import { hashSecretToken, newSecretToken } from "./refresh-token";
import type { TokenPair } from "../schema";

/** The tokens of a session, and until when a browser keeps them. */
export type SessionTokens = TokenPair & { sessionId: string; refreshExpiresAt: Date };
export type SessionOwner = { id: string; schoolId: string; roles: readonly Role[] };

/**
 * Opens a session (a family of refresh tokens) in the caller's transaction and gives its first pair. The person is read
 * again here, because much can have happened while a password waited for its turn; null when the account has ended, or
 * when `passwordHash` is given and is no longer the person's. The row is locked: who ends an account, changes roles or
 * sets a password at this very moment either is waited for and seen, or finds this session and ends it. Rows are dated by
 * the database, whose clock alone decides when they end; `now` is this process's, by which it signs access tokens and
 * verifies them.
 */
export async function openSession(
  tx: Tx,
  userId: string,
  now: Date,
  passwordHash: string | null = null,
  userAgent: string | null = null,
): Promise<SessionTokens | null> {
  const sessionId = newId(now.getTime());
  await beginFactorGrace(tx, userId);
  const [owner] = await tx.$queryRaw<SessionOwner[]>`
    WITH owner AS (
      SELECT id, school_id, roles::text[] AS roles FROM app_user
      WHERE id = ${userId} AND active AND cardinality(roles) > 0
        AND (${passwordHash}::text IS NULL OR password_hash = ${passwordHash})
      FOR SHARE
    ), opened AS (
      INSERT INTO auth_session (id, user_id, school_id, created_at, proved_at, expires_at, user_agent)
      SELECT ${sessionId}, id, school_id, statement_timestamp(), statement_timestamp(),
             statement_timestamp() + ${wholeSecondsSql} * interval '1 second', ${plainUserAgent(userAgent)}
      FROM owner
    )
    SELECT id, school_id AS "schoolId", roles FROM owner`;
  return owner ? addPair(tx, { sessionId, owner, now }) : null;
}

/**
 * Adds one more refresh token to a session and signs an access token. The caller holds the session's row. The token ends
 * after the idle time of the person's roles (`LIFETIMES`), and never later than its session.
 */
export async function addPair(
  tx: Tx,
  session: { sessionId: string; owner: SessionOwner; now: Date },
): Promise<SessionTokens> {
  const { sessionId, owner, now } = session;
  const refreshToken = newSecretToken();
  const [added] = await tx.$queryRaw<{ expiresAt: Date; expiresIn: number; factorDueAt: number | null }[]>`
    INSERT INTO refresh_token (id, session_id, token_hash, created_at, expires_at)
    SELECT ${newId(now.getTime())}, id, ${hashSecretToken(refreshToken)}, statement_timestamp(),
           LEAST(statement_timestamp() + ${idleSeconds(owner.roles)}::int * interval '1 second', expires_at)
    FROM auth_session WHERE id = ${sessionId}
    RETURNING expires_at AS "expiresAt", floor(extract(epoch FROM expires_at - statement_timestamp()))::int AS "expiresIn",
      ${factorDueSql(owner.id)} AS "factorDueAt"`;
  if (!added) throw new Error("the session of a new refresh token is gone");
  return {
    tokenType: "Bearer",
    accessToken: await signAccessToken(actorOf(owner, sessionId, added.factorDueAt), now),
    expiresIn: ACCESS_TOKEN_SECONDS,
    refreshToken,
    refreshExpiresIn: added.expiresIn,
    sessionId,
    refreshExpiresAt: added.expiresAt,
  };
}

/** The actor that a session's tokens stand for. */
function actorOf(owner: SessionOwner, sessionId: string, factorDueAt: number | null): Actor {
  const actor = { userId: owner.id, schoolId: owner.schoolId, roles: owner.roles, sessionId };
  return factorDueAt === null ? actor : { ...actor, factorDueAt };
}
