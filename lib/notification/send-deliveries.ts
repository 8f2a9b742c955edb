import type { Db } from "@/lib/platform/db";
import { log } from "@/lib/platform/log";
import { counter, histogram } from "@/lib/platform/metrics";
import { localDateOf } from "@/lib/shared/time";
import {
  claimDigest,
  noteAccepted,
  removeSubscription,
  settleDeliveries,
  type ClaimedDelivery,
  type Settlement,
} from "./delivery-queue";
import { pushPayload, type PushContent } from "./payload";
import { decide, type Decision } from "./send-outcome";
import { topicOf } from "./topic";
import type { PushTransport } from "./transport";

export type SenderOptions = {
  client: Db;
  transport: PushTransport;
  vapidPublicKey: string;
  publicUrl: string | undefined;
  clock: () => Date;
  random?: () => number;
  worker: string;
  leaseMs: number;
};

type Send = { deliveries: ClaimedDelivery[]; content: PushContent; urgency: "high" | "normal" };

/**
 * Sends the claimed deliveries of one subscription one after another and writes each outcome. After the first that must
 * be tried again the rest waits with it: a broken endpoint costs one attempt, not one for each message.
 */
export function createDeliverySender(options: SenderOptions): (claimed: ClaimedDelivery[]) => Promise<void> {
  const { client, clock, worker, leaseMs } = options;
  const settle = (deliveries: readonly ClaimedDelivery[], settlement: Settlement) =>
    settleDeliveries(
      client,
      worker,
      clock(),
      deliveries.map(({ id }) => id),
      settlement,
    );

  return async (claimed) => {
    const startedAt = Date.now();
    const wanted: ClaimedDelivery[] = [];
    for (const delivery of await withDigest(claimed)) {
      const settlement = unsendable(delivery, options);
      if (settlement) {
        await settle([delivery], settlement);
        count(settlement.state);
      } else wanted.push(delivery);
    }
    const sends = sendsOf(wanted, clock());
    for (const [index, send] of sends.entries()) {
      const rest = sends.slice(index).flatMap(({ deliveries }) => deliveries);
      // A claim that is about to run out would be taken over while we send: give it back instead.
      if (Date.now() - startedAt > leaseMs / 2)
        return settle(rest, { state: "PENDING", notBefore: null, attempted: false });
      const decision = await attempt(send, options);
      await write(send, decision);
      if (decision.kind === "retry" || decision.kind === "gone") {
        const waiting = sends.slice(index + 1).flatMap(({ deliveries }) => deliveries);
        return settle(
          waiting,
          decision.kind === "gone"
            ? { state: "GONE", reason: "subscription_gone" }
            : { state: "PENDING", notBefore: decision.at, attempted: false },
        );
      }
    }
  };

  async function withDigest(claimed: ClaimedDelivery[]): Promise<ClaimedDelivery[]> {
    const subscriptionId = claimed.find((delivery) => delivery.hold === "digest")?.subscriptionId;
    if (!subscriptionId) return claimed;
    return [...claimed, ...(await claimDigest(client, { worker, now: clock(), subscriptionId }))];
  }

  async function write(send: Send, decision: Decision): Promise<void> {
    const now = clock();
    const subscriptionId = send.deliveries[0]?.subscriptionId ?? null;
    count(decision.kind);
    switch (decision.kind) {
      case "accepted":
        for (const delivery of send.deliveries) observe(delivery, now);
        await settle(send.deliveries, { state: "ACCEPTED", reason: null });
        if (subscriptionId) await noteAccepted(client, subscriptionId, now);
        return;
      case "gone":
        await settle(send.deliveries, { state: "GONE", reason: decision.reason });
        if (subscriptionId) await removeSubscription(client, subscriptionId);
        return;
      case "retry":
        await settle(send.deliveries, { state: "PENDING", notBefore: decision.at, attempted: true });
        return;
      case "dead":
        if (decision.alarm) alarm(decision.reason, send);
        await settle(send.deliveries, { state: "DEAD", reason: decision.reason });
    }
  }
}

/** Why a claimed delivery must not be sent, if so. */
function unsendable(delivery: ClaimedDelivery, options: SenderOptions): Extract<Settlement, { reason: string }> | null {
  if (delivery.superseded) return { state: "SUPPRESSED", reason: "superseded" };
  if (delivery.read) return { state: "SUPPRESSED", reason: "read" };
  if (delivery.endpoint === null) return { state: "GONE", reason: "subscription_removed" };
  if (delivery.vapidPublicKey !== options.vapidPublicKey) return { state: "DEAD", reason: "vapid_key_changed" };
  if (delivery.expiresAt <= options.clock()) return { state: "DEAD", reason: "expired" };
  return null;
}

/** What leaves as one push: each delivery, but the several of a daily summary together. */
function sendsOf(deliveries: readonly ClaimedDelivery[], now: Date): Send[] {
  const digest = deliveries.filter((delivery) => delivery.hold === "digest");
  const collapsed = digest.length > 1 ? digest : [];
  const single = deliveries.filter((delivery) => !collapsed.includes(delivery));
  const sends = single.map((delivery): Send => {
    const { notificationId: id, kind, topic, revision, hold } = delivery;
    const content = { kind, id, path: kind === "test" ? "/preferences" : `/n/${id}`, topic, revision };
    return { deliveries: [delivery], content, urgency: hold === null && URGENT.has(kind) ? "high" : "normal" };
  });
  const first = collapsed[0];
  if (!first) return sends;
  const topic = topicOf(first.userId, "digest", localDateOf(now, "UTC"));
  const content: PushContent = { kind: "digest", id: first.notificationId, path: "/inbox", topic, revision: 0 };
  return [...sends, { deliveries: [...collapsed], content, urgency: "normal" }];
}

const URGENT = new Set<string>(["attendance_marked_absent", "attendance_corrected", "test"]);

async function attempt(send: Send, options: SenderOptions): Promise<Decision> {
  const [first] = send.deliveries;
  if (!first || first.endpoint === null || first.p256dh === null || first.auth === null)
    return { kind: "dead", reason: "subscription_keys", alarm: false };
  const { endpoint, p256dh, auth } = first;
  const expiresAt = new Date(Math.max(...send.deliveries.map((delivery) => delivery.expiresAt.getTime())));
  const result = await options.transport.send({
    endpoint,
    keys: { p256dh, auth },
    payload: pushPayload(send.content, options.publicUrl),
    topic: send.content.topic,
    urgency: send.urgency,
    ttlSeconds: Math.max(60, Math.floor((expiresAt.getTime() - options.clock().getTime()) / 1_000)),
  });
  return decide(result, { attempts: first.attempts, now: options.clock(), expiresAt }, options.random);
}

function alarm(reason: string, send: Send): void {
  const host = new URL(send.deliveries[0]?.endpoint ?? "https://unknown").host;
  log().error({ reason, host, notificationId: send.content.id }, "a push service refuses what we send");
  counter("campus_notification_push_alarms_total", "Answers of push services that mean a mistake of ours", [
    "reason",
  ]).inc({ reason });
}

function count(outcome: string): void {
  counter("campus_notification_push_total", "Outcomes of push attempts", ["outcome"]).inc({
    outcome: outcome.toLowerCase(),
  });
}

function observe(delivery: ClaimedDelivery, now: Date): void {
  if (delivery.hold !== null) return;
  histogram("campus_notification_push_seconds", "From notification written to push accepted", []).observe(
    (now.getTime() - delivery.createdAt.getTime()) / 1_000,
  );
}
