import type { Batch, EachBatchPayload, TopicPartitionOffset } from "kafkajs";
import { log } from "@/lib/platform/runtime/log";
import { Availability } from "../availability";
import type { KafkaAssignment } from "./assignment";
import { requestedOffset, type AssignedPartitions } from "./offsets";
import { abortableDelay, within } from "../pause";

export type KafkaMemberOptions = {
  newAssignment(): KafkaAssignment;
  /** Where the group stands in these partitions. */
  groupOffsets(assigned: AssignedPartitions): Promise<TopicPartitionOffset[]>;
  /** The first offset that a partition still has. */
  firstOffset(topic: string, partition: number): Promise<bigint>;
  /** Makes the client's next fetch of a partition begin there, and what it has fetched of it before void. */
  seek(to: TopicPartitionOffset): void;
  /** For the log. */
  name: string;
  signal: AbortSignal;
  /** Called while it waits on purpose: for room, for the database, for the end of what runs. */
  isAlive(): void;
};

/** What is used of the client's `eachBatch`. */
export type HandedBatch = Pick<EachBatchPayload, "heartbeat" | "resolveOffset" | "isRunning" | "isStale"> & {
  batch: Pick<Batch, "topic" | "partition" | "messages">;
};

const CHUNK = 200;
/** How far a process may run ahead of an event that is retried. */
const WINDOW = 5_000;
const WAIT_POLL_MS = 100;
const AWAY_RETRY_MS = 1_000;
/** Less than half of the group's session time-out: no heartbeat is sent meanwhile. */
const ASK_WITHIN_MS = 5_000;

/**
 * One member of a consumer group through all its rebalances. The client has one fetch for each broker under way, and a
 * rebalance that one of them starts does not wait for the others: batches that were asked for before it arrive after it,
 * and mark offsets as read that nobody has handled. So nothing here trusts the client's position. After each rebalance the
 * cluster is asked where the group stands, the client is sent there, and a batch is taken only when it follows what was
 * taken before.
 */
export class KafkaMember {
  private current: KafkaAssignment;
  private readonly stopping = new Set<KafkaAssignment>();
  private drained: Promise<void> = Promise.resolve();
  private readonly refused = new Set<string>();
  private readonly offsetsKnown: Availability;

  constructor(private readonly options: KafkaMemberOptions) {
    this.current = options.newAssignment();
    this.offsetsKnown = new Availability(`Kafka offsets (${options.name})`);
  }

  /** True when something hangs that only a new process can end. */
  get isStuck(): boolean {
    return [this.current, ...this.stopping].some(({ queue }) => queue.isStuck);
  }

  /** Ends what belonged to the partitions before, and begins with those of now. Call it at the moment of the rebalance. */
  rebalanced(assigned: AssignedPartitions): void {
    this.end(this.current);
    this.current = this.options.newAssignment();
    this.refused.clear();
    void this.begin(this.current, assigned);
  }

  /** Takes nothing more, and waits for what is being handled. */
  stop(): Promise<void> {
    this.end(this.current);
    return this.drained;
  }

  /** The offsets that may be committed. */
  committable(): TopicPartitionOffset[] {
    return this.current.committable();
  }

  /** Notes what was committed. */
  committed(offsets: readonly TopicPartitionOffset[]): void {
    this.current.committed(offsets);
  }

  /** Takes a batch, as the client's `eachBatch`: in parts, with heartbeats; resolved offsets only say what to fetch next. */
  async takeBatch({ batch, heartbeat, resolveOffset, isRunning, isStale }: HandedBatch): Promise<void> {
    const { signal, isAlive } = this.options;
    const assignment = this.current;
    const isOver = () => assignment !== this.current || signal.aborted || !isRunning() || isStale();
    const wait = async (ms: number) => {
      await abortableDelay(ms, signal);
      isAlive();
      await heartbeat();
    };
    while (!assignment.isReady && !isOver()) await wait(WAIT_POLL_MS);
    if (isOver() || !(await this.follows(assignment, batch))) return;
    for (let from = 0; from < batch.messages.length; from += CHUNK) {
      const chunk = batch.messages.slice(from, from + CHUNK);
      while (assignment.outstanding + chunk.length > WINDOW && !isOver()) await wait(WAIT_POLL_MS);
      let isTaken = false;
      while (!isTaken) {
        if (isOver()) return;
        try {
          isTaken = await assignment.take(batch.topic, batch.partition, chunk);
        } catch (error) {
          assignment.availability.isDown(error);
          await wait(AWAY_RETRY_MS);
        }
      }
      const last = chunk.at(-1);
      if (!last || isOver()) return; // the position belongs to another assignment by now
      resolveOffset(last.offset);
      await heartbeat();
    }
  }

  private end(assignment: KafkaAssignment): void {
    if (this.stopping.has(assignment)) return;
    this.stopping.add(assignment);
    const ended = assignment.stop().then(() => void this.stopping.delete(assignment));
    this.drained = Promise.all([this.drained, ended]).then(() => {});
  }

  /** Waits for the assignment before, so that nothing is handled twice at a time, and finds out where to begin. */
  private async begin(assignment: KafkaAssignment, assigned: AssignedPartitions): Promise<void> {
    const { signal, groupOffsets, seek } = this.options;
    const isOver = () => assignment !== this.current || signal.aborted;
    await this.drained;
    while (!isOver()) {
      try {
        const offsets = await groupOffsets(assigned);
        if (isOver()) return;
        for (const to of offsets) seek(to);
        assignment.begin(offsets);
        this.offsetsKnown.isUp();
        return;
      } catch (error) {
        this.offsetsKnown.isDown(error);
        await abortableDelay(AWAY_RETRY_MS, signal);
      }
    }
  }

  /** Whether nothing lies between what was taken and this batch. If something does, the client is sent back. */
  private async follows(assignment: KafkaAssignment, batch: HandedBatch["batch"]): Promise<boolean> {
    const { topic, partition } = batch;
    const name = `${topic}[${partition}]`;
    const next = assignment.nextOffset(topic, partition);
    if (next === undefined) return false; // it belongs to another member now
    const begins = requestedOffset(batch);
    if (begins <= next) {
      this.refused.delete(name);
      return true; // what comes again is known by the inbox
    }
    // Twice in a row: perhaps the topic has nothing there any more.
    const first = this.refused.has(name) ? await this.firstOffset(topic, partition) : 0n;
    if (assignment !== this.current) return false;
    this.refused.add(name);
    if (first > next) {
      log().error({ topic, partition, next: String(next), first: String(first) }, "events are gone from the topic");
      assignment.skipTo(topic, partition, first);
    }
    this.options.seek({ topic, partition, offset: String(first > next ? first : next) });
    return false;
  }

  private firstOffset(topic: string, partition: number): Promise<bigint> {
    return within(ASK_WITHIN_MS, this.options.firstOffset(topic, partition)).catch(() => 0n);
  }
}
