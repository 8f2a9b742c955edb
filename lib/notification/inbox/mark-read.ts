import { db, transaction, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { isStorableInstant } from "@/lib/shared/schema";
import { visibleTo } from "../queries";
import { say } from "@/lib/shared/say";

/**
 * Marks a notification of the signed-in person as read, and the older ones that it replaced. Idempotent. One that is not
 * in this person's inbox answers like none: 404.
 */
export async function markRead(ctx: Context, input: { id: string }, client: Db = db()): Promise<void> {
  await transaction(async (tx) => {
    const visible = visibleTo(ctx.actor);
    const [row] = await tx.$queryRaw<{ topic: string; revision: number }[]>`
      SELECT n.topic, n.revision FROM notification n WHERE n.id = ${input.id} AND ${visible}`;
    if (!row) throw new AppError("not_found", { detail: say("detail.notificationGone") });
    await tx.$executeRaw`
      UPDATE notification SET read_at = ${ctx.now}
      WHERE user_id = ${ctx.actor.userId} AND topic = ${row.topic} AND revision <= ${row.revision} AND read_at IS NULL`;
  }, client);
}

/** Marks everything unread as read, at `ctx.now`; with that time {@link undoMarkAllRead} takes it back. */
export async function markAllRead(ctx: Context, client: Db = db()): Promise<{ markedAt: string; count: number }> {
  const count = await client.$executeRaw`
    UPDATE notification SET read_at = ${ctx.now} WHERE user_id = ${ctx.actor.userId} AND read_at IS NULL AND in_app`;
  return { markedAt: ctx.now.toISOString(), count };
}

/** Takes back what {@link markAllRead} marked at `markedAt`. */
export async function undoMarkAllRead(ctx: Context, input: { markedAt: string }, client: Db = db()): Promise<void> {
  const markedAt = new Date(input.markedAt);
  if (!isStorableInstant(markedAt.getTime())) return; // nothing was marked then
  await client.$executeRaw`
    UPDATE notification SET read_at = NULL WHERE user_id = ${ctx.actor.userId} AND read_at = ${markedAt} AND in_app`;
}
