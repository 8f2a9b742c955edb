import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";
import { announceRevoked } from "../sessions/revocations";
import { revokeOtherSessions } from "../sessions/revoke-sessions";
import { forgetTries, takeTry } from "../limits/tries";
import { passwordRulesOf, refuseBadPassword, refuseField } from "./new-password";
import { noticeTo } from "./notices";
import { hashPassword, verifyPassword } from "./passwords";

/**
 * Changes the actor's password: ends every other session, keeps this one, and writes to the person that it was changed.
 * Errors: `invalid_request` when `current` is not the password, or the new one is refused or the same; `too_many_attempts`
 * after ten wrong ones within 15 minutes; `session_revoked` when this session ended meanwhile.
 */
export async function changePassword(
  ctx: Context,
  input: { current: string; password: string },
  client: Db = db(),
): Promise<void> {
  const { userId } = ctx.actor;
  const stored = await storedHash(client, userId);
  await takeTry("change", { account: userId });
  if (!(await verifyPassword(stored, input.current))) throw refuseField("current", "wrong", say("field.passwordWrong"));
  await forgetTries("change", userId);
  await replacePassword(ctx, { stored, password: input.password, action: "identity.password_changed" }, client);
}

/**
 * Replaces the password that an import gave the actor, who has just signed in with it. The same as changing it, without
 * asking for what they typed a moment ago. Errors: `not_found` for somebody who chose their password; else as above.
 */
export async function chooseFirstPassword(ctx: Context, input: { password: string }, client: Db = db()): Promise<void> {
  if (!(await hasInitialPassword(ctx, client)))
    throw new AppError("not_found", { detail: say("detail.passwordChosen") });
  const stored = await storedHash(client, ctx.actor.userId);
  await replacePassword(ctx, { stored, password: input.password, action: "identity.password_set" }, client);
}

/** Whether the actor still has the password that an import gave them. */
export async function hasInitialPassword(ctx: Context, client: Db = db()): Promise<boolean> {
  const { userId, schoolId } = ctx.actor;
  const found = await client.user.findFirst({
    where: { id: userId, schoolId, passwordInitial: true, passwordHash: { not: null } },
    select: { id: true },
  });
  return found !== null;
}

async function storedHash(client: Db, userId: string): Promise<string | null> {
  const user = await client.user.findUnique({ where: { id: userId }, select: { passwordHash: true } });
  return user?.passwordHash ?? null;
}

async function replacePassword(
  ctx: Context,
  { stored, password, action }: { stored: string | null; password: string; action: string },
  client: Db,
): Promise<void> {
  const { userId, schoolId, sessionId } = ctx.actor;
  await refuseBadPassword(password, await passwordRulesOf(userId, client));
  if (await verifyPassword(stored, password)) throw refuseField("password", "same", say("field.passwordSame"));
  const passwordHash = await hashPassword(password);
  const ended = await transaction(async (tx) => {
    // The person first, as everybody who ends sessions of theirs: of two changes the second finds its session ended.
    await tx.$executeRaw`SELECT 1 FROM app_user WHERE id = ${userId} AND school_id = ${schoolId} FOR UPDATE`;
    const [session] = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM auth_session WHERE id = ${sessionId} AND user_id = ${userId} AND revoked_at IS NULL`;
    if (!session) throw new AppError("session_revoked", { detail: say("detail.signInAgain") });
    const data = { passwordHash, passwordShared: false, passwordInitial: false };
    await tx.user.update({ where: { id: userId }, data, select: { id: true } });
    const others = await revokeOtherSessions(tx, { userId, keep: sessionId }, "password_set");
    await audit(tx, ctx, [{ action, objectType: "user", objectId: userId, details: { ended: others.length } }]);
    await noticeTo(tx, userId, "passwordChanged");
    return others;
  }, client);
  await announceRevoked(ended);
}
