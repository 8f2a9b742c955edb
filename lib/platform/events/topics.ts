import type { Admin } from "kafkajs";
import { EVENT_TYPES, type EventType } from "@/lib/shared/events";
import { log } from "../log";

const DAY_MS = 24 * 60 * 60 * 1000;
/** A topic keeps events for this time; the inbox remembers longer, so that a group that starts over repeats nothing. */
export const TOPIC_RETENTION_MS = 7 * DAY_MS;
const DEAD_LETTER_RETENTION_MS = 30 * DAY_MS;

/** Where events of a type go that a consumer set aside. */
export function deadLetterTopic(type: EventType): string {
  return `${type}.dlq`;
}

/**
 * Makes the topics that are missing (one a type, and its `.dlq`); existing ones stay as they are, because another number
 * of partitions would send a key elsewhere and break its order. Replicas: min(3, brokers), two of them in sync for a
 * write where there are three, and no leader that missed acknowledged writes.
 */
export async function ensureTopics(admin: Admin, partitions: number): Promise<void> {
  const { brokers } = await admin.describeCluster();
  const replicationFactor = Math.min(3, brokers.length);
  const existing = new Set(await admin.listTopics());
  const wanted = EVENT_TYPES.flatMap((type) => [
    { topic: type as string, numPartitions: partitions, retentionMs: TOPIC_RETENTION_MS },
    { topic: deadLetterTopic(type), numPartitions: 1, retentionMs: DEAD_LETTER_RETENTION_MS },
  ]).filter(({ topic }) => !existing.has(topic));
  if (wanted.length === 0) return;
  await admin.createTopics({
    waitForLeaders: true,
    topics: wanted.map(({ topic, numPartitions, retentionMs }) => ({
      topic,
      numPartitions,
      replicationFactor,
      configEntries: [
        { name: "min.insync.replicas", value: replicationFactor >= 3 ? "2" : "1" },
        { name: "unclean.leader.election.enable", value: "false" },
        { name: "retention.ms", value: String(retentionMs) },
      ],
    })),
  });
  log().info({ topics: wanted.map(({ topic }) => topic), partitions, replicationFactor }, "topics made");
}
