import type { Admin, Kafka } from "kafkajs";
import { EVENT_TYPES, type EventType } from "@/lib/shared/events";
import { log } from "@/lib/platform/runtime/log";

const DAY_MS = 24 * 60 * 60 * 1000;
/** A topic keeps events for this time; the inbox remembers longer, so that a group that starts over repeats nothing. */
export const TOPIC_RETENTION_MS = 7 * DAY_MS;
const DEAD_LETTER_RETENTION_MS = 30 * DAY_MS;
/** Kafka's own default, made explicit because a dead letter must hold any message and what we say about it. */
const MESSAGE_MAX_BYTES = 1_048_588;
const DEAD_LETTER_MAX_BYTES = 2 * MESSAGE_MAX_BYTES;

/** Where events of a type go that a consumer set aside. */
export function deadLetterTopic(type: EventType): string {
  return `${type}.dlq`;
}

/** Makes the topics that are missing, over a connection of its own. */
export async function prepareTopics(kafka: Kafka, partitions: number): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    await ensureTopics(admin, partitions);
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

/**
 * Makes the topics that are missing (one a type, and its `.dlq`); existing ones stay as they are, because another number
 * of partitions would send a key elsewhere and break its order. Replicas: min(3, brokers), two of them in sync for a
 * write where there are three, and no leader that missed acknowledged writes.
 */
async function ensureTopics(admin: Admin, partitions: number): Promise<void> {
  const { brokers } = await admin.describeCluster();
  const replicationFactor = Math.min(3, brokers.length);
  const existing = new Set(await admin.listTopics());
  const wanted = EVENT_TYPES.flatMap((type) => [
    { topic: type as string, numPartitions: partitions, retentionMs: TOPIC_RETENTION_MS, maxBytes: MESSAGE_MAX_BYTES },
    {
      topic: deadLetterTopic(type),
      numPartitions: 1,
      retentionMs: DEAD_LETTER_RETENTION_MS,
      maxBytes: DEAD_LETTER_MAX_BYTES,
    },
  ]).filter(({ topic }) => !existing.has(topic));
  if (wanted.length === 0) return;
  await admin.createTopics({
    waitForLeaders: true,
    topics: wanted.map(({ topic, numPartitions, retentionMs, maxBytes }) => ({
      topic,
      numPartitions,
      replicationFactor,
      configEntries: [
        { name: "min.insync.replicas", value: replicationFactor >= 3 ? "2" : "1" },
        { name: "unclean.leader.election.enable", value: "false" },
        { name: "retention.ms", value: String(retentionMs) },
        { name: "max.message.bytes", value: String(maxBytes) },
      ],
    })),
  });
  log().info({ topics: wanted.map(({ topic }) => topic), partitions, replicationFactor }, "topics made");
}
