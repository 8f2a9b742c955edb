import { audit } from "@/lib/platform/audit";
import { db, transaction, type Db } from "@/lib/platform/db";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";

/** Ends a push subscription of the signed-in person and all that waits for it. Another's answers like none: 404. */
export async function removeSubscription(ctx: Context, input: { id: string }, client: Db = db()): Promise<void> {
  await transaction(async (tx) => {
    const { count } = await tx.pushSubscription.deleteMany({ where: { id: input.id, userId: ctx.actor.userId } });
    if (count === 0) throw new AppError("not_found", { detail: "There is no such device of yours." });
    await tx.$executeRaw`
      UPDATE notification_delivery SET state = 'GONE', reason = 'subscription_removed'
      WHERE subscription_id = ${input.id} AND state = 'PENDING'`;
    await audit(tx, ctx, [
      { action: "notification.device_removed", objectType: "push_subscription", objectId: input.id },
    ]);
  }, client);
}
