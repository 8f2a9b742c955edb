import { Kafka, logLevel, Partitioners, type LogEntry, type Producer } from "kafkajs";
import { log } from "../log";

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
 * A producer that keeps order and loses nothing: idempotent, one request in flight. It is only safe when its user has one
 * `sendBatch` in flight and, after any error, throws it away and makes a new one: on an error the client takes sequence
 * numbers back that the broker may have used, and would have the next records dropped as duplicates.
 */
export async function connectedProducer(kafka: Kafka): Promise<Producer> {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 },
  });
  try {
    await producer.connect();
    return producer;
  } catch (error) {
    await producer.disconnect().catch(() => {});
    throw error;
  }
}
