import { transaction, type Db, type Tx } from "@/lib/platform/db/client";
import type { SendingChannel } from "../channels/channel";

/** A delivery that this process holds. What it says and whether it may go is asked for right before its send. */
export type ClaimedDelivery = {
  id: string;
  subscriptionId: string | null;
  /** What is sent one after another: a browser, or a person's mailbox. */
  lane: string;
  /** Push service (host and port); empty: the subscription is gone. */
  host: string;
  /** Reason why it was held back, or null. */
  hold: string | null;
};

export type ClaimRequest = {
  worker: string;
  /** What the dispatcher sends; other channels have their own. */
  channel: SendingChannel;
  now: Date;
  limit: number;
  /** Subscriptions that one push service may be sending to at a time. */
  perHost: number;
  /** How many subscriptions this process is sending to, by push service. */
  busyHosts: ReadonlyMap<string, number>;
  /** Lanes that this process is sending to. */
  busyLanes: readonly string[];
};

/** Advisory lock of whoever claims for a channel at this moment. */
const CLAIM_LOCK_CLASS = 7400;

/** One look at a channel's queue: whether something is due, and whether anybody is sending, in this process or another. */
export async function lookAtQueue(
  client: Db,
  { channel, now }: Pick<ClaimRequest, "channel" | "now">,
): Promise<{ isDue: boolean; isSending: boolean }> {
  const [seen] = await client.$queryRaw<{ isDue: boolean; isSending: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM notification_delivery
        WHERE state = 'PENDING' AND channel = ${channel} AND not_before <= ${now}) AS "isDue",
      EXISTS (SELECT 1 FROM notification_delivery WHERE state = 'SENDING') AS "isSending"`;
  return seen ?? { isDue: true, isSending: true };
}

/**
 * Claims deliveries that are due, at most `limit`, and for each push service no more subscriptions than may begin now.
 * No two processes ever send to one subscription at a time: news about one thing reaches a push service in its order. So
 * one process claims at a time, and looks only when it is its turn: what another has claimed just before could otherwise be
 * missing from what it sees, and a delivery written meanwhile would go out beside it. Who is not first claims nothing, and
 * comes again. Claims are dated by the database, so that no process's clock decides when one is over.
 */
export async function claimDeliveries(client: Db, request: ClaimRequest): Promise<ClaimedDelivery[]> {
  const { channel } = request;
  return transaction(async (tx) => {
    const [turn] = await tx.$queryRaw<{ locked: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(${CLAIM_LOCK_CLASS}::int, hashtext(${channel})) AS locked`;
    return turn?.locked ? claimInTurn(tx, request) : [];
  }, client);
}

