import { audit } from "@/lib/platform/db/audit";
import { db, transaction, violatedConstraint, type Db, type Tx } from "@/lib/platform/db/client";
import { lockEntities } from "@/lib/platform/db/locks";
import { vapidKeys } from "@/lib/platform/runtime/secrets";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { endDevice } from "./end-device";
import type { SubscriptionInput } from "../schema";
import { storableUserAgent, usableSubscription, type UsableSubscription } from "./subscription-input";
import { say } from "@/lib/shared/say";

type Known = UsableSubscription & { id: string; userId: string };

/**
 * Takes the subscription that a browser brings by itself (at every page load, and when its push service gave it another
 * address) and puts it in the place of the one this person has there. What waits for the device goes to the new address.
 * Never makes a device of its own accord: one that was removed, signed out of, or belongs to somebody else answers 404,
 * and the browser ends its subscription. Whose browser another person has signed in at gets nothing there any more.
 *
 * `device` is the id in the browser's cookie. Without it only an address that is stored already is known.
 */
export async function renewSubscription(
  ctx: Context,
  input: Pick<SubscriptionInput, "endpoint" | "keys"> & { userAgent: string | null; device: string | null },
  client: Db = db(),
): Promise<{ id: string }> {
  const wanted = usableSubscription(input);
  const { userId } = ctx.actor;
  const work = async (tx: Tx) => {
    await lockEntities(tx, "user", [userId]);
    const known = await tx.$queryRaw<Known[]>`
      SELECT id, user_id AS "userId", endpoint, p256dh, auth FROM push_subscription
      WHERE endpoint = ${wanted.endpoint} OR id = ${input.device} ORDER BY id FOR UPDATE`;
    for (const row of known)
      if (row.userId !== userId && isThisBrowser(row, wanted, input.device)) await endDevice(tx, ctx, row.id);
    const same = known.find(({ endpoint }) => endpoint === wanted.endpoint);
    if (same && same.userId !== userId) return null;
    if (same && (same.p256dh !== wanted.p256dh || same.auth !== wanted.auth)) throw taken();
    const mine = same ?? known.find((row) => row.userId === userId);
    if (mine) return put(tx, ctx, mine.id, { ...wanted, userAgent: input.userAgent });
    return restore(tx, ctx, { ...wanted, userAgent: input.userAgent, device: input.device });
  };
  const renewed = await transaction(work, client).catch((error: unknown) => {
    // Somebody else asked for this very address at the same moment.
    throw violatedConstraint(error) === null ? error : taken();
  });
  if (!renewed) throw new AppError("not_found", { detail: say("detail.deviceLost") });
  return renewed;
}

function taken(): AppError {
  return new AppError("push_endpoint_taken", {
    detail: say("detail.otherKeys"),
  });
}

/** The cookie names a row, or the caller has the keys of its address: both only the browser itself. */
function isThisBrowser(row: Known, wanted: UsableSubscription, device: string | null): boolean {
  return row.id === device || (row.p256dh === wanted.p256dh && row.auth === wanted.auth);
}

async function put(
  tx: Tx,
  ctx: Context,
  id: string,
  wanted: UsableSubscription & { userAgent: string | null },
): Promise<{ id: string }> {
  await tx.$executeRaw`
    UPDATE push_subscription
    SET endpoint = ${wanted.endpoint}, p256dh = ${wanted.p256dh}, auth = ${wanted.auth},
        vapid_public_key = ${vapidKeys().publicKey}, user_agent = ${storableUserAgent(wanted.userAgent)},
        last_seen_at = ${ctx.now}
    WHERE id = ${id}`;
  return { id };
}

/** A device whose push service had forgotten it comes back under its id; any other unknown one does not. */
async function restore(
  tx: Tx,
  ctx: Context,
  wanted: UsableSubscription & { userAgent: string | null; device: string | null },
): Promise<{ id: string } | null> {
  const { userId, schoolId } = ctx.actor;
  const [lost] = await tx.$queryRaw<{ userId: string }[]>`
    DELETE FROM push_subscription_lost WHERE id = ${wanted.device} RETURNING user_id AS "userId"`;
  if (lost?.userId !== userId || wanted.device === null) return null;
  const { device: id } = wanted;
  const made = await tx.$executeRaw`
    INSERT INTO push_subscription
      (id, school_id, user_id, endpoint, p256dh, auth, vapid_public_key, user_agent, created_at, last_seen_at)
    VALUES (${id}, ${schoolId}, ${userId}, ${wanted.endpoint}, ${wanted.p256dh}, ${wanted.auth},
            ${vapidKeys().publicKey}, ${storableUserAgent(wanted.userAgent)}, ${ctx.now}, ${ctx.now})
    ON CONFLICT DO NOTHING`;
  if (made === 0) return null;
  await audit(tx, ctx, [{ action: "notification.device_renewed", objectType: "push_subscription", objectId: id }]);
  return { id };
}
