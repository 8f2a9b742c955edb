import { Kafka, logLevel, Partitioners, type LogEntry, type Producer } from "kafkajs";
import { log } from "@/lib/platform/runtime/log";

/** Said on every start or fail-over and then retried by the client itself; not for the operator's eyes. */
const ROUTINE = [
  "coordinator",
  "rebalanc",
  "not the leader",
  "no leader",
  "hosts this topic-partition",
  "Connection error",
  "Connection timeout",
  "Failed to connect",
  "does not host this",
  "Broker not connected",
  "Limiting retries",
];

/**
 * The Kafka client of this process. Its log goes through ours, one level lower, because it reports what it then repairs
 * itself as errors; our own lines say when the cluster is away.
 */
export function kafkaClient(brokers: readonly string[]): Kafka {
  return new Kafka({
    clientId: "campusos",
    brokers: [...brokers],
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    enforceRequestTimeout: true,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 },
    logLevel: logLevel.WARN,
    logCreator: () => writeLog,
  });
}

function writeLog({ level, log: entry }: LogEntry): void {
  const said = `${entry.message} ${typeof entry["error"] === "string" ? entry["error"] : ""}`;
  const isRoutine = ROUTINE.some((words) => said.includes(words));
  const line = { kafka: entry.message, broker: entry["broker"] as unknown, groupId: entry["groupId"] as unknown };
  if (level <= logLevel.WARN && !isRoutine) log().warn(line, "kafka client");
  else log().debug(line, "kafka client");
}

/**
 * A producer for batches over many partitions: acknowledged by all in-sync replicas, one request at a time, and **never
 * sent again by the client itself**. Its own retry counts brokers, not partitions: when a partition moves to a broker that
 * has acknowledged its share already, the retry leaves the partition out and reports success. Its user has one
 * `sendBatch` in flight, and after any error throws the producer away and sends the whole batch with a new one; that
 * repeats events, which consumers know by their ids, and keeps the first copies in order. (The client allows no idempotent
 * producer without retries; repeating whole batches with a new producer, it would tell nothing apart.)
 */
export function batchProducer(kafka: Kafka): Promise<Producer> {
  return connected(
    kafka.producer({
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 0 },
    }),
  );
}

/**
 * A producer for single messages: idempotent, so that the client's retries write a message once. Its user has one `send` in
 * flight and, after any error, throws it away: the client takes sequence numbers back that the broker may have used, and
 * would have the next message dropped as a duplicate.
 */
export function singleProducer(kafka: Kafka): Promise<Producer> {
  return connected(
    kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 },
    }),
  );
}

async function connected(producer: Producer): Promise<Producer> {
  try {
    await producer.connect();
    return producer;
  } catch (error) {
    await producer.disconnect().catch(() => {});
    throw error;
  }
}
