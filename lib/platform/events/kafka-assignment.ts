import type { KafkaMessage, TopicPartitionOffset } from "kafkajs";
import { parseCloudEvent } from "@/lib/shared/events";
import type { Db } from "../db";
import type { Availability } from "./availability";
import type { AnyConsumer, EventOf } from "./consumer";
import { recordDeadLetter } from "./dead-letters";
import { DeliveryQueue, type DeliveryQueueOptions, type QueuedEvent } from "./delivery-queue";
import type { KafkaDeadLetters } from "./kafka-dead-letters";
import { StreamProgress } from "./progress";

type Partition = { topic: string; partition: number; progress: StreamProgress<bigint>; committed: bigint | undefined };
type Read = { kind: "event"; event: EventOf } | { kind: "unreadable"; reason: string };

/** Kept of a value that cannot be read, for the office; the `.dlq` topic has all of it. */
const UNREADABLE_SHOWN_CHARS = 4_000;

/**
 * What this process does between two rebalances: the partitions it was given, what it has taken from them, and how far
 * each is finished. After a rebalance a new one begins; what the old one still runs ends harmlessly, because an effect
 * needs its inbox row and that exists once.
 */
export class KafkaAssignment {
  readonly queue: DeliveryQueue;
  private readonly partitions = new Map<string, Partition>();

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

  /** Takes messages of one partition, in their order. Throws when the database or the `.dlq` topic does not answer; then call it again with the same. */
  async take(topic: string, partition: number, messages: readonly KafkaMessage[]): Promise<void> {
    const { consumer, client } = this.options;
    const batch: (Omit<QueuedEvent, "finish"> & { offset: bigint })[] = [];
    const offsets: bigint[] = [];
    for (const message of messages) {
      const origin = `${topic}[${partition}]@${message.offset}`;
      const read = readMessage(message);
      offsets.push(BigInt(message.offset));
      if (read.kind === "event")
        batch.push({
          event: read.event,
          origin,
          offset: BigInt(message.offset),
          onDead: (letter) => this.deadLetters.publish({ topic, partition, message }, letter),
        });
      else await this.setAside(consumer, client, { topic, partition, message, origin, reason: read.reason });
    }
    const state = this.stateOf(topic, partition);
    const started = await this.queue.start(batch.map(({ event }) => event.id));
    const finishOf = new Map(offsets.map((offset) => [offset, state.progress.take(offset)]));
    const queued = batch.map(({ offset, ...rest }) => {
      const finish = finishOf.get(offset) ?? (() => {});
      finishOf.delete(offset);
      return { ...rest, finish };
    });
    for (const finish of finishOf.values()) finish();
    this.queue.add(queued, started);
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
    for (const { topic, partition, offset } of offsets) this.stateOf(topic, partition).committed = BigInt(offset) - 1n;
  }

  private stateOf(topic: string, partition: number): Partition {
    const name = `${topic}[${partition}]`;
    const known = this.partitions.get(name);
    if (known) return known;
    const made = { topic, partition, progress: new StreamProgress<bigint>(), committed: undefined };
    this.partitions.set(name, made);
    return made;
  }

  private async setAside(
    consumer: AnyConsumer,
    client: Db,
    from: { topic: string; partition: number; message: KafkaMessage; origin: string; reason: string },
  ): Promise<void> {
    const { topic, origin, message } = from;
    const before = await client.consumerInbox.findUnique({
      where: { consumer_eventId: { consumer: consumer.name, eventId: origin } },
      select: { eventId: true },
    });
    if (before) return;
    const shown = (message.value?.toString("utf8") ?? "").replaceAll("\u0000", "").slice(0, UNREADABLE_SHOWN_CHARS);
    await recordDeadLetter(
      {
        consumer: consumer.name,
        eventId: origin,
        type: topic,
        envelope: { unreadable: shown },
        reason: from.reason,
        attempts: 0,
        origin,
      },
      { client, onDead: (letter) => this.deadLetters.publish(from, letter) },
    );
  }
}

function readMessage(message: KafkaMessage): Read {
  if (message.value === null) return { kind: "unreadable", reason: "no value" };
  let json: unknown;
  try {
    json = JSON.parse(message.value.toString("utf8"));
  } catch {
    return { kind: "unreadable", reason: "not JSON" };
  }
  const parsed = parseCloudEvent(json);
  return "event" in parsed
    ? { kind: "event", event: parsed.event as EventOf }
    : { kind: "unreadable", reason: parsed.invalid };
}
