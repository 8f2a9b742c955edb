import type { Db } from "@/lib/platform/db/client";
import { releaseAttempts, startAttempts, type StartedAttempt } from "./attempts";
import type { Availability } from "../availability";
import type { AnyConsumer, EventOf } from "./consumer";
import type { DeadLetterSink } from "./dead-letters";
import { attemptDelivery, deliverTogether } from "./deliver";
import { Lanes, type LaneResult } from "./lanes";

/** An event taken from a source, to be handled; `finish` is called once, when it needs no further delivery. */
export type QueuedEvent = { event: EventOf; origin: string; onDead?: DeadLetterSink; finish(): void };

export type DeliveryQueueOptions = {
  consumer: AnyConsumer;
  client: Db;
  /** The number of this process, see OWNER_LOCK_CLASS. */
  owner: number;
  /** Events, or transactions of several, handled at the same time. */
  concurrency: number;
  availability: Availability;
  onProgress(): void;
};

type Item = QueuedEvent & {
  /** The attempt that was counted with the batch; undefined when it must be counted at its turn. */
  started: StartedAttempt | undefined;
  /** It was open when a process died. */
  isSuspect: boolean;
};

const AWAY_RETRY_MS = 500;
/** Events in one transaction, when the consumer can. */
const TOGETHER = 100;
/** Transactions of several events at the same time: one commits while the other is being written. */
const BATCHES = 2;
/** Statements and transactions have shorter time-outs: an attempt that takes longer hangs. */
const STUCK_AFTER_MS = 60_000;

/**
 * Hands events of any source to one consumer: those of a key in their order, several keys side by side. What waits is handled
 * in one transaction when the consumer offers `handleMany`; if that fails, each by itself. Events that were open when a
 * process died run one by one, so that the guilty one is found and its neighbours are not blamed.
 */
export class DeliveryQueue {
  private readonly lanes: Lanes<Item>;
  private lastSuspect: Promise<void> = Promise.resolve();
  private readonly runningSinceMs = new Map<Item, number>();
  /** Events whose attempt was counted and has not come to its end. */
  private readonly open = new Set<string>();
  private counting: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: DeliveryQueueOptions) {
    const { consumer, concurrency } = options;
    this.lanes = new Lanes({
      concurrency: consumer.handleMany ? Math.min(BATCHES, concurrency) : concurrency,
      together: consumer.handleMany ? TOGETHER : 1,
      mayJoin: ({ started, isSuspect }) => started !== undefined && !isSuspect,
      run: (items) => this.run(items),
      // They have been counted with the batch but wait now for an unknown time: they are counted at their turn.
      onHeld: (items) => items.forEach((item) => (item.started = undefined)),
    });
  }

  /** Counts the attempts of a batch in one statement; pass the answer to {@link add}. Throws when the database does not answer. */
  async start(eventIds: readonly string[]): Promise<Map<string, StartedAttempt>> {
    const { client, consumer, owner } = this.options;
    const counting = startAttempts(client, consumer.name, owner, eventIds, "batch");
    this.counting = counting.catch(() => {});
    const started = await counting;
    for (const [id, { crashes }] of started) if (crashes === 0) this.open.add(id);
    return started;
  }

  /** Queues a batch; what was handled before is finished at once. After {@link stop} nothing is queued. */
  add(batch: readonly QueuedEvent[], started: ReadonlyMap<string, StartedAttempt>): void {
    const items: [string, Item][] = [];
    for (const queued of batch) {
      const attempt = started.get(queued.event.id);
      if (!attempt) queued.finish();
      else {
        const isSuspect = attempt.crashes > 0;
        items.push([queued.event.subject, { ...queued, started: isSuspect ? undefined : attempt, isSuspect }]);
      }
    }
    this.lanes.push(items);
  }

  /** True when an attempt has been running for so long that it will not end: then only a restart helps. */
  get isStuck(): boolean {
    const oldest = this.runningSinceMs.values().next().value;
    return oldest !== undefined && performance.now() - oldest > STUCK_AFTER_MS;
  }

  /** Starts nothing more, waits for what runs, and gives back what was counted and will not be handled here. */
  async stop(): Promise<void> {
    await this.lanes.stop();
    await this.counting;
    const { client, consumer, owner } = this.options;
    const left = [...this.open];
    this.open.clear();
    // Without the database they stay ours: should this process end now, they are handled one by one afterwards.
    if (left.length > 0) await releaseAttempts(client, consumer.name, owner, left).catch(() => {});
  }

  private async run(items: readonly Item[]): Promise<LaneResult[]> {
    const [only] = items;
    if (only && items.length === 1) return [await this.runOne(only)];
    const together = await this.guarded(items, async () => {
      const events = items.map(({ event }) => event);
      const isDone = await deliverTogether(this.options.consumer, events, { client: this.options.client });
      return isDone ? "finished" : "apart";
    });
    if (together !== "apart") return items.map(() => together);
    const held = new Map<string, LaneResult>();
    const results: LaneResult[] = [];
    for (const item of items) {
      const key = item.event.subject;
      const result = held.get(key) ?? (await this.runOne(item));
      if (result !== "finished") held.set(key, result);
      results.push(result);
    }
    return results;
  }

  private async runOne(item: Item): Promise<LaneResult> {
    const work = () => this.guarded([item], () => this.deliverOnce(item));
    return item.isSuspect ? this.afterOtherSuspects(work) : work();
  }

  /** Runs an attempt at items, watched; without the database they are to be run again. */
  private async guarded<R>(items: readonly Item[], attempt: () => Promise<R | LaneResult>): Promise<R | LaneResult> {
    const { availability, onProgress } = this.options;
    for (const item of items) this.runningSinceMs.set(item, performance.now());
    try {
      const result = await attempt();
      availability.isUp();
      onProgress();
      if (result === "finished")
        for (const item of items) {
          this.open.delete(item.event.id);
          item.finish();
        }
      return result;
    } catch (error) {
      availability.isDown(error);
      return { againAfterMs: AWAY_RETRY_MS };
    } finally {
      for (const item of items) this.runningSinceMs.delete(item);
    }
  }

  private async deliverOnce(item: Item): Promise<LaneResult> {
    const { client, consumer, owner } = this.options;
    const id = item.event.id;
    const started = item.started ?? (await startAttempts(client, consumer.name, owner, [id], "single")).get(id);
    if (!started) return "finished";
    this.open.add(id);
    const delivery = await attemptDelivery(consumer, item.event, started, {
      client,
      origin: item.origin,
      ...(item.onDead ? { onDead: item.onDead } : {}),
    });
    return delivery.kind === "retry" ? { againAfterMs: delivery.afterMs } : "finished";
  }

  private async afterOtherSuspects<T>(work: () => Promise<T>): Promise<T> {
    const before = this.lastSuspect;
    let end = () => {};
    this.lastSuspect = new Promise((resolve) => (end = resolve));
    try {
      await before;
      return await work();
    } finally {
      end();
    }
  }
}
