import { audit } from "@/lib/platform/audit";
import { db, transaction, type Db, type Tx } from "@/lib/platform/db";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { passwordProblem } from "./password-policy";
import { hashPassword } from "./passwords";
import { hashSecretToken, newSecretToken } from "./refresh-token";
import { announceRevoked } from "./revocations";
import { revokeSessionsOf } from "./revoke-sessions";
import { openSession, type SessionTokens } from "./sessions";

const VALID_FOR_MS = 14 * 86_400_000;

/**
 * Makes a one-time link token for each of these people, in the caller's transaction; their older unused links end. Only
 * hashes are stored: the tokens returned here can be shown once (`/invite/<token>`), and never again.
 */
export async function createInvitations(
  tx: Tx,
  userIds: readonly string[],
  now: Date,
): Promise<{ userId: string; token: string }[]> {
  if (userIds.length === 0) return [];
  const made = [...new Set(userIds)].map((userId) => ({ userId, token: newSecretToken() }));
  await tx.$executeRaw`DELETE FROM invitation WHERE user_id = ANY(${made.map(({ userId }) => userId)}) AND used_at IS NULL`;
  await tx.invitation.createMany({
    data: made.map(({ userId, token }) => ({
      id: newId(now.getTime()),
      userId,
      tokenHash: hashSecretToken(token),
      createdAt: now,
      expiresAt: new Date(now.getTime() + VALID_FOR_MS),
    })),
  });
  return made;
}

/** Whose invitation a token is, or null when it is unknown, used, too old, or its person has left. */
export async function findInvitation(
  token: string,
  now: Date,
  client: Db = db(),
): Promise<{ userId: string; email: string } | null> {
  const found = await client.invitation.findUnique({
    where: { tokenHash: hashSecretToken(token) },
    select: { usedAt: true, expiresAt: true, user: { select: { id: true, email: true, active: true } } },
  });
  if (!found || found.usedAt !== null || found.expiresAt <= now || !found.user.active) return null;
  return { userId: found.user.id, email: found.user.email };
}

/**
 * Spends an invitation: sets the person's password, ends their other sessions and opens a new one. Throws `not_found`
 * for a link that does not work (any more) and `invalid_request` for a password that is refused (`errors[0].code` is a
 * `PasswordProblem`). Of two presses at once one wins.
 */
export async function acceptInvitation(
  ctx: Omit<Context, "actor">,
  input: { token: string; password: string },
  client: Db = db(),
): Promise<SessionTokens> {
  const gone = () => new AppError("not_found", { detail: "This link does not work any more." });
  const invited = await findInvitation(input.token, ctx.now, client);
  if (!invited) throw gone();
  const problem = passwordProblem(input.password, invited.email);
  if (problem)
    throw new AppError("invalid_request", {
      detail: "Choose another password.",
      errors: [{ path: "password", code: problem, message: "Choose a longer password that is hard to guess" }],
    });
  const passwordHash = await hashPassword(input.password);
  const { tokens, ended } = await transaction(async (tx) => {
    const { count } = await tx.invitation.updateMany({
      where: { tokenHash: hashSecretToken(input.token), usedAt: null },
      data: { usedAt: ctx.now },
    });
    if (count === 0) throw gone();
    const user = await tx.user.update({
      where: { id: invited.userId },
      data: { passwordHash, passwordShared: false },
      select: { schoolId: true },
    });
    const endedIds = await revokeSessionsOf(tx, [invited.userId], "password_set", ctx.now);
    const opened = await openSession(tx, invited.userId, ctx.now);
    if (!opened) throw gone();
    await audit(tx, { ...ctx, actor: { userId: invited.userId, schoolId: user.schoolId } }, [
      { action: "identity.password_set", objectType: "user", objectId: invited.userId },
      { action: "identity.signed_in", objectType: "session", objectId: opened.sessionId },
    ]);
    return { tokens: opened, ended: endedIds };
  }, client);
  await announceRevoked(ended);
  return tokens;
}
