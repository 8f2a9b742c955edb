import { db, transaction, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { endDevice } from "./end-device";
import { say } from "@/lib/shared/say";

/**
 * Ends a push subscription of the signed-in person and all that waits for it. The browser does not bring it back by
 * itself. Another's answers like none: 404.
 */
export async function removeSubscription(ctx: Context, input: { id: string }, client: Db = db()): Promise<void> {
  const removed = await transaction((tx) => endDevice(tx, ctx, input.id, ctx.actor.userId), client);
  if (!removed) throw new AppError("not_found", { detail: say("detail.deviceGone") });
}
