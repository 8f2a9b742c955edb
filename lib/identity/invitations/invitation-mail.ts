import { z } from "zod";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import type { JobKind } from "@/lib/platform/jobs/kind";
import { idSchema } from "@/lib/shared/schema";
import { createInvitations } from "./invitations";

const invitationMailSchema = z.object({
  /** The same each time the job is tried. */
  id: z.string(),
  userId: idSchema,
});

/** Sends somebody a link with which they choose their first password. */
export const INVITATION_MAIL: JobKind<z.output<typeof invitationMailSchema>> = {
  name: "invitation-mail",
  payload: invitationMailSchema,
  maxAttempts: 12,
};

/**
 * Makes the link token that a mail takes to a person, and for how many days it works; their link before ends. Null when they have a
 * password by now, or have left. For the job that mails it: the token is in no row and in no payload.
 */
export async function createMailedInvitation(
  userId: string,
  client: Db = db(),
): Promise<{ token: string; days: number } | null> {
  return transaction(async (tx) => {
    const [person] = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM app_user WHERE id = ${userId} AND active AND password_hash IS NULL AND cardinality(roles) > 0 FOR UPDATE`;
    if (!person) return null;
    const [made] = await createInvitations(tx, [userId]);
    const [row] = await tx.$queryRaw<{ days: number }[]>`
      SELECT round(extract(epoch FROM expires_at - created_at) / 86400)::int AS days
      FROM invitation WHERE user_id = ${userId} AND used_at IS NULL`;
    return made && row ? { token: made.token, days: row.days } : null;
  }, client);
}
