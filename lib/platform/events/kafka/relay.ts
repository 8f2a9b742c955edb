import type { Kafka, Producer, TopicMessages } from "kafkajs";
import { EVENT_TYPES } from "@/lib/shared/events";
import type { Db } from "@/lib/platform/db/client";
import { counter } from "@/lib/platform/runtime/metrics";
import { Availability } from "../availability";
import { batchProducer } from "./client";
import type { LockSession } from "../lock-session";
import { moveCursor, readLog, type LogPosition, type LogRow } from "../log/reader";
import { abortableDelay, unlessStopped, within } from "../pause";
import { runReader } from "../log/reader-loop";
import { RELAY_READER } from "../log/readers";
import { prepareTopics } from "./topics";
import { PollPause } from "../wake/poll-pause";

export type RelayOptions = {
  kafka: Kafka;
  partitions: number;
  client: Db;
  session: LockSession;
  signal: AbortSignal;
  onProgress(): void;
};

const BATCH = 500;
const AWAY_RETRY_MS = 500;
const ACK_TIMEOUT_MS = 15_000;
/** The client nests retries in retries: whatever they add up to, this role must not pass for one that stands still. */
const ANSWER_WITHIN_MS = 30_000;
const LEAVE_WITHIN_MS = 2_000;
const HEADERS = { "content-type": "application/cloudevents+json; charset=UTF-8" };

/**
 * Publishes the outbox log to Kafka until the signal is aborted: in commit order per key, one batch at a time, the cursor
 * moved after all in-sync replicas have it. After a crash between the two the last batch is published again; the first
 * copies of all events of a key still come in order.
 */
export async function runRelay(options: RelayOptions): Promise<void> {
  const availability = new Availability("Kafka (relay)");
  let producer: Producer | undefined;
  const answered = <T>(work: Promise<T>) => unlessStopped(within(ANSWER_WITHIN_MS, work), options.signal);
  const dispose = async () => {
    const old = producer;
    producer = undefined;
    if (old) await within(LEAVE_WITHIN_MS, old.disconnect()).catch(() => {});
  };
  /** Publishes, with a new producer after every failure, until it worked or this process should stop. */
  const publish = async (rows: readonly LogRow[], isActive: () => boolean): Promise<boolean> => {
    const topicMessages = messagesOf(rows);
    while (isActive()) {
      try {
        producer ??= await answered(connect(options));
        options.onProgress();
        if (topicMessages.length > 0)
          await answered(producer.sendBatch({ acks: -1, timeout: ACK_TIMEOUT_MS, topicMessages }));
        availability.isUp();
        return true;
      } catch (error) {
        availability.isDown(error);
        await dispose();
        options.onProgress(); // Kafka is away, this process is well: restarting it would not help
        await abortableDelay(AWAY_RETRY_MS, options.signal);
      }
    }
    return false;
  };
  try {
    await runReader({ ...options, reader: RELAY_READER }, (cursor, isActive) =>
      relayWhileActive(options, cursor, isActive, publish),
    );
  } finally {
    await dispose();
  }
}

async function relayWhileActive(
  { client, signal, onProgress }: RelayOptions,
  start: LogPosition,
  isActive: () => boolean,
  publish: (rows: readonly LogRow[], isActive: () => boolean) => Promise<boolean>,
): Promise<void> {
  const pause = new PollPause("log");
  const published = counter("campus_relay_events_total", "Events published to Kafka", ["type"]);
  let cursor = start;
  if (!(await publish([], isActive))) return; // the topics are there before the first event
  while (isActive()) {
    const rows = await readLog(client, cursor, EVENT_TYPES, BATCH);
    const last = rows.at(-1);
    if (last) {
      if (!(await publish(rows, isActive))) return;
      if (!(await moveCursor(client, RELAY_READER, cursor, last.position))) return;
      cursor = last.position;
      for (const row of rows) published.inc({ type: row.type });
    }
    onProgress();
    await pause.after(rows.length, rows.length === BATCH, signal);
  }
}

function messagesOf(rows: readonly LogRow[]): TopicMessages[] {
  const topics = new Map<string, TopicMessages>();
  for (const { type, key, event } of rows) {
    if (!event) continue;
    const topic = topics.get(type) ?? { topic: type, messages: [] };
    topics.set(type, topic);
    topic.messages.push({ key, value: JSON.stringify(event), headers: HEADERS });
  }
  return [...topics.values()];
}

async function connect({ kafka, partitions }: RelayOptions): Promise<Producer> {
  await prepareTopics(kafka, partitions);
  return batchProducer(kafka);
}
