import type { Consumer, EachBatchPayload, Kafka } from "kafkajs";
import type { Db } from "../db";
import { log } from "../log";
import { Availability } from "./availability";
import type { AnyConsumer } from "./consumer";
import { KafkaAssignment } from "./kafka-assignment";
import { KafkaDeadLetters } from "./kafka-dead-letters";
import type { LockSession } from "./lock-session";
import { abortableDelay, unlessStopped } from "./pause";
import { ensureTopics } from "./topics";

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

const CHUNK = 200;
/** How far a process may run ahead of an event that is retried. */
const WINDOW = 5_000;
const SESSION_TIMEOUT_MS = 15_000;
const COMMIT_EVERY_MS = 500;
const WINDOW_POLL_MS = 100;
const AWAY_RETRY_MS = 1_000;
/** The client is known to stop without a word: without a fetch for this long it is replaced. */
const SILENT_AFTER_MS = 30_000;
const DISCONNECT_WITHIN_MS = 3_000;

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
  const { consumer, kafka, signal } = options;
  await unlessStopped(prepareTopics(options), signal);
  if (!(await options.session.connection())) return; // no number in the database: a crash could not be noticed
  const deadLetters = new KafkaDeadLetters(kafka);
  const client = kafka.consumer({
    groupId: groupOf(consumer.name),
    sessionTimeout: SESSION_TIMEOUT_MS,
    rebalanceTimeout: 2 * SESSION_TIMEOUT_MS,
    heartbeatInterval: 2_000,
    maxWaitTimeInMs: 500,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8, restartOnFailure: () => Promise.resolve(false) },
  });
  const newAssignment = () => makeAssignment(options, deadLetters);
  const state = { assignment: newAssignment(), lastFetchMs: performance.now() };
  const trouble = new AbortController();
  client.on(client.events.CRASH, ({ payload }) => {
    availability.isDown(payload.error);
    trouble.abort();
  });
  client.on(client.events.GROUP_JOIN, () => {
    state.lastFetchMs = performance.now();
    void state.assignment.queue.stop();
    state.assignment = newAssignment();
  });
  client.on(client.events.FETCH, () => {
    availability.isUp();
    isAlive();
  });
  /** Waiting on purpose (for room, for the database) is not silence. */
  const isAlive = () => {
    state.lastFetchMs = performance.now();
    if (!state.assignment.queue.isStuck) options.onProgress();
  };
  try {
    await unlessStopped(client.connect(), signal);
    await client.subscribe({ topics: [...consumer.types], fromBeginning: true });
    const running = client.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 1,
      eachBatch: (payload) => takeBatch(state.assignment, payload, signal, isAlive),
    });
    await unlessStopped(running, signal);
    const stop = AbortSignal.any([signal, trouble.signal]);
    while (!stop.aborted) {
      await abortableDelay(COMMIT_EVERY_MS, stop);
      await commit(client, state.assignment);
      const isSilent = performance.now() - state.lastFetchMs > SILENT_AFTER_MS;
      if (isSilent && !state.assignment.queue.isStuck) {
        log().warn({ consumer: consumer.name }, "the Kafka client fell silent: replaced");
        break;
      }
    }
  } finally {
    await state.assignment.queue.stop();
    await commit(client, state.assignment);
    await disconnect(client);
    await deadLetters.close();
  }
}

/** The client may wait for ever for a broker that is gone. */
async function disconnect(client: Consumer): Promise<void> {
  const limit = new AbortController();
  await Promise.race([client.disconnect().catch(() => {}), abortableDelay(DISCONNECT_WITHIN_MS, limit.signal)]);
  limit.abort();
}

async function takeBatch(
  assignment: KafkaAssignment,
  payload: EachBatchPayload,
  signal: AbortSignal,
  isAlive: () => void,
): Promise<void> {
  const { batch, heartbeat, resolveOffset, isRunning, isStale } = payload;
  const isOver = () => signal.aborted || !isRunning() || isStale();
  for (let from = 0; from < batch.messages.length; from += CHUNK) {
    const chunk = batch.messages.slice(from, from + CHUNK);
    while (assignment.outstanding + chunk.length > WINDOW && !isOver()) {
      await abortableDelay(WINDOW_POLL_MS, signal);
      isAlive();
      await heartbeat();
    }
    let isTaken = false;
    while (!isTaken && !isOver()) {
      try {
        await assignment.take(batch.topic, batch.partition, chunk);
        isTaken = true;
      } catch (error) {
        assignment.availability.isDown(error);
        await abortableDelay(AWAY_RETRY_MS, signal);
        isAlive();
        await heartbeat();
      }
    }
    if (!isTaken) return;
    const last = chunk.at(-1);
    if (last) resolveOffset(last.offset); // only where the next fetch begins; what is committed is decided in `commit`
    await heartbeat();
  }
}

/** Commits what is finished. A failure (a rebalance, a broker that left) is no harm: the inbox knows what comes again. */
async function commit(client: Consumer, assignment: KafkaAssignment): Promise<void> {
  const offsets = assignment.committable();
  if (offsets.length === 0) return;
  try {
    await client.commitOffsets(offsets);
    assignment.committed(offsets);
  } catch (error) {
    log().debug({ error: String(error) }, "offsets not committed");
  }
}

async function prepareTopics({ kafka, partitions }: KafkaSourceOptions): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    await ensureTopics(admin, partitions);
  } finally {
    await admin.disconnect().catch(() => {});
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
