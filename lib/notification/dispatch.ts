import { setTimeout as delay } from "node:timers/promises";
import { db, type Db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { errorForLog, log } from "@/lib/platform/log";
import { vapidKeys } from "@/lib/platform/secrets";
import { newId } from "@/lib/shared/ids";
import { claimDeliveries, sweepDeliveries, type ClaimedDelivery } from "./delivery-queue";
import { createDeliverySender } from "./send-deliveries";
import { createPushTransport, type PushTransport } from "./transport";

export type DispatcherOptions = {
  client: Db;
  transport: PushTransport;
  /** Our VAPID key; subscriptions made for another one cannot be sent to. */
  vapidPublicKey: string;
  publicUrl: string | undefined;
  clock?: () => Date;
  random?: () => number;
  /** Sends at the same time, in all and to one push service. */
  concurrency?: number;
  perHost?: number;
  pollMs?: number;
  /** How long a claim lasts; longer than a send can take. */
  leaseMs?: number;
  onProgress?: () => void;
};

export type PushDispatcher = {
  /** Claims what is due and free to go, starts sending it, and says how much that was. */
  tick(): Promise<number>;
  /** Waits until nothing is being sent. */
  idle(): Promise<void>;
  /** Returns expired claims to the queue and closes what is too old. */
  sweep(): Promise<void>;
  start(): void;
  /** No more claims and no more sends; resolves when each send in flight has an outcome and the rest is given back. */
  stop(): Promise<void>;
};

const SWEEP_EVERY_MS = 5_000;

/**
 * Sends what waits in `notification_delivery`, from any number of processes. Each subscription has one send at a time
 * and each push service a limited number, so that a slow or broken one holds up only itself. A process that dies between
 * a send and its outcome costs at most one repeat, with the same Topic and tag, which replaces the first on the device.
 */
export function createPushDispatcher(options: DispatcherOptions): PushDispatcher {
  const { client, clock = () => new Date(), concurrency = 256, perHost = 64, pollMs = 100, leaseMs = 60_000 } = options;
  const worker = newId();
  const stopping = new AbortController();
  const sender = createDeliverySender({ ...options, clock, worker, leaseMs, signal: stopping.signal });
  const busy = new Map<string, { host: string; done: Promise<void> }>();
  let loop: Promise<void> | undefined;

  async function tick(): Promise<number> {
    const free = concurrency - busy.size;
    if (free <= 0) return 0;
    const busyHosts = new Map<string, number>();
    for (const { host } of busy.values()) busyHosts.set(host, (busyHosts.get(host) ?? 0) + 1);
    const claimed = await claimDeliveries(client, {
      worker,
      now: clock(),
      limit: free,
      perHost,
      busyHosts,
      busySubscriptions: [...busy.keys()],
    });
    for (const [key, deliveries] of groupBySubscription(claimed)) begin(key, deliveries[0]?.host ?? "", deliveries);
    return claimed.length;
  }

  function begin(key: string, host: string, deliveries: ClaimedDelivery[]): void {
    const sending = sender(deliveries)
      // The lease returns what could not be written down.
      .catch((error: unknown) => log().error({ err: errorForLog(error) }, "push deliveries failed"))
      .finally(() => busy.delete(key));
    busy.set(key, { host, done: sending });
  }

  async function idle(): Promise<void> {
    while (busy.size > 0) await Promise.all([...busy.values()].map((entry) => entry.done));
  }

  async function sweep(): Promise<void> {
    const { reclaimed, crashed, expired } = await sweepDeliveries(client, clock(), leaseMs);
    if (reclaimed + expired > 0) log().warn({ reclaimed, expired }, "push deliveries swept");
    if (crashed > 0) log().error({ crashed }, "push deliveries set aside: each process that sent them died");
  }

  async function run(): Promise<void> {
    let sweptAt = 0;
    let failures = 0;
    while (!stopping.signal.aborted) {
      let claimed = 0;
      try {
        if (Date.now() - sweptAt >= SWEEP_EVERY_MS) {
          await sweep();
          sweptAt = Date.now();
        }
        claimed = await tick();
        failures = 0;
      } catch (error) {
        failures += 1;
        log().error({ err: errorForLog(error) }, "push dispatcher cannot read its queue");
      }
      // Waiting for a database that is away is no standstill: ending the process would end the other roles with it.
      options.onProgress?.();
      if (claimed === 0) await pause(Math.min(5_000, pollMs * 2 ** Math.min(failures, 6)), stopping.signal);
    }
    await idle();
  }

  return {
    tick,
    idle,
    sweep,
    start() {
      loop ??= run();
    },
    async stop() {
      stopping.abort();
      await loop;
      await idle();
    },
  };
}

/** The worker role: sends until the signal, then finishes each send in flight and gives back what had not begun. */
export async function runPushDispatcher(role: { signal: AbortSignal; onProgress: () => void }): Promise<void> {
  const vapid = vapidKeys();
  const transport = createPushTransport({ vapid, allowlist: env().PUSH_ENDPOINT_ALLOWLIST });
  const dispatcher = createPushDispatcher({
    client: db(),
    transport,
    vapidPublicKey: vapid.publicKey,
    publicUrl: env().PUBLIC_URL,
    onProgress: role.onProgress,
  });
  dispatcher.start();
  await new Promise<void>((resolve) => {
    if (role.signal.aborted) resolve();
    else role.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await dispatcher.stop();
  transport.close();
}

function groupBySubscription(deliveries: readonly ClaimedDelivery[]): Map<string, ClaimedDelivery[]> {
  return Map.groupBy(deliveries, (delivery) => delivery.subscriptionId ?? delivery.id);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
