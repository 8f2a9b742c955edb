import { createInvitations } from "@/lib/identity/invitations/invitations";
import { waitingPeople, type InvitedGroup } from "@/lib/identity/invitations/waiting-people";
import { guardiansOf } from "@/lib/identity/people/people";
import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db, type Tx } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/runtime/env";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import type { MakeLinksInput } from "../schema";

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
    const who = await chosen(tx, schoolId, whom, classId);
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

async function chosen(
  tx: Tx,
  schoolId: string,
  whom: InvitedGroup,
  classId: string | undefined,
): Promise<InvitedGroup | readonly string[]> {
  if (classId === undefined || whom === "staff") return whom;
  const rows = await tx.$queryRaw<{ studentId: string }[]>`
    SELECT e.student_id AS "studentId" FROM enrollment e
    JOIN section s ON s.id = e.section_id AND s.school_id = ${schoolId}
    WHERE e.section_id = ${classId} AND e.status = 'ENROLLED'`;
  const students = rows.map(({ studentId }) => studentId);
  if (whom === "students") return students;
  return (await guardiansOf(tx, schoolId, students)).map(({ guardianId }) => guardianId);
}
