import type { KafkaMessage, TopicPartitionOffset } from "kafkajs";
import type { Availability } from "../availability";
import { recordDeadLetter } from "../delivery/dead-letters";
import { DeliveryQueue, type DeliveryQueueOptions, type QueuedEvent } from "../delivery/event-queue";
import type { KafkaDeadLetters } from "./dead-letters";
import { StreamProgress } from "../delivery/progress";
import { idOfUnreadable, readMessage, shownOf } from "./read-message";

type Partition = {
  topic: string;
  partition: number;
  progress: StreamProgress<bigint>;
  committed: bigint | undefined;
  /** Where the next batch must begin. */
  next: bigint;
};

/**
 * What this process does between two rebalances: the partitions it was given, where each of them begins, what it has
 * taken, and how far it is finished. Nothing is taken that does not follow what was taken before. After a rebalance a new
 * one begins, when the old one has been stopped.
 */
export class KafkaAssignment {
  readonly queue: DeliveryQueue;
  private readonly partitions = new Map<string, Partition>();
  private isStopped = false;

  constructor(
    private readonly options: DeliveryQueueOptions,
    private readonly deadLetters: KafkaDeadLetters,
  ) {
    this.queue = new DeliveryQueue(options);
  }

  /** Whether the database answers. */
  get availability(): Availability {
    return this.options.availability;
  }

  /** Messages that were taken and are not finished. */
  get outstanding(): number {
    return [...this.partitions.values()].reduce((sum, { progress }) => sum + progress.outstanding, 0);
  }

  /** Whether {@link begin} has been called. */
  isReady = false;

  /** Gives it its partitions, each with the offset that must be read first. */
  begin(offsets: readonly TopicPartitionOffset[]): void {
    for (const { topic, partition, offset } of offsets) {
      const next = BigInt(offset);
      const progress = new StreamProgress<bigint>();
      this.partitions.set(nameOf(topic, partition), { topic, partition, progress, committed: next - 1n, next });
    }
    this.isReady = true;
  }

  /** Where the next batch of a partition must begin, at the latest; undefined when the partition is not ours. */
  nextOffset(topic: string, partition: number): bigint | undefined {
    return this.partitions.get(nameOf(topic, partition))?.next;
  }

  /** Goes on at a later offset, because the topic has nothing before it any more. */
  skipTo(topic: string, partition: number, offset: bigint): void {
    const state = this.partitions.get(nameOf(topic, partition));
    if (state) state.next = offset;
  }

  /**
   * Takes messages of one of its partitions, in their order; false when it was stopped meanwhile, and then nothing of
   * them will be handled here. Throws when the database or the `.dlq` topic does not answer; then call it again with the
   * same.
   */
  async take(topic: string, partition: number, messages: readonly KafkaMessage[]): Promise<boolean> {
    const state = this.partitions.get(nameOf(topic, partition));
    if (!state) return false;
    const batch: (Omit<QueuedEvent, "finish"> & { offset: bigint })[] = [];
    const offsets: bigint[] = [];
    for (const message of messages) {
      const origin = `${nameOf(topic, partition)}@${message.offset}`;
      const read = readMessage(message);
      offsets.push(BigInt(message.offset));
      if (read.kind === "event")
        batch.push({
          event: read.event,
          origin,
          offset: BigInt(message.offset),
          onDead: (letter) => this.deadLetters.publish({ topic, partition, message }, letter),
        });
      else await this.setAside({ topic, partition, message, origin, reason: read.reason });
    }
    if (this.isStopped) return false;
    const started = await this.queue.start(batch.map(({ event }) => event.id));
    if (this.isStopped) return false;
    const finishOf = new Map(offsets.map((offset) => [offset, state.progress.take(offset)]));
    const queued = batch.map(({ offset, ...rest }) => {
      const finish = finishOf.get(offset) ?? (() => {});
      finishOf.delete(offset);
      return { ...rest, finish };
    });
    for (const finish of finishOf.values()) finish();
    this.queue.add(queued, started);
    const last = offsets.at(-1);
    if (last !== undefined) state.next = last + 1n;
    return true;
  }

  /** Takes nothing more, and waits for what is being handled. */
  stop(): Promise<void> {
    this.isStopped = true;
    return this.queue.stop();
  }

  /** The offsets that may be committed since the last time (the next to read, as Kafka counts). */
  committable(): TopicPartitionOffset[] {
    return [...this.partitions.values()].flatMap(({ topic, partition, progress, committed }) =>
      progress.watermark === undefined || progress.watermark === committed
        ? []
        : [{ topic, partition, offset: String(progress.watermark + 1n) }],
    );
  }

  /** Notes what was committed. */
  committed(offsets: readonly TopicPartitionOffset[]): void {
    for (const { topic, partition, offset } of offsets) {
      const state = this.partitions.get(nameOf(topic, partition));
      if (state) state.committed = BigInt(offset) - 1n;
    }
  }

  private async setAside(from: {
    topic: string;
    partition: number;
    message: KafkaMessage;
    origin: string;
    reason: string;
  }): Promise<void> {
    const { consumer, client } = this.options;
    const { topic, origin, message, reason } = from;
    const eventId = idOfUnreadable(origin, message);
    const before = await client.consumerInbox.findUnique({
      where: { consumer_eventId: { consumer: consumer.name, eventId } },
      select: { eventId: true },
    });
    if (before) return;
    const envelope = { unreadable: shownOf(message) };
    await recordDeadLetter(
      { consumer: consumer.name, eventId, type: topic, envelope, reason, attempts: 0, origin },
      { client, onDead: (letter) => this.deadLetters.publish(from, letter) },
    );
  }
}

function nameOf(topic: string, partition: number): string {
  return `${topic}[${partition}]`;
}
