import { cache } from "@/lib/platform/cache/cache";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import { audit } from "@/lib/platform/db/audit";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";
import type { ChangeNameInput, ChooseLocaleInput } from "../schema";

/** What a person sees and sets of their own account. */
export type OwnAccount = {
  givenName: string;
  familyName: string;
  /** No roster names the person: their name is theirs to change. */
  ownsName: boolean;
  hasPassword: boolean;
  /** The password was given by an import and not chosen by its person yet. */
  hasInitialPassword: boolean;
  /** An address that waits to be confirmed by the link in a mail. */
  newEmail: string | null;
};

/** The signed-in person's own account. Throws `session_revoked` when the person is gone. */
export async function ownAccount(ctx: Context, client: Db = db()): Promise<OwnAccount> {
  const { userId, schoolId } = ctx.actor;
  const [account] = await client.$queryRaw<OwnAccount[]>`
    SELECT u.given_name AS "givenName", u.family_name AS "familyName", u.sourced_id IS NULL AS "ownsName",
      u.password_hash IS NOT NULL AS "hasPassword", u.password_initial AS "hasInitialPassword",
      e.email AS "newEmail"
    FROM app_user u
    LEFT JOIN email_change e ON e.user_id = u.id AND e.confirmed_at IS NULL AND e.expires_at > statement_timestamp()
    WHERE u.id = ${userId} AND u.school_id = ${schoolId} AND u.active`;
  if (!account) throw new AppError("session_revoked", { detail: say("detail.signInAgain") });
  return account;
}

/**
 * Changes the name of somebody whom no roster names. Errors: `account_state` for everybody else: class lists, marks and letters say
 * what the school says.
 */
export async function changeName(
  ctx: Context,
  { givenName, familyName }: ChangeNameInput,
  client: Db = db(),
): Promise<void> {
  const { userId, schoolId } = ctx.actor;
  await transaction(async (tx) => {
    const changed = await tx.$executeRaw`
      UPDATE app_user SET given_name = ${givenName}, family_name = ${familyName}, updated_at = statement_timestamp()
      WHERE id = ${userId} AND school_id = ${schoolId} AND active AND sourced_id IS NULL`;
    if (changed === 0) throw new AppError("account_state", { detail: say("detail.nameOfRoster") });
    await audit(tx, ctx, [{ action: "identity.name_changed", objectType: "user", objectId: userId }]);
  }, client);
  await forgetMe(ctx);
}

/** Sets the language in which the signed-in person is spoken and written to; null: the school's. */
export async function chooseLocale(ctx: Context, { locale }: ChooseLocaleInput, client: Db = db()): Promise<void> {
  const { userId, schoolId } = ctx.actor;
  await client.$executeRaw`
    UPDATE app_user SET locale = ${locale}, updated_at = statement_timestamp()
    WHERE id = ${userId} AND school_id = ${schoolId} AND locale IS DISTINCT FROM ${locale}`;
  await forgetMe(ctx);
}

/** What the cache knows of the person of this session is old; their other sessions see the change within half a minute. */
export async function forgetMe({ actor }: Pick<Context, "actor">): Promise<void> {
  await cache().delete([`session:${actor.sessionId}`]);
}
