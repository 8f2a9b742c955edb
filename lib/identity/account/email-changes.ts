import { audit } from "@/lib/platform/db/audit";
import { db, Prisma, transaction, violatedConstraint, type Db } from "@/lib/platform/db/client";
import { inBatches, type Removal } from "@/lib/platform/db/in-batches";
import { addJob } from "@/lib/platform/jobs/add-job";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";
import { hashSecretToken, newSecretToken } from "../sessions/refresh-token";
import { EMAIL_CHANGED_NOTICE } from "./change-email";

const WAITS = Prisma.sql`e.confirmed_at IS NULL AND e.expires_at > statement_timestamp()`;

/**
 * Makes the token of the link that confirms an address, for the job that mails it; a mail that is tried again has another, and
 * the newest works. Only its hash is stored. Null when the wish is over, or another account has the address.
 */
export async function createEmailConfirmation(
  { changeId }: { changeId: string },
  client: Db = db(),
): Promise<{ userId: string; email: string; token: string } | null> {
  const token = newSecretToken();
  const [made] = await client.$queryRaw<{ userId: string; email: string }[]>`
    UPDATE email_change e SET token_hash = ${hashSecretToken(token)} FROM app_user u
    WHERE e.id = ${changeId} AND ${WAITS} AND u.id = e.user_id AND u.active
      AND NOT EXISTS (SELECT 1 FROM app_user other WHERE other.email = e.email)
    RETURNING e.user_id AS "userId", e.email`;
  return made ? { ...made, token } : null;
}

/** Which address a link is to confirm, or null when it is unknown, used, too old, replaced, or its person has left. */
export async function findEmailChange(token: string, client: Db = db()): Promise<{ email: string } | null> {
  const [found] = await client.$queryRaw<{ email: string }[]>`
    SELECT e.email FROM email_change e JOIN app_user u ON u.id = e.user_id
    WHERE e.token_hash = ${hashSecretToken(token)} AND ${WAITS} AND u.active`;
  return found ?? null;
}

/**
 * Spends a link: the address is the person's from now on, whatever a roster says, links for new passwords that went to the one
 * before end, and that one is told. It signs nobody in or out. Throws `not_found` for a link that does not work (any more), and
 * `account_state` when another account has taken the address meanwhile.
 */
export async function confirmEmailChange(
  ctx: Omit<Context, "actor">,
  { token }: { token: string },
  client: Db = db(),
): Promise<void> {
  try {
    await transaction(async (tx) => {
      const [owner] = await tx.$queryRaw<{ userId: string; schoolId: string; email: string }[]>`
        SELECT u.id AS "userId", u.school_id AS "schoolId", u.email
        FROM email_change e JOIN app_user u ON u.id = e.user_id
        WHERE e.token_hash = ${hashSecretToken(token)} AND u.active FOR UPDATE OF u`;
      // After the account, as every other change of it: of two presses the second finds the link spent.
      const [spent] = await tx.$queryRaw<{ id: string; email: string }[]>`
        UPDATE email_change e SET confirmed_at = statement_timestamp(), previous_email = ${owner?.email ?? null}
        WHERE e.token_hash = ${hashSecretToken(token)} AND ${WAITS} RETURNING e.id, e.email`;
      if (!owner || !spent) throw new AppError("not_found", { detail: say("detail.linkOver") });
      const { userId, schoolId } = owner;
      await tx.user.update({
        where: { id: userId },
        data: { email: spent.email, ownEmail: true },
        select: { id: true },
      });
      await tx.$executeRaw`DELETE FROM password_reset WHERE user_id = ${userId}`;
      await audit(tx, { ...ctx, actor: { userId, schoolId } }, [
        { action: "identity.email_changed", objectType: "user", objectId: userId },
      ]);
      await addJob(tx, EMAIL_CHANGED_NOTICE, { changeId: spent.id });
    }, client);
  } catch (error) {
    if (violatedConstraint(error) !== "app_user_email_key") throw error;
    throw new AppError("account_state", { detail: say("detail.emailTakenMeanwhile") });
  }
}

/** Whom to tell that an address was replaced, at which address; null when there is nobody. */
export async function replacedEmail(
  { changeId }: { changeId: string },
  client: Db = db(),
): Promise<{ userId: string; email: string } | null> {
  const [found] = await client.$queryRaw<{ userId: string; email: string | null }[]>`
    SELECT e.user_id AS "userId", e.previous_email AS email FROM email_change e
    WHERE e.id = ${changeId} AND e.confirmed_at IS NOT NULL AND e.previous_email NOT LIKE '%.invalid'`;
  return found?.email ? { userId: found.userId, email: found.email } : null;
}

/** Long enough to see what happened when somebody says that they cannot sign in; the addresses go with it. */
const KEPT_DAYS = 30;
const BATCH = 2_000;

/** Deletes changes of addresses whose time was over 30 days ago, done or not. Answers how many. */
export async function deleteOldEmailChanges(client: Db, { now, signal }: Removal): Promise<number> {
  const before = new Date(now.getTime() - KEPT_DAYS * 86_400_000);
  return inBatches(
    signal,
    () => client.$executeRaw`
      WITH old AS (
        SELECT id FROM email_change WHERE expires_at < ${before}
        ORDER BY expires_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM email_change e USING old WHERE e.id = old.id`,
  );
}
