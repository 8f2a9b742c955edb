import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import { ROLES, type Context } from "@/lib/shared/context";
import { requireRecentProof } from "../factors/recent-proof";
import { announceRevoked } from "../sessions/revocations";
import { revokeSessionsOf } from "../sessions/revoke-sessions";
import { beginOfficeAct, lockedPerson, notThisPerson, rosterRolesOf } from "./person";
import type { ChangeRolesInput } from "./schema";

/**
 * Gives a person of the actor's school these roles and takes the others, but for those that a roster gave: it alone takes them.
 * Who has other roles than before signs in again, because tokens carry the roles. What is so already is no change. Nobody
 * changes their own, so that a school keeps an administrator. Errors: `forbidden`, `not_found`, `account_state` for oneself or
 * whom a roster deleted, `proof_required`.
 */
export async function changeRoles(
  ctx: Context,
  { personId, roles: wanted }: ChangeRolesInput,
  client: Db = db(),
): Promise<void> {
  requireRole(ctx, "ADMIN");
  if (personId === ctx.actor.userId) throw notThisPerson("ownAccount");
  const ended = await transaction(async (tx) => {
    await beginOfficeAct(tx, ctx);
    const person = await lockedPerson(tx, ctx, { personId });
    await requireRecentProof(ctx, tx);
    if (person.hasLeft) throw notThisPerson("personHasLeft");
    const ofRoster = rosterRolesOf(person);
    const ownRoles = ROLES.filter((role) => wanted.includes(role) && !ofRoster.includes(role));
    const to = ROLES.filter((role) => ofRoster.includes(role) || ownRoles.includes(role));
    const from = ROLES.filter((role) => person.roles.includes(role));
    if (from.join() === to.join()) return [];
    await tx.user.update({ where: { id: personId }, data: { roles: to, ownRoles }, select: { id: true } });
    const sessions = await revokeSessionsOf(tx, [personId], "roles_changed");
    const details = { from, to, sessions: sessions.length };
    await audit(tx, ctx, [{ action: "identity.roles_changed", objectType: "user", objectId: personId, details }]);
    return sessions;
  }, client);
  await announceRevoked(ended);
}
