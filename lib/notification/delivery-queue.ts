import { Prisma, type Db } from "@/lib/platform/db";

/** A delivery that this process holds. What it says and whether it may go is asked for right before its send. */
export type ClaimedDelivery = {
  id: string;
  subscriptionId: string | null;
  /** Push service (host and port); empty: the subscription is gone. */
  host: string;
  /** Reason why it was held back, or null. */
  hold: string | null;
};

export type ClaimRequest = {
  worker: string;
  now: Date;
  limit: number;
  /** Subscriptions that one push service may be sending to at a time. */
  perHost: number;
  /** How many subscriptions this process is sending to, by push service. */
  busyHosts: ReadonlyMap<string, number>;
  /** Subscriptions that this process is sending to. */
  busySubscriptions: readonly string[];
};

/**
 * Claims deliveries that are due, at most `limit`, and for each push service no more subscriptions than may begin now.
 * Two processes never claim the same delivery (SKIP LOCKED), and none claims one for a subscription that another is
 * sending to: news about one thing reaches a push service in its order. Claims are dated by the database, so that no
 * process's clock decides when one is over.
 */
export async function claimDeliveries(client: Db, request: ClaimRequest): Promise<ClaimedDelivery[]> {
  const { worker, now, limit, perHost } = request;
  const busy = [...request.busyHosts];
  const full = busy.filter(([, count]) => count >= perHost).map(([host]) => host);
  const free = Object.fromEntries(busy.map(([host, count]) => [host, perHost - count]));
  // A few times the limit is looked at, so that a service with room for one more does not hide the others.
  return client.$queryRaw<ClaimedDelivery[]>`
    WITH candidate AS (
      SELECT d.id, d.not_before, COALESCE(d.subscription_id, d.id) AS lane,
             COALESCE(split_part(s.endpoint, '/', 3), '') AS host
      FROM notification_delivery d
      LEFT JOIN push_subscription s ON s.id = d.subscription_id
      WHERE d.state = 'PENDING' AND d.not_before <= ${now}
        AND (s.id IS NULL OR split_part(s.endpoint, '/', 3) <> ALL (${full}::text[]))
        AND d.subscription_id <> ALL (${[...request.busySubscriptions]}::text[])
        AND NOT EXISTS (
          SELECT 1 FROM notification_delivery o WHERE o.state = 'SENDING' AND o.subscription_id = d.subscription_id)
      ORDER BY d.not_before, d.id LIMIT ${limit * 4}
    ), ranked AS (
      SELECT id, not_before, host, dense_rank() OVER (PARTITION BY host ORDER BY since, lane) AS place
      FROM (SELECT *, min(not_before) OVER (PARTITION BY lane) AS since FROM candidate) AS laned
    ), due AS (
      SELECT d.id, r.host FROM notification_delivery d JOIN ranked r ON r.id = d.id
      WHERE d.state = 'PENDING' AND d.not_before <= ${now}
        AND r.place <= COALESCE((${JSON.stringify(free)}::jsonb->>r.host)::int, ${perHost}::int)
      ORDER BY r.not_before, r.id LIMIT ${limit} FOR UPDATE OF d SKIP LOCKED
    ), claimed AS (
      UPDATE notification_delivery d
      SET state = 'SENDING', attempts = d.attempts + 1, claimed_at = now(), claimed_by = ${worker}
      FROM due WHERE d.id = due.id
      RETURNING d.id, d.subscription_id, due.host, d.reason, d.not_before
    )
    SELECT id, subscription_id AS "subscriptionId", host, reason AS hold FROM claimed ORDER BY not_before, id`;
}

/** Claims what else is due in a subscription's daily summary, so that it leaves as one push; answers the ids. */
export async function claimDigest(
  client: Db,
  request: { worker: string; now: Date; subscriptionId: string },
): Promise<string[]> {
  const rows = await client.$queryRaw<{ id: string }[]>`
    WITH due AS (
      SELECT d.id FROM notification_delivery d
      WHERE d.state = 'PENDING' AND d.not_before <= ${request.now} AND d.subscription_id = ${request.subscriptionId}
        AND d.reason = 'digest'
      ORDER BY d.id LIMIT 1000 FOR UPDATE OF d SKIP LOCKED
    )
    UPDATE notification_delivery d
    SET state = 'SENDING', attempts = d.attempts + 1, claimed_at = now(), claimed_by = ${request.worker}
    FROM due WHERE d.id = due.id
    RETURNING d.id`;
  return rows.map(({ id }) => id).sort();
}

