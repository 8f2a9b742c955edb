import { db, transaction, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { topicOf } from "./collapse-key";
import { insertDeliveries } from "@/lib/notification/kinds/write-notifications";
import { say } from "@/lib/shared/say";

const LIFE_MS = 5 * 60_000;
const WINDOW_MS = 10 * 60_000;
const MAX_IN_WINDOW = 20;

/**
 * Puts a test alert for one browser of the signed-in person into the queue that every alert goes through, past quiet
 * hours and the daily summary. It never shows in the inbox. Answers the notification's id, which the push carries.
 */
export async function sendTestAlert(ctx: Context, input: { id: string }, client: Db = db()): Promise<{ id: string }> {
  const { userId, schoolId } = ctx.actor;
  return transaction(async (tx) => {
    const device = await tx.pushSubscription.findFirst({
      where: { id: input.id, userId, schoolId },
      select: { id: true },
    });
    if (!device) throw new AppError("not_found", { detail: say("detail.deviceGone") });
    const since = new Date(ctx.now.getTime() - WINDOW_MS);
    const recent = await tx.notification.count({ where: { userId, kind: "test", createdAt: { gt: since } } });
    if (recent >= MAX_IN_WINDOW)
      throw new AppError("too_many_requests", {
        detail: say("detail.manyTests"),
        retryAfterSeconds: WINDOW_MS / 1_000,
      });
    const id = newId(ctx.now.getTime());
    await tx.notification.create({
      data: {
        id,
        schoolId,
        userId,
        category: null,
        kind: "test",
        eventId: `test-${id}`,
        topic: topicOf(userId, "test", id),
        revision: 1,
        data: {},
        inApp: false,
        createdAt: ctx.now,
      },
      select: { id: true },
    });
    await insertDeliveries(tx, ctx.now, [
      {
        id: newId(),
        notificationId: id,
        channel: "webPush",
        subscriptionId: device.id,
        state: "PENDING",
        reason: null,
        notBefore: ctx.now,
        expiresAt: new Date(ctx.now.getTime() + LIFE_MS),
      },
    ]);
    return { id };
  }, client);
}
