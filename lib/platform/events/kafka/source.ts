import type { Consumer, Kafka } from "kafkajs";
import type { Db } from "@/lib/platform/db/client";
import { log } from "@/lib/platform/runtime/log";
import { Availability } from "../availability";
import type { AnyConsumer } from "../delivery/consumer";
import { KafkaAssignment } from "./assignment";
import { KafkaDeadLetters } from "./dead-letters";
import { KafkaMember } from "./member";
import { firstOffset, groupOffsets } from "./offsets";
import type { LockSession } from "../lock-session";
import { abortableDelay, unlessStopped, within } from "../pause";
import { prepareTopics } from "./topics";

export type KafkaSourceOptions = {
  consumer: AnyConsumer;
  kafka: Kafka;
  partitions: number;
  client: Db;
  session: LockSession;
  signal: AbortSignal;
  onProgress(): void;
  concurrency?: number;
};

const SESSION_TIMEOUT_MS = 15_000;
const COMMIT_EVERY_MS = 500;
const AWAY_RETRY_MS = 1_000;
/** The client is known to stop without a word: without a fetch for this long it is replaced. */
const SILENT_AFTER_MS = 30_000;
/** The client nests retries in retries: whatever they add up to, this role must not pass for one that stands still. */
const CONNECT_WITHIN_MS = 30_000;
/** A rebalance waits for members that died. */
const JOIN_WITHIN_MS = 60_000;
const LEAVE_WITHIN_MS = 2_000;

/** The Kafka group of a consumer. */
export function groupOf(consumer: string): string {
  return `campusos.${consumer}`;
}

/**
 * Feeds a consumer from the Kafka topics of its types until the signal is aborted. Offsets are committed after the
 * transactions of the events before them, never by the client itself. A crash, a lost cluster or a silent client ends in
 * a new client.
 */
export async function runKafkaSource(options: KafkaSourceOptions): Promise<void> {
  const { consumer, signal, onProgress } = options;
  const availability = new Availability(`Kafka (${consumer.name})`);
  while (!signal.aborted) {
    try {
      await consumeUntilTrouble(options, availability);
    } catch (error) {
      availability.isDown(error);
    }
    onProgress(); // a new client is being made: that is this loop's work, and restarting the process would not do more
    await abortableDelay(AWAY_RETRY_MS, signal);
  }
}

async function consumeUntilTrouble(options: KafkaSourceOptions, availability: Availability): Promise<void> {
  const { consumer, kafka, session, signal, onProgress } = options;
  const groupId = groupOf(consumer.name);
  await unlessStopped(within(CONNECT_WITHIN_MS, prepareTopics(kafka, options.partitions)), signal);
  onProgress();
  if (!(await session.connection())) return; // no number in the database: a crash could not be noticed
  const deadLetters = new KafkaDeadLetters(kafka);
  const client = kafka.consumer({
    groupId,
    sessionTimeout: SESSION_TIMEOUT_MS,
    rebalanceTimeout: 2 * SESSION_TIMEOUT_MS,
    heartbeatInterval: 2_000,
    maxWaitTimeInMs: 500,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8, restartOnFailure: () => Promise.resolve(false) },
  });
  const trouble = new AbortController();
  const stop = AbortSignal.any([signal, trouble.signal]);
  let lastFetchMs = performance.now();
  /** Waiting on purpose (for room, for the database) is not silence. */
  const isAlive = () => {
    lastFetchMs = performance.now();
    if (!member.isStuck) onProgress();
  };
  const member = new KafkaMember({
    name: consumer.name,
    newAssignment: () => makeAssignment(options, deadLetters),
    groupOffsets: (assigned) => within(CONNECT_WITHIN_MS, groupOffsets(kafka, groupId, assigned)),
    firstOffset: (topic, partition) => firstOffset(kafka, topic, partition),
    seek: (to) => client.seek(to),
    signal: stop,
    isAlive,
  });
  client.on(client.events.CRASH, ({ payload }) => {
    availability.isDown(payload.error);
    trouble.abort();
  });
  client.on(client.events.GROUP_JOIN, ({ payload }) => {
    lastFetchMs = performance.now();
    member.rebalanced(payload.memberAssignment);
  });
  client.on(client.events.FETCH, () => {
    availability.isUp();
    isAlive();
  });
  try {
    await unlessStopped(within(CONNECT_WITHIN_MS, client.connect()), signal);
    onProgress();
    await unlessStopped(
      within(CONNECT_WITHIN_MS, client.subscribe({ topics: [...consumer.types], fromBeginning: true })),
      signal,
    );
    onProgress();
    const running = client.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 1,
      eachBatch: (payload) => member.takeBatch(payload),
    });
    await unlessStopped(within(JOIN_WITHIN_MS, running), signal);
    while (!stop.aborted) {
      await abortableDelay(COMMIT_EVERY_MS, stop);
      // After a restart of PostgreSQL nobody would hold this process's number, and it would pass for dead.
      void session.connection();
      await commit(client, member);
      const isSilent = performance.now() - lastFetchMs > SILENT_AFTER_MS;
      if (isSilent && !member.isStuck) {
        log().warn({ consumer: consumer.name }, "the Kafka client fell silent: replaced");
        break;
      }
    }
  } finally {
    trouble.abort();
    await member.stop();
    // The client may wait for ever for a broker that is gone.
    await within(LEAVE_WITHIN_MS, commit(client, member)).catch(() => {});
    await within(LEAVE_WITHIN_MS, client.disconnect()).catch(() => {});
    await within(LEAVE_WITHIN_MS, deadLetters.close()).catch(() => {});
  }
}

/** Commits what is finished. A failure (a rebalance, a broker that left) is no harm: the inbox knows what comes again. */
async function commit(client: Consumer, member: KafkaMember): Promise<void> {
  const offsets = member.committable();
  if (offsets.length === 0) return;
  try {
    await client.commitOffsets(offsets);
    member.committed(offsets);
  } catch (error) {
    log().debug({ error: String(error) }, "offsets not committed");
  }
}

function makeAssignment(options: KafkaSourceOptions, deadLetters: KafkaDeadLetters): KafkaAssignment {
  const { consumer, client, session, onProgress, concurrency = 4 } = options;
  const availability = new Availability(`PostgreSQL (${consumer.name})`);
  return new KafkaAssignment(
    { consumer, client, owner: session.owner, concurrency, availability, onProgress },
    deadLetters,
  );
}
