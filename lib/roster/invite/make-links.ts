import { createInvitations } from "@/lib/identity/invitations/invitations";
import { waitingPeople } from "@/lib/identity/invitations/waiting-people";
import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/runtime/env";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import type { MakeLinksInput } from "../schema";
import { chosenPeople } from "./chosen-people";

/** A link for one person, for their eyes only. */
export type InvitationLink = { name: string; email: string; url: string };

/** How many links one sheet has; whoever is left gets theirs on the next. */
export const MOST_LINKS = 300;

/**
 * Makes invitation links for people of the actor's school who have no password: of a group, or of the students of a class or
 * their guardians. They can be shown this once. Who has a link that still works keeps it, unless `again` is given: then the new
 * one replaces it. At most {@link MOST_LINKS}, by name; `more` says that others are left. Errors: `forbidden`.
 */
export async function makeLinks(
  ctx: Context,
  { whom, classId, again }: MakeLinksInput,
  client: Db = db(),
): Promise<{ links: InvitationLink[]; more: boolean }> {
  requireRole(ctx, "ADMIN");
  const { schoolId } = ctx.actor;
  const { PUBLIC_URL, PORT } = env();
  return transaction(async (tx) => {
    const who = await chosenPeople(tx, schoolId, whom, classId);
    const found = await waitingPeople(tx, schoolId, { who, linked: again, most: MOST_LINKS + 1 });
    const people = found.slice(0, MOST_LINKS);
    const made = await createInvitations(
      tx,
      people.map(({ id }) => id),
    );
    const tokens = new Map(made.map(({ userId, token }) => [userId, token]));
    const details = { count: people.length, whom, classId: classId ?? null };
    if (people.length > 0)
      await audit(tx, ctx, [{ action: "identity.links_made", objectType: "school", objectId: schoolId, details }]);
    const links = people.map(({ id, name, email }) => ({
      name,
      email,
      url: new URL(`/invite/${tokens.get(id) ?? ""}`, PUBLIC_URL ?? `http://localhost:${PORT}`).href,
    }));
    return { links, more: found.length > people.length };
  }, client);
}
