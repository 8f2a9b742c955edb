import { z } from "zod";
import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import { addJob } from "@/lib/platform/jobs/add-job";
import type { JobKind } from "@/lib/platform/jobs/kind";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { say } from "@/lib/shared/say";
import { refuseField } from "../credentials/new-password";
import { verifyPassword } from "../credentials/passwords";
import { forgetTries, takeTry } from "../limits/tries";
import type { ChangeEmailInput } from "../schema";

const changeSchema = z.object({ changeId: z.string().max(64) });

/** Sends the link that confirms a new address to that address. */
export const EMAIL_CHANGE_MAIL: JobKind<z.output<typeof changeSchema>> = {
  name: "email-change-mail",
  payload: changeSchema,
  maxAttempts: 6,
};

/** Tells the address before that it was replaced. */
export const EMAIL_CHANGED_NOTICE: JobKind<z.output<typeof changeSchema>> = {
  name: "email-changed-notice",
  payload: changeSchema,
  maxAttempts: 12,
};

/** How long a link works, by the database's clock. */
export const EMAIL_CHANGE_HOURS = 24;

/**
 * Asks for another e-mail address for the actor: a link goes there, and until it is used nothing changes. The same happens for an
 * address that another account has, but that no mail comes: who has an account here is nobody else's business. A newer wish
 * takes the place of one before. Errors: `invalid_request` when `current` is not the password, or the address is the one that the
 * actor has; `too_many_attempts` as for changing the password, and for too many mails.
 */
export async function requestEmailChange(
  ctx: Context,
  { email, current }: ChangeEmailInput,
  client: Db = db(),
): Promise<void> {
  const { userId, schoolId } = ctx.actor;
  const user = await client.user.findFirst({
    where: { id: userId, schoolId, active: true },
    select: { email: true, passwordHash: true },
  });
  if (!user) throw new AppError("session_revoked", { detail: say("detail.signInAgain") });
  await takeTry("change", { account: userId });
  if (!(await verifyPassword(user.passwordHash, current)))
    throw refuseField("current", "wrong", say("field.passwordWrong"));
  await forgetTries("change", userId);
  if (email === user.email) {
    const message = say("field.emailSame");
    throw new AppError("invalid_request", { detail: message, errors: [{ path: "email", code: "same", message }] });
  }
  await takeTry("newEmail", { account: userId });
  await transaction(async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM app_user WHERE id = ${userId} FOR UPDATE`;
    await tx.$executeRaw`DELETE FROM email_change WHERE user_id = ${userId} AND confirmed_at IS NULL`;
    const changeId = newId(ctx.now.getTime());
    await tx.$executeRaw`
      INSERT INTO email_change (id, user_id, email, created_at, expires_at)
      VALUES (${changeId}, ${userId}, ${email}, statement_timestamp(),
              statement_timestamp() + ${EMAIL_CHANGE_HOURS}::int * interval '1 hour')`;
    await audit(tx, ctx, [{ action: "identity.email_change_requested", objectType: "user", objectId: userId }]);
    await addJob(tx, EMAIL_CHANGE_MAIL, { changeId });
  }, client);
}

/** Gives up the wish for another address; its link works no more. */
export async function cancelEmailChange(ctx: Context, client: Db = db()): Promise<void> {
  const { userId } = ctx.actor;
  await client.$executeRaw`DELETE FROM email_change WHERE user_id = ${userId} AND confirmed_at IS NULL`;
}
