import { audit } from "@/lib/platform/db/audit";
import { db, Prisma, transaction, type Db, type Tx } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { log } from "@/lib/platform/runtime/log";
import { forgetTries, takeTry } from "../limits/tries";
import { plainRecoveryCode, spendRecoveryCode } from "./recovery-codes";
import { openSecret } from "./sealed-secret";
import { CODE_DIGITS, STEP_SECONDS, stepOfCode } from "./totp";

/** The code of an authenticator as it is compared, or null when what was typed cannot be one. */
export function plainTotpCode(typed: string): string | null {
  const plain = typed.replace(/[\s-]/g, "");
  return new RegExp(`^\\d{${CODE_DIGITS}}$`).test(plain) ? plain : null;
}

/**
 * Takes a code of a person's authenticator app or one of their recovery codes, and answers whether it is right. Either is
 * taken once, also by two processes at the same moment. Throws `too_many_attempts` after five within 15 minutes, right or wrong
 * alike; one that is right begins the count anew.
 */
export async function proveCode(
  call: Omit<Context, "actor">,
  { userId, schoolId }: { userId: string; schoolId: string },
  typed: string,
  client: Db = db(),
): Promise<boolean> {
  await takeTry("secondStep", { account: userId, address: call.address ?? null });
  const isRight = await transaction(async (tx) => {
    // The person first, as everybody who changes what is theirs.
    await tx.$executeRaw`SELECT 1 FROM app_user WHERE id = ${userId} FOR SHARE`;
    const digits = plainTotpCode(typed);
    if (digits !== null) return spendTotpCode(tx, userId, digits);
    const plain = plainRecoveryCode(typed);
    if (plain === null || !(await hasSecondFactor(tx, userId)) || !(await spendRecoveryCode(tx, userId, plain)))
      return false;
    await audit(tx, { ...call, actor: { userId, schoolId } }, [
      { action: "identity.recovery_code_used", objectType: "user", objectId: userId },
    ]);
    return true;
  }, client);
  if (isRight) await forgetTries("secondStep", userId);
  return isRight;
}

/** Whether signing in asks the person `u` for something besides the password. */
export const HAS_SECOND_FACTOR = Prisma.sql`EXISTS (
  SELECT 1 FROM totp_factor f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL
  UNION ALL SELECT 1 FROM passkey p WHERE p.user_id = u.id)`;

/** Whether signing in asks a person for something besides the password. */
export async function hasSecondFactor(client: Db | Tx, userId: string): Promise<boolean> {
  const [row] = await client.$queryRaw<{ has: boolean }[]>`
    SELECT ${HAS_SECOND_FACTOR} AS has FROM app_user u WHERE u.id = ${userId}`;
  return row?.has ?? false;
}

/** Whether a person signs in with an authenticator app. */
export async function hasAuthenticator(client: Db | Tx, userId: string): Promise<boolean> {
  const [row] = await client.$queryRaw<{ userId: string }[]>`
    SELECT user_id AS "userId" FROM totp_factor WHERE user_id = ${userId} AND confirmed_at IS NOT NULL`;
  return row !== undefined;
}

async function spendTotpCode(tx: Tx, userId: string, code: string): Promise<boolean> {
  const factor = await factorOf(tx, userId);
  if (!factor?.isConfirmed) return false;
  const step = stepOf(userId, factor, code);
  if (step === null) return false;
  const spent = await tx.$executeRaw`
    UPDATE totp_factor SET last_step = ${step}::int
    WHERE user_id = ${userId} AND confirmed_at IS NOT NULL AND secret = ${factor.secret} AND last_step < ${step}::int`;
  return spent > 0;
}

type Factor = { secret: Uint8Array<ArrayBuffer>; isConfirmed: boolean; now: number };

/** A person's authenticator with the step of the database's clock. */
export async function factorOf(tx: Tx, userId: string): Promise<Factor | undefined> {
  const [factor] = await tx.$queryRaw<Factor[]>`
    SELECT secret, confirmed_at IS NOT NULL AS "isConfirmed",
      floor(extract(epoch FROM statement_timestamp()) / ${STEP_SECONDS}::int)::int AS now
    FROM totp_factor WHERE user_id = ${userId}`;
  return factor;
}

/** The step whose code this is, of the one now and its neighbours; null: of none. */
export function stepOf(userId: string, { secret, now }: Factor, code: string): number | null {
  const opened = openSecret(userId, secret);
  // Recovery codes go on working, and the office can reset the factor.
  if (opened === null)
    log().error({ userId }, "an authenticator's secret cannot be read: was the signing key changed?");
  return opened === null ? null : stepOfCode(opened, code, now);
}

/** Takes the recovery codes of a person who has no second factor left, in the caller's transaction. */
export async function dropUselessCodes(tx: Tx, userId: string): Promise<void> {
  if (!(await hasSecondFactor(tx, userId))) await tx.$executeRaw`DELETE FROM recovery_code WHERE user_id = ${userId}`;
}
