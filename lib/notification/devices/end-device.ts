import { audit } from "@/lib/platform/db/audit";
import type { Tx } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";

/**
 * Ends a push subscription, all that waits for it, and its way back. `owner`: only that person's. False: there is none.
 * The audit row names the owner when nobody is signed in.
 */
export async function endDevice(
  tx: Tx,
  ctx: Omit<Context, "actor"> & { actor?: Context["actor"] | null },
  id: string,
  owner: string | null = null,
): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ userId: string; schoolId: string }[]>`
    DELETE FROM push_subscription WHERE id = ${id} AND (${owner}::text IS NULL OR user_id = ${owner})
    RETURNING user_id AS "userId", school_id AS "schoolId"`;
  if (owner === null) await tx.$executeRaw`DELETE FROM push_subscription_lost WHERE id = ${id}`;
  if (!row) return false;
  await tx.$executeRaw`
    UPDATE notification_delivery SET state = 'GONE', reason = 'subscription_removed'
    WHERE subscription_id = ${id} AND state = 'PENDING'`;
  await audit(tx, { ...ctx, actor: ctx.actor ?? row }, [
    { action: "notification.device_removed", objectType: "push_subscription", objectId: id },
  ]);
  return true;
}
