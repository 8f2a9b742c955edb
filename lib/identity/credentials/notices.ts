import { z } from "zod";
import { addJob } from "@/lib/platform/jobs/add-job";
import type { JobKind } from "@/lib/platform/jobs/kind";
import type { Tx } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { idSchema } from "@/lib/shared/schema";

const noticeSchema = z.object({
  /** The same each time the job is tried. */
  id: z.string(),
  userId: idSchema,
  what: z.enum([
    "passwordChanged",
    "passwordReset",
    "officeMadeLink",
    "authenticatorOn",
    "authenticatorOff",
    "recoveryCodesMade",
    "secondFactorReset",
    "passkeyAdded",
    "passkeyRemoved",
  ]),
});
export type AccountNotice = z.output<typeof noticeSchema>;

/** Writes to a person that something was done with their account; nobody can turn it off. */
export const ACCOUNT_NOTICE: JobKind<AccountNotice> = {
  name: "account-notice",
  payload: noticeSchema,
  maxAttempts: 12,
};

/** Has a person written to, if and only if the transaction commits. */
export async function noticeTo(tx: Tx, userId: string, what: AccountNotice["what"]): Promise<void> {
  await addJob(tx, ACCOUNT_NOTICE, { id: newId(), userId, what });
}
