import { Prisma, type Db } from "@/lib/platform/db";
import type { NotificationKind } from "./payload";

/** A delivery that this process holds, with all that is needed to send it. */
export type ClaimedDelivery = {
  id: string;
  notificationId: string;
  userId: string;
  kind: NotificationKind;
  topic: string;
  revision: number;
  /** Reason why it was held back, or null. */
  hold: string | null;
  attempts: number;
  createdAt: Date;
  expiresAt: Date;
  subscriptionId: string | null;
  /** Null: the subscription is gone or belongs to somebody else now. */
  endpoint: string | null;
  p256dh: string | null;
  auth: string | null;
  vapidPublicKey: string | null;
  /** A newer notification about the same thing exists. */
  superseded: boolean;
  read: boolean;
};

export type ClaimRequest = {
  worker: string;
  now: Date;
  limit: number;
  /** Push services (host and port) that have all the connections they may have. */
  busyHosts: readonly string[];
  /** Subscriptions that this process is sending to. */
  busySubscriptions: readonly string[];
};

/**
 * Claims deliveries that are due, at most `limit`. Two processes never claim the same one (SKIP LOCKED), and none claims
 * one for a subscription that another is sending to: news about one thing reaches a push service in its order.
 */
export async function claimDeliveries(client: Db, request: ClaimRequest): Promise<ClaimedDelivery[]> {
  return client.$queryRaw<ClaimedDelivery[]>`
    WITH due AS (
      SELECT d.id FROM notification_delivery d
      LEFT JOIN push_subscription s ON s.id = d.subscription_id
      WHERE d.state = 'PENDING' AND d.not_before <= ${request.now}
        AND (s.id IS NULL OR split_part(s.endpoint, '/', 3) <> ALL (${[...request.busyHosts]}::text[]))
        AND d.subscription_id <> ALL (${[...request.busySubscriptions]}::text[])
        AND NOT EXISTS (
          SELECT 1 FROM notification_delivery o WHERE o.state = 'SENDING' AND o.subscription_id = d.subscription_id)
      ORDER BY d.not_before, d.id LIMIT ${request.limit} FOR UPDATE OF d SKIP LOCKED
    ), claimed AS (
      UPDATE notification_delivery d
      SET state = 'SENDING', attempts = d.attempts + 1, claimed_at = ${request.now}, claimed_by = ${request.worker}
      FROM due WHERE d.id = due.id
      RETURNING d.*
    )
    ${CLAIMED_COLUMNS} ORDER BY c.not_before, c.id`;
}

/** Claims what else is due in a subscription's daily summary, so that it leaves as one push. */
export async function claimDigest(
  client: Db,
  request: { worker: string; now: Date; subscriptionId: string },
): Promise<ClaimedDelivery[]> {
  return client.$queryRaw<ClaimedDelivery[]>`
    WITH due AS (
      SELECT d.id FROM notification_delivery d
      WHERE d.state = 'PENDING' AND d.not_before <= ${request.now} AND d.subscription_id = ${request.subscriptionId}
        AND d.reason = 'digest'
      ORDER BY d.id LIMIT 1000 FOR UPDATE OF d SKIP LOCKED
    ), claimed AS (
      UPDATE notification_delivery d
      SET state = 'SENDING', attempts = d.attempts + 1, claimed_at = ${request.now}, claimed_by = ${request.worker}
      FROM due WHERE d.id = due.id
      RETURNING d.*
    )
    ${CLAIMED_COLUMNS} ORDER BY c.id`;
}

const CLAIMED_COLUMNS = Prisma.sql`
    SELECT c.id, c.notification_id AS "notificationId", n.user_id AS "userId", n.kind, n.topic, n.revision,
           c.reason AS hold, c.attempts, c.created_at AS "createdAt", c.expires_at AS "expiresAt",
           c.subscription_id AS "subscriptionId", s.endpoint, s.p256dh, s.auth, s.vapid_public_key AS "vapidPublicKey",
           EXISTS (SELECT 1 FROM notification newer WHERE newer.user_id = n.user_id AND newer.topic = n.topic
                   AND newer.revision > n.revision) AS superseded,
           n.read_at IS NOT NULL AS read
    FROM claimed c
    JOIN notification n ON n.id = c.notification_id
    LEFT JOIN push_subscription s ON s.id = c.subscription_id AND s.user_id = n.user_id`;

/** The end of an attempt, as it is written. */
export type Settlement =
  | { state: "ACCEPTED"; reason: null }
  | { state: "SUPPRESSED" | "GONE" | "DEAD"; reason: string }
  /** `attempted` false: it was claimed and given back without a try. */
  | { state: "PENDING"; notBefore: Date | null; attempted: boolean };

/**
 * Writes the outcome of deliveries that `worker` holds. One whose lease was taken by another is left alone. The reason
 * why a delivery was held back stays with it when it goes back to wait.
 */
export async function settleDeliveries(
  client: Db,
  worker: string,
  now: Date,
  ids: readonly string[],
  settlement: Settlement,
): Promise<void> {
  if (ids.length === 0) return;
  const held = Prisma.sql`id = ANY (${[...ids]}::text[]) AND state = 'SENDING' AND claimed_by = ${worker}`;
  if (settlement.state === "PENDING")
    await client.$executeRaw`
      UPDATE notification_delivery SET state = 'PENDING', claimed_at = NULL, claimed_by = NULL,
        not_before = COALESCE(${settlement.notBefore}::timestamptz, not_before),
        attempts = attempts - ${settlement.attempted ? 0 : 1}::int
      WHERE ${held}`;
  else
    await client.$executeRaw`
      UPDATE notification_delivery SET state = ${settlement.state}::"DeliveryState", reason = ${settlement.reason},
        claimed_at = NULL, accepted_at = CASE WHEN ${settlement.state} = 'ACCEPTED' THEN ${now}::timestamptz END
      WHERE ${held}`;
}

/** Notes that a push service took something for a subscription. */
export async function noteAccepted(client: Db, subscriptionId: string, now: Date): Promise<void> {
  await client.$executeRaw`UPDATE push_subscription SET last_accepted_at = ${now} WHERE id = ${subscriptionId}`;
}

/** Deletes a subscription that its push service no longer knows, with all that waits for it. */
export async function removeSubscription(client: Db, subscriptionId: string): Promise<void> {
  await client.$executeRaw`
    WITH gone AS (DELETE FROM push_subscription WHERE id = ${subscriptionId} RETURNING id)
    UPDATE notification_delivery SET state = 'GONE', reason = 'subscription_gone'
    FROM gone WHERE subscription_id = gone.id AND state = 'PENDING'`;
}

/**
 * Housekeeping: what a process that died was sending is due again after the lease, and what is no longer worth sending
 * is closed. Returns how many rows each of the two moved.
 */
export async function sweepDeliveries(
  client: Db,
  now: Date,
  leaseMs: number,
): Promise<{ reclaimed: number; expired: number }> {
  const reclaimed = await client.$executeRaw`
    UPDATE notification_delivery SET state = 'PENDING', claimed_at = NULL, claimed_by = NULL
    WHERE state = 'SENDING' AND claimed_at < ${new Date(now.getTime() - leaseMs)}`;
  const expired = await client.$executeRaw`
    UPDATE notification_delivery SET state = 'DEAD', reason = 'expired'
    WHERE state = 'PENDING' AND not_before <= ${now} AND expires_at <= ${now}`;
  return { reclaimed, expired };
}
