import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import { lockEntities } from "@/lib/platform/db/locks";
import { vapidKeys } from "@/lib/platform/runtime/secrets";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import type { SubscriptionInput } from "../schema";
import { storableUserAgent, usableSubscription } from "./subscription-input";
import { say } from "@/lib/shared/say";

/** More browsers than a person has; the ones not seen for longest make room. */
const MAX_DEVICES = 25;

/**
 * Stores a browser's push subscription because the signed-in person asks for it. Idempotent: the same subscription again
 * keeps its id. One that belonged to another person moves (a shared browser) and gets a new id, so that nothing that
 * waited for the other is sent to it. The keys prove that the caller is the browser: other keys for a known address are
 * refused. What a browser brings without being asked goes through {@link renewSubscription}.
 */
export async function saveSubscription(
  ctx: Context,
  input: Pick<SubscriptionInput, "endpoint" | "keys"> & { userAgent: string | null },
  client: Db = db(),
): Promise<{ id: string }> {
  const { endpoint, p256dh, auth } = usableSubscription(input);
  const id = newId(ctx.now.getTime());
  const { userId, schoolId } = ctx.actor;
  return transaction(async (tx) => {
    await lockEntities(tx, "user", [userId]);
    const [row] = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO push_subscription AS s
        (id, school_id, user_id, endpoint, p256dh, auth, vapid_public_key, user_agent, created_at, last_seen_at)
      VALUES (${id}, ${schoolId}, ${userId}, ${endpoint}, ${p256dh}, ${auth}, ${vapidKeys().publicKey},
              ${storableUserAgent(input.userAgent)}, ${ctx.now}, ${ctx.now})
      ON CONFLICT (endpoint) DO UPDATE SET
        id = CASE WHEN s.user_id = EXCLUDED.user_id THEN s.id ELSE EXCLUDED.id END,
        created_at = CASE WHEN s.user_id = EXCLUDED.user_id THEN s.created_at ELSE EXCLUDED.created_at END,
        last_accepted_at = CASE WHEN s.user_id = EXCLUDED.user_id THEN s.last_accepted_at END,
        user_id = EXCLUDED.user_id, school_id = EXCLUDED.school_id, vapid_public_key = EXCLUDED.vapid_public_key,
        user_agent = EXCLUDED.user_agent, last_seen_at = EXCLUDED.last_seen_at
      WHERE s.p256dh = EXCLUDED.p256dh AND s.auth = EXCLUDED.auth
      RETURNING s.id`;
    if (!row)
      throw new AppError("push_endpoint_taken", {
        detail: say("detail.otherKeys"),
      });
    if (row.id === id) {
      await audit(tx, ctx, [{ action: "notification.device_added", objectType: "push_subscription", objectId: id }]);
      await tx.$executeRaw`
        DELETE FROM push_subscription WHERE user_id = ${userId} AND id IN (
          SELECT x.id FROM push_subscription x WHERE x.user_id = ${userId}
          ORDER BY x.last_seen_at DESC, x.id DESC OFFSET ${MAX_DEVICES})`;
    }
    return { id: row.id };
  }, client);
}
