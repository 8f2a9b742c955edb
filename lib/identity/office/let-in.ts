import { audit } from "@/lib/platform/db/audit";
import { db, transaction, violatedConstraint, type Db } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/runtime/env";
import { requireRole } from "@/lib/shared/access";
import { ROLES, type Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { say } from "@/lib/shared/say";
import { noticeTo } from "../credentials/notices";
import { requireRecentProof } from "../factors/recent-proof";
import { isPlaceholderEmail } from "../import/import-people";
import { createInvitations } from "../invitations/invitations";
import { addPasswordReset } from "../resets/password-resets";
import { lockedPerson, notThisPerson } from "./person";
import type { AddPersonInput, PersonInput } from "./schema";

/** A link that lets one person in, for their eyes only; it can be shown this once. */
export type WayIn = { kind: "invitation" | "newPassword"; name: string; email: string; url: string };

/**
 * Makes a link for a person of the actor's school who stands at the desk: to choose a first password, as long as any invitation
 * works; or, for who has one already, another within half an hour. The link before ends. Who has a password is written to that
 * the office did this. Errors: `forbidden`, `not_found`, `account_state` for an account that has ended or has no e-mail address,
 * `proof_required`.
 */
export async function makeWayIn(ctx: Context, { personId }: PersonInput, client: Db = db()): Promise<WayIn> {
  requireRole(ctx, "ADMIN");
  return transaction(async (tx) => {
    const person = await lockedPerson(tx, ctx, { personId });
    await requireRecentProof(ctx, tx);
    if (!person.active) throw notThisPerson(person.hasLeft ? "personHasLeft" : "accountHasEnded");
    const { email, givenName, familyName } = await tx.user.findUniqueOrThrow({
      where: { id: personId },
      select: { email: true, givenName: true, familyName: true },
    });
    if (isPlaceholderEmail(email) || person.roles.length === 0)
      throw new AppError("account_state", { detail: say("detail.noWayIn") });
    const name = `${givenName} ${familyName}`.trim();
    const kind = person.hasPassword ? "newPassword" : "invitation";
    const token = person.hasPassword
      ? (await addPasswordReset(tx, personId, ctx.now)).token
      : ((await createInvitations(tx, [personId]))[0]?.token ?? "");
    if (person.hasPassword) await noticeTo(tx, personId, "officeMadeLink");
    const action = person.hasPassword ? "identity.password_link_made" : "identity.link_made";
    await audit(tx, ctx, [{ action, objectType: "user", objectId: personId }]);
    return { kind, name, email, url: linkTo(person.hasPassword ? `/reset/${token}` : `/invite/${token}`) };
  }, client);
}

/**
 * Adds a person whom no roster names, for example a colleague in the office, and makes their invitation. A roster that comes
 * later finds them by the address, and keeps these roles. Errors: `forbidden`, `invalid_request` (`emailTaken`) for an
 * address that another account of this installation has, `proof_required`.
 */
export async function addPerson(
  ctx: Context,
  { givenName, familyName, email, roles }: AddPersonInput,
  client: Db = db(),
): Promise<WayIn & { personId: string }> {
  requireRole(ctx, "ADMIN");
  await requireRecentProof(ctx, client);
  const { schoolId } = ctx.actor;
  const personId = newId(ctx.now.getTime());
  const own = ROLES.filter((role) => roles.includes(role));
  try {
    return await transaction(async (tx) => {
      const data = { id: personId, schoolId, email, givenName, familyName, roles: own, ownRoles: own };
      await tx.user.create({ data, select: { id: true } });
      const [made] = await createInvitations(tx, [personId]);
      await audit(tx, ctx, [
        { action: "identity.person_added", objectType: "user", objectId: personId, details: { roles: own } },
        { action: "identity.link_made", objectType: "user", objectId: personId },
      ]);
      const name = `${givenName} ${familyName}`.trim();
      return { kind: "invitation", name, email, url: linkTo(`/invite/${made?.token ?? ""}`), personId };
    }, client);
  } catch (error) {
    if (violatedConstraint(error) !== "app_user_email_key") throw error;
    const message = say("field.emailTaken");
    throw new AppError("invalid_request", {
      detail: message,
      errors: [{ path: "email", code: "emailTaken", message }],
    });
  }
}

function linkTo(path: string): string {
  const { PUBLIC_URL, PORT } = env();
  return new URL(path, PUBLIC_URL ?? `http://localhost:${PORT}`).href;
}
