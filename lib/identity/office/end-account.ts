import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { announceRevoked } from "../sessions/revocations";
import { revokeSessionsOf } from "../sessions/revoke-sessions";
import { beginOfficeAct, lockedPerson, notThisPerson } from "./person";
import type { PersonInput } from "./schema";

/**
 * Ends the account of a person of the actor's school: they are signed out everywhere within a second and cannot sign in, their
 * links work no more, and no roster opens it again. They stay on class lists, which are the roster's. Errors: `forbidden`,
 * `not_found`, `account_state` for one's own account or one that has ended.
 */
export async function endAccount(ctx: Context, { personId }: PersonInput, client: Db = db()): Promise<void> {
  requireRole(ctx, "ADMIN");
  if (personId === ctx.actor.userId) throw notThisPerson("ownAccount");
  const ended = await transaction(async (tx) => {
    await beginOfficeAct(tx, ctx);
    // Links before the account, as who accepts an invitation does: so neither waits for the other in a circle.
    await tx.$executeRaw`
      DELETE FROM invitation i USING app_user u
      WHERE i.user_id = u.id AND u.id = ${personId} AND u.school_id = ${ctx.actor.schoolId} AND i.used_at IS NULL`;
    const person = await lockedPerson(tx, ctx, { personId });
    if (!person.active) throw notThisPerson(person.hasLeft ? "personHasLeft" : "accountHasEnded");
    await tx.$executeRaw`
      UPDATE app_user SET active = false, ended_by_office = true, updated_at = statement_timestamp() WHERE id = ${personId}`;
    await tx.$executeRaw`DELETE FROM password_reset WHERE user_id = ${personId}`;
    const sessions = await revokeSessionsOf(tx, [personId], "account_ended");
    const details = { sessions: sessions.length };
    await audit(tx, ctx, [{ action: "identity.account_ended", objectType: "user", objectId: personId, details }]);
    return sessions;
  }, client);
  await announceRevoked(ended);
}

/**
 * Opens an account that had ended, with the password that it had. Errors: `forbidden`, `not_found`, `account_state` for one that is
 * open, or of whom a roster deleted.
 */
export async function reopenAccount(ctx: Context, { personId }: PersonInput, client: Db = db()): Promise<void> {
  requireRole(ctx, "ADMIN");
  await transaction(async (tx) => {
    await beginOfficeAct(tx, ctx);
    const person = await lockedPerson(tx, ctx, { personId });
    if (person.hasLeft) throw notThisPerson("personHasLeft");
    if (person.active) throw notThisPerson("accountIsOpen");
    await tx.$executeRaw`
      UPDATE app_user SET active = true, ended_by_office = false, updated_at = statement_timestamp() WHERE id = ${personId}`;
    await audit(tx, ctx, [{ action: "identity.account_reopened", objectType: "user", objectId: personId }]);
  }, client);
}
