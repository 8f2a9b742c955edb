import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db, type Tx } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";
import { forgetTries, takeTry } from "../limits/tries";
import { noticeTo } from "../credentials/notices";
import { requireRecentProof } from "./recent-proof";
import { dropUselessCodes, factorOf, hasSecondFactor, plainTotpCode, stepOf } from "./prove-code";
import { replaceRecoveryCodes } from "./recovery-codes";
import { sealSecret } from "./sealed-secret";
import { newTotpSecret } from "./totp";

/**
 * Begins to turn on the actor's authenticator app: makes a secret, which guards nothing until `confirmAuthenticator` has seen
 * its code. Begun again, it is another secret. Errors: `account_state` when one is turned on,
 * `proof_required`.
 */
export async function beginAuthenticator(ctx: Context, client: Db = db()): Promise<void> {
  await requireRecentProof(ctx, client);
  const { userId } = ctx.actor;
  const secret = sealSecret(userId, newTotpSecret());
  const begun = await client.$executeRaw`
    INSERT INTO totp_factor (user_id, secret, created_at) VALUES (${userId}, ${secret}, statement_timestamp())
    ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at
    WHERE totp_factor.confirmed_at IS NULL`;
  if (begun === 0) throw new AppError("account_state", { detail: say("detail.authenticatorIsOn") });
}

/**
 * Turns the authenticator on with a code that it shows, and answers the recovery codes, which can be shown this once. Written
 * to the person. Errors: `invalid_request` for a wrong code, `account_state` when none is being turned on, `too_many_attempts`,
 * `proof_required`.
 */
export async function confirmAuthenticator(
  ctx: Context,
  { code }: { code: string },
  client: Db = db(),
): Promise<string[]> {
  await requireRecentProof(ctx, client);
  const { userId } = ctx.actor;
  await takeTry("secondStep", { account: userId, address: ctx.address ?? null });
  const codes = await transaction(async (tx) => {
    await lockActor(tx, userId);
    const factor = await factorOf(tx, userId);
    if (!factor) throw notTurnedOn();
    if (factor.isConfirmed) throw new AppError("account_state", { detail: say("detail.authenticatorIsOn") });
    const digits = plainTotpCode(code);
    const step = digits === null ? null : stepOf(userId, factor, digits);
    if (step === null) throw wrongCode();
    await tx.$executeRaw`
      UPDATE totp_factor SET confirmed_at = statement_timestamp(), last_step = ${step}::int WHERE user_id = ${userId}`;
    const made = await replaceRecoveryCodes(tx, userId);
    await audit(tx, ctx, [{ action: "identity.authenticator_on", objectType: "user", objectId: userId }]);
    await noticeTo(tx, userId, "authenticatorOn");
    return made;
  }, client);
  await forgetTries("secondStep", userId);
  return codes;
}

/** Makes the actor's recovery codes anew, and ends those before. Written to the person. Errors: `account_state` without a second factor, `proof_required`. */
export async function renewRecoveryCodes(ctx: Context, client: Db = db()): Promise<string[]> {
  await requireRecentProof(ctx, client);
  const { userId } = ctx.actor;
  return transaction(async (tx) => {
    await lockActor(tx, userId);
    if (!(await hasSecondFactor(tx, userId)))
      throw new AppError("account_state", { detail: say("detail.noOwnFactor") });
    const made = await replaceRecoveryCodes(tx, userId);
    await audit(tx, ctx, [{ action: "identity.recovery_codes_made", objectType: "user", objectId: userId }]);
    await noticeTo(tx, userId, "recoveryCodesMade");
    return made;
  }, client);
}

/**
 * Turns the actor's authenticator off, and with the last factor the recovery codes; one that was being turned on is dropped in silence. Off
 * already is no change. Written to the person. Errors: `proof_required`.
 */
export async function turnOffAuthenticator(ctx: Context, client: Db = db()): Promise<void> {
  await requireRecentProof(ctx, client);
  const { userId } = ctx.actor;
  await transaction(async (tx) => {
    await lockActor(tx, userId);
    const wasOn = (await factorOf(tx, userId))?.isConfirmed ?? false;
    await tx.$executeRaw`DELETE FROM totp_factor WHERE user_id = ${userId}`;
    await dropUselessCodes(tx, userId);
    if (!wasOn) return;
    await audit(tx, ctx, [{ action: "identity.authenticator_off", objectType: "user", objectId: userId }]);
    await noticeTo(tx, userId, "authenticatorOff");
  }, client);
}

/** Takes everything with which a person signs in besides the password, in the caller's transaction, which holds the person's row. */
export async function removeSecondFactors(tx: Tx, userId: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM totp_factor WHERE user_id = ${userId}`;
  await tx.$executeRaw`DELETE FROM passkey WHERE user_id = ${userId}`;
  await tx.$executeRaw`DELETE FROM recovery_code WHERE user_id = ${userId}`;
}

async function lockActor(tx: Tx, userId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM app_user WHERE id = ${userId} FOR UPDATE`;
}

const notTurnedOn = () => new AppError("account_state", { detail: say("detail.authenticatorIsOff") });

function wrongCode(): AppError {
  const message = say("detail.codeWrong");
  return new AppError("invalid_request", { detail: message, errors: [{ path: "code", code: "wrong", message }] });
}