async function claimInTurn(tx: Tx, request: ClaimRequest): Promise<ClaimedDelivery[]> {
  const { worker, channel, now, limit, perHost } = request;
  const busy = [...request.busyHosts];
  const full = busy.filter(([, count]) => count >= perHost).map(([host]) => host);
  const free = Object.fromEntries(busy.map(([host, count]) => [host, perHost - count]));
  // A few times the limit is looked at, so that a service with room for one more does not hide the others.
  return tx.$queryRaw<ClaimedDelivery[]>`
    WITH candidate AS (
      SELECT d.id, d.not_before, COALESCE(d.subscription_id, n.user_id) AS lane,
             COALESCE(split_part(s.endpoint, '/', 3), '') AS host
      FROM notification_delivery d
      JOIN notification n ON n.id = d.notification_id
      LEFT JOIN push_subscription s ON s.id = d.subscription_id
      WHERE d.state = 'PENDING' AND d.channel = ${channel} AND d.not_before <= ${now}
        AND (s.id IS NULL OR split_part(s.endpoint, '/', 3) <> ALL (${full}::text[]))
        AND COALESCE(d.subscription_id, n.user_id) <> ALL (${[...request.busyLanes]}::text[])
        AND NOT EXISTS (
          SELECT 1 FROM notification_delivery o WHERE o.state = 'SENDING' AND o.subscription_id = d.subscription_id)
        AND (d.subscription_id IS NOT NULL OR NOT EXISTS (
          SELECT 1 FROM notification_delivery o JOIN notification other ON other.id = o.notification_id
          WHERE o.state = 'SENDING' AND o.channel = d.channel AND other.user_id = n.user_id))
      ORDER BY d.not_before, d.id LIMIT ${limit * 4}
    ), ranked AS (
      SELECT id, not_before, host, lane, dense_rank() OVER (PARTITION BY host ORDER BY since, lane) AS place
      FROM (SELECT *, min(not_before) OVER (PARTITION BY lane) AS since FROM candidate) AS laned
    ), due AS (
      SELECT d.id, r.host, r.lane FROM notification_delivery d JOIN ranked r ON r.id = d.id
      WHERE d.state = 'PENDING' AND d.not_before <= ${now}
        AND r.place <= COALESCE((${JSON.stringify(free)}::jsonb->>r.host)::int, ${perHost}::int)
      ORDER BY r.not_before, r.id LIMIT ${limit} FOR UPDATE OF d SKIP LOCKED
    ), claimed AS (
      UPDATE notification_delivery d
      SET state = 'SENDING', attempts = d.attempts + 1, claimed_at = now(), claimed_by = ${worker}
      FROM due WHERE d.id = due.id
      RETURNING d.id, d.subscription_id, due.host, due.lane, d.reason, d.not_before
    )
    SELECT id, subscription_id AS "subscriptionId", host, lane, reason AS hold FROM claimed ORDER BY not_before, id`;
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

/**
 * Claims what else is due for a person on a channel that has no subscriptions, at most `limit`; answers the ids. The caller
 * has claimed one of them, so no other process claims there.
 */
export async function claimRest(
  client: Db,
  request: { worker: string; now: Date; channel: SendingChannel; userId: string; limit: number },
): Promise<string[]> {
  const { worker, now, channel, userId, limit } = request;
  const rows = await client.$queryRaw<{ id: string }[]>`
    WITH due AS (
      SELECT d.id FROM notification_delivery d JOIN notification n ON n.id = d.notification_id
      WHERE d.state = 'PENDING' AND d.channel = ${channel} AND d.not_before <= ${now} AND n.user_id = ${userId}
      ORDER BY d.id LIMIT ${limit} FOR UPDATE OF d SKIP LOCKED
    )
    UPDATE notification_delivery d
    SET state = 'SENDING', attempts = d.attempts + 1, claimed_at = now(), claimed_by = ${worker}
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

/** Claimed, and not tried: at once due again. */
export const GIVEN_BACK: Settlement = { state: "PENDING", notBefore: null, attempted: false };

/** Deliveries and the end of their attempt. `now`: when it came. */
export type Outcome = { ids: readonly string[]; settlement: Settlement; now: Date };

/**
 * Writes what became of deliveries that `worker` holds, all in one statement; no delivery may be in two outcomes. One whose
 * claim was taken by another is left alone – but that a push service took a push stays true: it is written also on one that
 * waits again. The reason why a delivery was held back stays with it when it goes back to wait.
 */
export async function settleDeliveries(client: Db, worker: string, outcomes: readonly Outcome[]): Promise<void> {
  const rows = outcomes.flatMap(({ ids, settlement, now }) => ids.map((id) => settledRow(id, settlement, now)));
  if (rows.length === 0) return;
  await client.$executeRaw`
    WITH settled AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS s
        (id text, state text, reason text, "notBefore" timestamptz, "expiresAt" timestamptz, attempted boolean, "acceptedAt" timestamptz)
    ), locked AS (
      SELECT d.id FROM notification_delivery d
      WHERE d.id = ANY (${rows.map(({ id }) => id)}::text[]) AND d.state IN ('SENDING', 'PENDING')
      ORDER BY d.id FOR UPDATE
    )
    UPDATE notification_delivery d SET
      state = s.state::"DeliveryState",
      reason = CASE WHEN s.state = 'PENDING' THEN COALESCE(d.reason, s.reason) ELSE s.reason END,
      not_before = COALESCE(s."notBefore", d.not_before),
      expires_at = GREATEST(d.expires_at, s."expiresAt"),
      attempts = d.attempts - CASE WHEN s.attempted THEN 0 ELSE 1 END,
      claimed_at = NULL,
      claimed_by = CASE WHEN s.state = 'PENDING' THEN NULL ELSE d.claimed_by END,
      accepted_at = s."acceptedAt"
    FROM settled s JOIN locked l ON l.id = s.id
    WHERE d.id = s.id
      AND (d.state = 'SENDING' AND d.claimed_by = ${worker} OR d.state = 'PENDING' AND s.state = 'ACCEPTED')`;
}

function settledRow(id: string, settlement: Settlement, now: Date) {
  const { state } = settlement;
  if (state !== "PENDING")
    return {
      id,
      state,
      reason: settlement.reason,
      notBefore: null,
      expiresAt: null,
      attempted: true,
      acceptedAt: state === "ACCEPTED" ? now : null,
    };
  const { notBefore, attempted, quiet } = settlement;
  const reason = quiet ? "quiet_hours" : null;
  return { id, state, reason, notBefore, expiresAt: quiet?.expiresAt ?? null, attempted, acceptedAt: null };
}

/** When a push service took something for a subscription. */
export type Acceptance = { subscriptionId: string; at: Date };

/** Notes that push services took something for subscriptions. */
export async function noteAccepted(client: Db, accepted: readonly Acceptance[]): Promise<void> {
  await client.$executeRaw`
    WITH noted AS (
      SELECT id, max(at) AS at
      FROM unnest(${accepted.map(({ subscriptionId }) => subscriptionId)}::text[], ${accepted.map(({ at }) => at)}::timestamptz[])
        AS a (id, at) GROUP BY id
    ), locked AS (
      SELECT s.id FROM push_subscription s JOIN noted n ON n.id = s.id ORDER BY s.id FOR UPDATE OF s
    )
    UPDATE push_subscription s SET last_accepted_at = n.at FROM noted n JOIN locked l ON l.id = n.id WHERE s.id = n.id`;
}

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
    ), lost AS (
      INSERT INTO push_subscription_lost (id, user_id, lost_at) SELECT id, user_id, ${subscription.now} FROM gone
      ON CONFLICT (id) DO NOTHING
    )
    SELECT id FROM gone`;
  return rows.length > 0;
}
