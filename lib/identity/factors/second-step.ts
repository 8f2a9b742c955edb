import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import { inBatches, type Removal } from "@/lib/platform/db/in-batches";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";
import { hashSecretToken, newSecretToken } from "../sessions/refresh-token";
import { openSession, type SessionTokens } from "../sessions/sessions";
import { proveCode } from "./prove-code";

const VALID_MINUTES = 10;

/** A sign-in that waits for the second factor: what its browser holds, and until when. */
export type SecondStep = { token: string; expiresAt: Date };

/**
 * Begins the second step of a sign-in whose password was right just now; null when it is no longer the person's, or the account
 * has ended. Only the token's hash is stored. It opens nothing by itself, and ends with the person's sessions: by another
 * password, other roles, or the end of the account.
 */
export async function beginSecondStep(
  owner: { userId: string; passwordHash: string },
  client: Db = db(),
): Promise<SecondStep | null> {
  const token = newSecretToken();
  const [begun] = await client.$queryRaw<{ expiresAt: Date }[]>`
    WITH owner AS (
      SELECT id FROM app_user
      WHERE id = ${owner.userId} AND active AND password_hash = ${owner.passwordHash} FOR SHARE
    )
    INSERT INTO second_step (token_hash, user_id, created_at, expires_at)
    SELECT ${hashSecretToken(token)}, id, statement_timestamp(),
      statement_timestamp() + ${VALID_MINUTES}::int * interval '1 minute'
    FROM owner RETURNING expires_at AS "expiresAt"`;
  return begun ? { token, expiresAt: begun.expiresAt } : null;
}

type Owner = {
  userId: string;
  schoolId: string;
  email: string;
  hasInitialPassword: boolean;
  hasAuthenticator: boolean;
  hasPasskey: boolean;
};

/** Whose sign-in waits under this token; null when it is unknown, spent or too old. */
export async function findSecondStep(token: string, client: Db = db()): Promise<Owner | null> {
  const [owner] = await client.$queryRaw<Owner[]>`
    SELECT u.id AS "userId", u.school_id AS "schoolId", u.email, u.password_initial AS "hasInitialPassword",
      EXISTS (SELECT 1 FROM totp_factor f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL) AS "hasAuthenticator",
      EXISTS (SELECT 1 FROM passkey p WHERE p.user_id = u.id) AS "hasPasskey"
    FROM second_step s JOIN app_user u ON u.id = s.user_id
    WHERE s.token_hash = ${hashSecretToken(token)} AND s.expires_at > statement_timestamp() AND u.active`;
  return owner ?? null;
}

/**
 * Opens the session of a sign-in that waited, with a code of the authenticator app or a recovery code. Errors:
 * `invalid_credentials` for a wrong code, which may be tried again; `not_found` for a step that is over, of two presses at once
 * for the second; `too_many_attempts`.
 */
export async function completeSecondStep(
  call: Omit<Context, "actor">,
  { token, code }: { token: string; code: string },
  client: Db = db(),
): Promise<{ tokens: SessionTokens; hasInitialPassword: boolean }> {
  const over = () => new AppError("not_found", { detail: say("detail.signInAgain") });
  const owner = await findSecondStep(token, client);
  if (!owner) throw over();
  if (!(await proveCode(call, owner, code, client)))
    throw new AppError("invalid_credentials", { detail: say("detail.codeWrong") });
  const { userId, schoolId } = owner;
  const tokens = await transaction(async (tx) => {
    // The person first, as whoever ends their sessions.
    const opened = await openSession(tx, userId, call.now, null, call.userAgent);
    const spent = await tx.$executeRaw`
      DELETE FROM second_step
      WHERE token_hash = ${hashSecretToken(token)} AND expires_at > statement_timestamp()`;
    if (!opened || spent === 0) throw over();
    await audit(tx, { ...call, actor: { userId, schoolId } }, [
      { action: "identity.signed_in", objectType: "session", objectId: opened.sessionId, details: { factors: 2 } },
    ]);
    return opened;
  }, client);
  return { tokens, hasInitialPassword: owner.hasInitialPassword };
}

const BATCH = 2_000;

/** Deletes sign-ins whose time for the second factor is over. Answers how many. */
export async function deleteOldSecondSteps(client: Db, { now, signal }: Removal): Promise<number> {
  return inBatches(
    signal,
    () => client.$executeRaw`
      WITH old AS (
        SELECT token_hash FROM second_step WHERE expires_at < ${now}
        ORDER BY expires_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM second_step s USING old WHERE s.token_hash = old.token_hash`,
  );
}
