import type { Db } from "@/lib/platform/db/client";
import type { LockSession } from "@/lib/platform/events/lock-session";
import { abortableDelay } from "@/lib/platform/events/pause";
import { Sleeper, STAYS_WARM_MS } from "@/lib/platform/events/wake/wake";
import { errorForLog, log } from "@/lib/platform/runtime/log";
import { closeExpired, holderName, reclaimDeliveries, renewClaims, suspectedHolders } from "./delivery-claims";
import { claimDeliveries, lookAtQueue, type ClaimedDelivery } from "./due-deliveries";
import type { SendingChannel } from "../channels/channel";

/** What a sender knows of the process that it sends for. */
export type SendingProcess = {
  worker: string;
  leaseMs: number;
  /** Ids of all that this process is sending; the sender keeps it up to date. */
  holding: Set<string>;
  /** Aborted: the send in flight is finished, the rest is given back. */
  signal: AbortSignal;
  clock: () => Date;
};

export type DispatcherOptions = {
  client: Db;
  channel: SendingChannel;
  /** Makes what sends the claimed deliveries of one lane and writes each outcome. */
  sender: (process: SendingProcess) => (claimed: ClaimedDelivery[]) => Promise<void>;
  clock?: () => Date;
  /** Lanes that are sent at the same time, in all and to one host. */
  concurrency?: number;
  perHost?: number;
  /** How often it looks while something is due or being sent. */
  pollMs?: number;
  /** How often it looks for claims that are over and for what is too old. */
  sweepMs?: number;
  /**
   * The session whose lock stands behind this process's claims: they end with it. Without one they end with their lease.
   */
  session?: Pick<LockSession, "owner" | "connection">;
  /** How long a claim lasts that its process does not renew: one that is frozen still has its session. */
  leaseMs?: number;
  /** How long another process must seem to be gone before its claims are taken: it may only have to connect again. */
  patienceMs?: number;
  onProgress?: () => void;
};

export type Dispatcher = {
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

const PATIENCE_MS = 2_000;
/** How often it looks while nothing is: it is woken when something is written, but not when a time has come. */
const IDLE_POLL_MS = 1_000;

/**
 * Sends what waits in `notification_delivery` for a channel, from any number of processes. Each lane (a browser, a person's
 * mailbox) has one send at a time and each host a limited number, so that a slow or broken one holds up only itself. A
 * process that dies between a send and its outcome costs at most one repeat; what it held is due again some seconds after
 * its session ended. One that lives and loses the database repeats nothing: it keeps the outcomes until they can be written.
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { client, channel, clock = () => new Date() } = options;
  const { concurrency = 256, perHost = 64, pollMs = 100, sweepMs = 1_000, leaseMs = 60_000 } = options;
  const { session, patienceMs = PATIENCE_MS } = options;
  const worker = holderName(session?.owner ?? null);
  const stopping = new AbortController();
  const holding = new Set<string>();
  const sender = options.sender({ worker, leaseMs, holding, signal: stopping.signal, clock });
  const suspectedSince = new Map<string, number>();
  const busy = new Map<string, { host: string; done: Promise<void> }>();
  const sleeper = new Sleeper("deliveries");
  let loop: Promise<void> | undefined;

  async function tick(): Promise<number> {
    const free = concurrency - busy.size;
    if (free <= 0) return 0;
    // What nothing stands behind would be taken by the next who looks.
    if (session && !(await session.connection())) return 0;
    const busyHosts = new Map<string, number>();
    for (const { host } of busy.values()) busyHosts.set(host, (busyHosts.get(host) ?? 0) + 1);
    const claimed = await claimDeliveries(client, {
      worker,
      channel,
      now: clock(),
      limit: free,
      perHost,
      busyHosts,
      busyLanes: [...busy.keys()],
    });
    for (const [key, deliveries] of Map.groupBy(claimed, ({ lane }) => lane))
      begin(key, deliveries[0]?.host ?? "", deliveries);
    return claimed.length;
  }

  function begin(key: string, host: string, deliveries: ClaimedDelivery[]): void {
    const sending = sender(deliveries)
      // `renewClaims` gives back what could not be written down.
      .catch((error: unknown) => log().error({ channel, err: errorForLog(error) }, "deliveries failed"))
      .finally(() => busy.delete(key));
    busy.set(key, { host, done: sending });
  }

  async function idle(): Promise<void> {
    while (busy.size > 0) await Promise.all([...busy.values()].map((entry) => entry.done));
  }

  async function sweep(): Promise<void> {
    const { reclaimed, crashed } = await reclaimDeliveries(client, { now: clock(), holders: await gone(), leaseMs });
    await renewClaims(client, { worker, holding: [...holding], leaseMs });
    const expired = await closeExpired(client, clock());
    if (reclaimed + expired > 0) log().warn({ reclaimed, expired }, "deliveries swept");
    if (crashed > 0) log().error({ crashed }, "deliveries set aside: each process that sent them died");
  }

  /** Holders that have seemed to be gone in every look since `patienceMs`. */
  async function gone(): Promise<string[]> {
    const suspected = await suspectedHolders(client, worker, leaseMs);
    for (const holder of suspectedSince.keys()) if (!suspected.includes(holder)) suspectedSince.delete(holder);
    const now = performance.now();
    for (const holder of suspected) if (!suspectedSince.has(holder)) suspectedSince.set(holder, now);
    return suspected.filter((holder) => now - (suspectedSince.get(holder) ?? now) >= patienceMs);
  }

  async function run(): Promise<void> {
    let sweptAt = 0;
    let failures = 0;
    let warmUntil = 0;
    while (!stopping.signal.aborted) {
      let claimed = 0;
      let isQuiet = true;
      try {
        const { isDue, isSending } = await lookAtQueue(client, { channel, now: clock() });
        isQuiet = !isDue && !isSending && busy.size === 0;
        if (!isQuiet && Date.now() - sweptAt >= sweepMs) {
          await sweep();
          sweptAt = Date.now();
        }
        if (isDue) claimed = await tick();
        failures = 0;
      } catch (error) {
        failures += 1;
        suspectedSince.clear(); // the others have lost the database as well, and come back as we do
        log().error({ channel, err: errorForLog(error) }, "a dispatcher cannot read its queue");
      }
      // Waiting for a database that is away is no standstill: ending the process would end the other roles with it.
      options.onProgress?.();
      if (failures > 0) await abortableDelay(Math.min(5_000, pollMs * 2 ** Math.min(failures, 6)), stopping.signal);
      else if (claimed === 0) {
        const isAsleep = isQuiet && performance.now() > warmUntil;
        const isWoken = await sleeper.sleep(isAsleep ? Math.max(pollMs, IDLE_POLL_MS) : pollMs, stopping.signal);
        if (isWoken) warmUntil = performance.now() + STAYS_WARM_MS;
      }
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

/** The worker role of a dispatcher: sends until the signal, then finishes each send in flight and gives back the rest. */
export async function runDispatcher(dispatcher: Dispatcher, signal: AbortSignal): Promise<void> {
  dispatcher.start();
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await dispatcher.stop();
}
