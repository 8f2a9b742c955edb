import { env } from "@/lib/platform/runtime/env";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";

import { mailMode } from "./mail-mode";
import { type KeptMail, readKeptMail } from "./outbox-folder";
import { outboxFolder } from "./transport";

const SHOWN = 50;

/**
 * The newest mails of the actor's school where no mail server is set; null where mail is sent or not written at all. For
 * the office: `forbidden` for others.
 */
export async function keptMail(ctx: Context): Promise<KeptMail[] | null> {
  requireRole(ctx, "ADMIN");
  if (mailMode() !== "folder") return null;
  return readKeptMail(outboxFolder(env().CAMPUS_DATA_DIR), ctx.actor.schoolId, SHOWN);
}
