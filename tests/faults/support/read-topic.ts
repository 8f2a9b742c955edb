// Everything that stands in a topic now, read by a client of its own from offset 0.
import { randomUUID } from "node:crypto";
import type { Kafka } from "kafkajs";
import { parseCloudEvent } from "@/lib/shared/events";

/** A message as it stands in the topic. */
export type ReadMessage = {
  partition: number;
  offset: number;
  key: string | null;
  value: string | null;
  /** The value as it was written. */
  bytes: Buffer | null;
  headers: Record<string, string>;
};

/** Reads a topic to its present end; each partition in order. */
export async function readTopic(kafka: Kafka, topic: string): Promise<ReadMessage[]> {
  const admin = kafka.admin();
  await admin.connect();
  const groupId = `reader-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false });
  try {
    const ends = await admin.fetchTopicOffsets(topic);
    const missing = new Map(
      ends.filter(({ high }) => high !== "0").map(({ partition, high }) => [partition, Number(high)]),
    );
    const found: ReadMessage[] = [];
    if (missing.size === 0) return found;
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const eachMessage: Parameters<typeof consumer.run>[0] = {
        eachMessage: ({ partition, message }) => {
          const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
          found.push({
            partition,
            offset: Number(message.offset),
            key: message.key?.toString() ?? null,
            value: message.value?.toString() ?? null,
            bytes: message.value,
            headers: Object.fromEntries(headers) as Record<string, string>,
          });
          if (Number(message.offset) + 1 >= (missing.get(partition) ?? 0)) missing.delete(partition);
          if (missing.size === 0) resolve();
          return Promise.resolve();
        },
      };
      consumer.run(eachMessage).catch(reject);
    });
    return found;
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  }
}

/** The first copies of all numbered events in a topic: how many, and how many do not follow the one before of their key. */
export function firstCopies(messages: readonly ReadMessage[]): { events: number; inverted: number } {
  const seen = new Set<string>();
  const last = new Map<string, number>();
  let inverted = 0;
  for (const { value } of messages) {
    const parsed = parseCloudEvent(JSON.parse(value ?? "null"));
    if (!("event" in parsed) || parsed.event.type !== "student_enrolled" || seen.has(parsed.event.id)) continue;
    seen.add(parsed.event.id);
    const { subject, data } = parsed.event as { subject: string; data: { enrollmentId: string } };
    const number = Number(data.enrollmentId);
    if (number !== (last.get(subject) ?? 0) + 1) inverted += 1;
    last.set(subject, number);
  }
  return { events: seen.size, inverted };
}