/** The end of an attempt, as it is written. */
export type Settlement =
  | { state: "ACCEPTED"; reason: null }
  | { state: "SUPPRESSED" | "GONE" | "DEAD"; reason: string }
  /** `attempted` false: it was claimed and given back without a try. `quiet`: it waits for the end of quiet hours. */
  | { state: "PENDING"; notBefore: Date | null; attempted: boolean; quiet?: { expiresAt: Date } };

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
        expires_at = GREATEST(expires_at, ${settlement.quiet?.expiresAt ?? null}::timestamptz),
        reason = COALESCE(reason, ${settlement.quiet ? "quiet_hours" : null}::text),
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

/** As long as the cookie that names a device to the server. */
const LOST_DAYS = 400;

/**
 * Deletes a subscription that its push service no longer knows, with all that waits for it, and remembers that it was
 * lost and not removed. False: there is none with this address any more, its person removed it or its browser renewed it.
 */
export async function loseSubscription(
  client: Db,
  subscription: { id: string; endpoint: string; now: Date },
): Promise<boolean> {
  const rows = await client.$queryRaw<{ id: string }[]>`
    WITH gone AS (
      DELETE FROM push_subscription WHERE id = ${subscription.id} AND endpoint = ${subscription.endpoint}
      RETURNING id, user_id
    ), closed AS (
      UPDATE notification_delivery d SET state = 'GONE', reason = 'subscription_gone'
      FROM gone WHERE d.subscription_id = gone.id AND d.state = 'PENDING'
    ), pruned AS (
      DELETE FROM push_subscription_lost
      WHERE lost_at < ${subscription.now}::timestamptz - ${LOST_DAYS}::int * interval '1 day'
    ), lost AS (
      INSERT INTO push_subscription_lost (id, user_id, lost_at) SELECT id, user_id, ${subscription.now} FROM gone
      ON CONFLICT (id) DO NOTHING
    )
    SELECT id FROM gone`;
  return rows.length > 0;
}

/** A delivery that was being sent by this many processes when they died is taken for the cause. */
const MAX_CRASHES = 5;

/**
 * Housekeeping: what a process that died was sending is due again after the lease, and what is no longer worth sending
 * is closed. Whatever one process was sending is blamed together; each further time it comes back after a longer random
 * while, so that the innocent leave before the one that kills is met again. Returns how many rows each step moved.
 */
export async function sweepDeliveries(
  client: Db,
  now: Date,
  leaseMs: number,
): Promise<{ reclaimed: number; crashed: number; expired: number }> {
  const rows = await client.$queryRaw<{ dead: boolean }[]>`
    UPDATE notification_delivery SET crashes = crashes + 1, claimed_at = NULL, claimed_by = NULL,
      state = CASE WHEN crashes + 1 >= ${MAX_CRASHES}::int THEN 'DEAD' ELSE 'PENDING' END::"DeliveryState",
      reason = CASE WHEN crashes + 1 >= ${MAX_CRASHES}::int THEN 'worker_died' ELSE reason END,
      not_before = CASE WHEN crashes = 0 THEN not_before
        ELSE GREATEST(not_before, ${now}::timestamptz + random() * (2 ^ crashes) * interval '5 seconds') END
    WHERE state = 'SENDING' AND claimed_at < now() - ${leaseMs}::float8 * interval '1 millisecond'
    RETURNING state = 'DEAD' AS dead`;
  const expired = await client.$executeRaw`
    UPDATE notification_delivery SET state = 'DEAD', reason = 'expired'
    WHERE state = 'PENDING' AND not_before <= ${now} AND expires_at <= ${now}`;
  const crashed = rows.filter(({ dead }) => dead).length;
  return { reclaimed: rows.length - crashed, crashed, expired };
}
