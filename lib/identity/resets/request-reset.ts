import { z } from "zod";
import { db, type Db } from "@/lib/platform/db/client";
import { addJob } from "@/lib/platform/jobs/add-job";
import type { JobKind } from "@/lib/platform/jobs/kind";
import type { Context } from "@/lib/shared/context";
import { takeTry } from "../limits/tries";

const resetMailSchema = z.object({
  /** As it was typed, lower-cased; whether there is such an account only the job asks. */
  email: z.string().max(320),
  requestId: z.string().max(128),
  address: z.string().max(64).nullable(),
});
export type ResetMail = z.output<typeof resetMailSchema>;

/** Sends a link for a new password to an address, if it is somebody's. */
export const RESET_MAIL: JobKind<ResetMail> = { name: "reset-mail", payload: resetMailSchema, maxAttempts: 6 };

/**
 * Asks for a link by which a new password can be chosen. It does the same for every address, known or not, and so takes as
 * long: whether there is an account the job finds out, later. Errors: `too_many_attempts`, for any address alike.
 */
export async function requestPasswordReset(
  ctx: Omit<Context, "actor">,
  { email }: { email: string },
  client: Db = db(),
): Promise<void> {
  const address = ctx.address ?? null;
  await takeTry("forgot", { account: email, address });
  await addJob(client, RESET_MAIL, { email, requestId: ctx.requestId, address });
}
