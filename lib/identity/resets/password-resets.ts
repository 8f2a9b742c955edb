import { audit } from "@/lib/platform/db/audit";
import { db, Prisma, transaction, type Db, type Tx } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { say } from "@/lib/shared/say";
import { passwordRulesOf, refuseBadPassword } from "../credentials/new-password";
import { noticeTo } from "../credentials/notices";
import { hashPassword } from "../credentials/passwords";
import { forgetTries, takeTry } from "../limits/tries";
import { hashSecretToken, newSecretToken } from "../sessions/refresh-token";
import { announceRevoked } from "../sessions/revocations";
import { revokeSessionsOf } from "../sessions/revoke-sessions";
import type { ResetMail } from "./request-reset";

/** How long a link works, by the database's clock. */
export const RESET_MINUTES = 30;

const WORKS = Prisma.sql`r.used_at IS NULL AND r.expires_at > statement_timestamp()`;

/**
 * Makes the token of a link for whoever has this address, and ends the link before; null when nobody who may sign in has
 * it. Only its hash is stored. For the job that mails it: the token is in no row and in no payload.
 */
export async function createPasswordReset(
  { email, requestId, address }: ResetMail,
  now: Date,
  client: Db = db(),
): Promise<{ id: string; userId: string; token: string } | null> {
  return transaction(async (tx) => {
    const [user] = await tx.$queryRaw<{ id: string; schoolId: string }[]>`
      SELECT id, school_id AS "schoolId" FROM app_user
      WHERE email = ${email} AND active AND cardinality(roles) > 0 FOR UPDATE`;
    if (!user) return null;
    const { id, token } = await addPasswordReset(tx, user.id, now);
    // Nobody is known to have asked: anyone can type an address.
    const actor = { userId: null, schoolId: user.schoolId };
    await audit(tx, { actor, requestId, now, source: "web", address }, [
      { action: "identity.password_reset_requested", objectType: "user", objectId: user.id },
    ]);
    return { id, userId: user.id, token };
  }, client);
}

/** Makes the token of a link for this person in the caller's transaction, which holds the account's row, and ends the link before. */
export async function addPasswordReset(tx: Tx, userId: string, now: Date): Promise<{ id: string; token: string }> {
  const [id, token] = [newId(now.getTime()), newSecretToken()];
  await tx.$executeRaw`DELETE FROM password_reset WHERE user_id = ${userId} AND used_at IS NULL`;
  await tx.$executeRaw`
    INSERT INTO password_reset (id, user_id, token_hash, created_at, expires_at)
    VALUES (${id}, ${userId}, ${hashSecretToken(token)}, statement_timestamp(),
            statement_timestamp() + ${RESET_MINUTES}::int * interval '1 minute')`;
  return { id, token };
}

/** Whose link a token is, or null when it is unknown, used, too old, replaced, or its person has left. */
export async function findPasswordReset(
  token: string,
  client: Db = db(),
): Promise<{ userId: string; email: string } | null> {
  const [found] = await client.$queryRaw<{ userId: string; email: string }[]>`
    SELECT u.id AS "userId", u.email FROM password_reset r JOIN app_user u ON u.id = r.user_id
    WHERE r.token_hash = ${hashSecretToken(token)} AND ${WORKS} AND u.active`;
  return found ?? null;
}

/**
 * Spends a link: sets the password, ends every session of the person, and writes to them that it was done. It signs nobody
 * in, but whoever waited because of wrong passwords waits no more. Answers whose it was. Throws `not_found` for a link that does not work (any more), `invalid_request` for a password that is refused, and
 * `too_many_attempts` for whoever tries links. Of two presses at once one wins.
 */
export async function resetPassword(
  ctx: Omit<Context, "actor">,
  input: { token: string; password: string },
  client: Db = db(),
): Promise<{ userId: string }> {
  const gone = () => new AppError("not_found", { detail: say("detail.linkOver") });
  const owner = await findPasswordReset(input.token, client);
  if (!owner) {
    await takeTry("reset", { address: ctx.address ?? null });
    throw gone();
  }
  const { userId } = owner;
  await refuseBadPassword(input.password, await passwordRulesOf(userId, client));
  const passwordHash = await hashPassword(input.password);
  const ended = await transaction(async (tx) => {
    // The person first, as the job does that makes a newer link.
    const [user] = await tx.$queryRaw<{ schoolId: string }[]>`
      SELECT school_id AS "schoolId" FROM app_user WHERE id = ${userId} AND active FOR UPDATE`;
    // It may have ended while the password was hashed; of two at once the second waits, looks again and finds it spent.
    const spent = await tx.$executeRaw`
      UPDATE password_reset r SET used_at = statement_timestamp()
      WHERE r.token_hash = ${hashSecretToken(input.token)} AND ${WORKS}`;
    if (!user || spent === 0) throw gone();
    const data = { passwordHash, passwordShared: false, passwordInitial: false };
    await tx.user.update({ where: { id: userId }, data, select: { id: true } });
    const sessions = await revokeSessionsOf(tx, [userId], "password_set");
    await audit(tx, { ...ctx, actor: { userId, schoolId: user.schoolId } }, [
      { action: "identity.password_reset", objectType: "user", objectId: userId, details: { ended: sessions.length } },
    ]);
    await noticeTo(tx, userId, "passwordReset");
    return sessions;
  }, client);
  await announceRevoked(ended);
  await forgetTries("signIn", owner.email);
  return { userId };
}
