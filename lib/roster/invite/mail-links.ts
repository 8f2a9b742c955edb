import { INVITATION_MAIL } from "@/lib/identity/invitations/invitation-mail";
import { createInvitations } from "@/lib/identity/invitations/invitations";
import { waitingPeople } from "@/lib/identity/invitations/waiting-people";
import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import { addJob } from "@/lib/platform/jobs/add-job";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { newId } from "@/lib/shared/ids";
import type { MakeLinksInput } from "../schema";
import { chosenPeople } from "./chosen-people";

/** How many mails one press sends; whoever is left gets theirs with the next. */
export const MOST_MAILS = 500;

/**
 * Has invitation links mailed to people of the actor's school who have no password, chosen as for a sheet (`makeLinks`). Their
 * links begin now: a second press mails only those who are left. The mails are jobs, and each makes its link anew. At most
 * {@link MOST_MAILS}; `more` says that others are left. Errors: `forbidden`.
 */
export async function mailLinks(
  ctx: Context,
  { whom, classId, again }: MakeLinksInput,
  client: Db = db(),
): Promise<{ mailed: number; more: boolean }> {
  requireRole(ctx, "ADMIN");
  const { schoolId } = ctx.actor;
  return transaction(async (tx) => {
    const who = await chosenPeople(tx, schoolId, whom, classId);
    const found = await waitingPeople(tx, schoolId, { who, linked: again, most: MOST_MAILS + 1 });
    const people = found.slice(0, MOST_MAILS);
    await createInvitations(
      tx,
      people.map(({ id }) => id),
    );
    for (const { id: userId } of people) await addJob(tx, INVITATION_MAIL, { id: newId(ctx.now.getTime()), userId });
    const details = { count: people.length, whom, classId: classId ?? null };
    if (people.length > 0)
      await audit(tx, ctx, [{ action: "identity.links_mailed", objectType: "school", objectId: schoolId, details }]);
    return { mailed: people.length, more: found.length > people.length };
  }, client);
}
