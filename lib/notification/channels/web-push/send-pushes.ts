import type { Db } from "@/lib/platform/db/client";
import { log } from "@/lib/platform/runtime/log";
import { counter, histogram } from "@/lib/platform/runtime/metrics";
import { localDateOf } from "@/lib/shared/time";
import {
  claimDigest,
  GIVEN_BACK,
  loseSubscription,
  type ClaimedDelivery,
  type Settlement,
} from "../../deliveries/due-deliveries";
import type { CurrentDelivery } from "../../deliveries/claimed-deliveries";
import { pushPayload, type PushContent } from "./payload";
import type { Decision } from "../again";
import { decide } from "./send-outcome";
import { topicOf } from "./collapse-key";
import type { PushTransport } from "./transport";
import type { SendingProcess } from "../../deliveries/dispatch";
import { sendingOf } from "../../deliveries/sending";
import { KINDS } from "../../kinds/registry";

export type PushSenderOptions = SendingProcess & {
  client: Db;
  transport: PushTransport;
  vapidPublicKey: string;
  publicUrl: string | undefined;
  random?: () => number;
};

type Take = (ids: readonly string[]) => void;
type Send = { deliveries: CurrentDelivery[]; content: PushContent; urgency: "high" | "normal" };

/**
 * Sends the claimed deliveries of one subscription one after another and writes each outcome. What may be sent is asked
 * anew before each send. After the first that must be tried again the rest waits with it: a broken endpoint costs one
 * attempt, not one for each message.
 */
export function createPushSender(options: PushSenderOptions): (claimed: ClaimedDelivery[]) => Promise<void> {
  const { client, clock, worker, signal } = options;
  const { surely, settle, accepted, whileHolding, sendable } = sendingOf(options);

  return (claimed) => whileHolding(claimed, (take) => sendAll(claimed, take));

  async function sendAll(claimed: readonly ClaimedDelivery[], take: Take): Promise<void> {
    const groups = await groupsOf(claimed, take);
    for (const [index, ids] of groups.entries()) {
      if (signal.aborted) return settle(groups.slice(index).flat(), GIVEN_BACK);
      const wanted = await sendable(
        ids,
        (delivery) => unreachable(delivery, options.vapidPublicKey),
        ({ state }) => count(state),
      );
      if (wanted.length === 0) continue;
      const send = sendOf(wanted, clock());
      const decision = await attempt(send, options);
      count(decision.kind);
      const rest = groups.slice(index + 1).flat();
      if (decision.kind === "gone") return lose(send, decision.reason, rest);
      await write(send, decision);
      if (decision.kind === "retry")
        return settle(rest, { state: "PENDING", notBefore: decision.at, attempted: false });
    }
  }

  /** What leaves together: each delivery alone, but all of a daily summary as one. */
  async function groupsOf(claimed: readonly ClaimedDelivery[], take: Take): Promise<string[][]> {
    const digest = claimed.filter(({ hold }) => hold === "digest");
    const single = claimed.filter(({ hold }) => hold !== "digest").map(({ id }) => [id]);
    const subscriptionId = digest[0]?.subscriptionId;
    if (!subscriptionId) return [...single, ...digest.map(({ id }) => [id])];
    const more = await surely(() => claimDigest(client, { worker, now: clock(), subscriptionId }));
    take(more);
    return [...single, [...digest.map(({ id }) => id), ...more]];
  }

  /** The push service does not know the address. When the browser has brought a new one meanwhile, all go there. */
  async function lose(send: Send, reason: string, rest: readonly string[]): Promise<void> {
    const { subscriptionId: id, endpoint } = send.deliveries[0] ?? {};
    const lost = id && endpoint ? await surely(() => loseSubscription(client, { id, endpoint, now: clock() })) : false;
    const sent = send.deliveries.map((delivery) => delivery.id);
    await settle(sent, lost ? { state: "GONE", reason } : { state: "PENDING", notBefore: null, attempted: true });
    await settle(rest, lost ? { state: "GONE", reason: "subscription_gone" } : GIVEN_BACK);
  }

  async function write(send: Send, decision: Exclude<Decision, { kind: "gone" }>): Promise<void> {
    const now = clock();
    const ids = send.deliveries.map(({ id }) => id);
    const subscriptionId = send.deliveries[0]?.subscriptionId ?? null;
    switch (decision.kind) {
      case "accepted":
        for (const delivery of send.deliveries) observe(delivery, now);
        await Promise.all([
          settle(ids, { state: "ACCEPTED", reason: null }),
          subscriptionId === null ? null : accepted(subscriptionId, now),
        ]);
        return;
      case "retry":
        await settle(ids, { state: "PENDING", notBefore: decision.at, attempted: true });
        return;
      case "dead":
        if (decision.alarm) alarm(decision.reason, send);
        await settle(ids, { state: "DEAD", reason: decision.reason });
    }
  }
}

/** What leaves as one push: one delivery, or the several of a daily summary together. */
function sendOf(deliveries: CurrentDelivery[], now: Date): Send {
  const [first] = deliveries;
  if (!first) throw new Error("nothing to send");
  const { notificationId: id, kind, topic, revision, hold, locale } = first;
  if (deliveries.length > 1) {
    const day = topicOf(first.userId, "digest", localDateOf(now, "UTC"));
    return {
      deliveries,
      content: { kind: "digest", id, path: "/inbox", topic: day, revision: 0, locale },
      urgency: "normal",
    };
  }
  const { path = `/n/${id}`, urgency } = KINDS[kind];
  // What waited for the end of quiet hours is not urgent any more.
  return {
    deliveries,
    content: { kind, id, path, topic, revision, locale },
    urgency: hold === null ? urgency : "normal",
  };
}

/** Why a push cannot reach its browser, if so. */
function unreachable(delivery: CurrentDelivery, vapidPublicKey: string): Settlement | null {
  if (delivery.endpoint === null) return { state: "GONE", reason: "subscription_removed" };
  if (delivery.vapidPublicKey !== vapidPublicKey) return { state: "DEAD", reason: "vapid_key_changed" };
  return null;
}

async function attempt(send: Send, options: PushSenderOptions): Promise<Decision> {
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

function observe(delivery: CurrentDelivery, now: Date): void {
  if (delivery.hold !== null) return;
  histogram("campus_notification_push_seconds", "From notification written to push accepted", []).observe(
    (now.getTime() - delivery.createdAt.getTime()) / 1_000,
  );
}
