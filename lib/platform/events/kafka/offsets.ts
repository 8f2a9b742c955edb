import type { Admin, Batch, Kafka, TopicPartitionOffset } from "kafkajs";

/** Partitions by topic, as a group member is given them. */
export type AssignedPartitions = Record<string, number[]>;

/**
 * Where the group stands in its partitions: the offset to read next, which is the committed one, or the first that the
 * topic still has when none is. Asked from the cluster, because the client's own idea is wrong after some rebalances.
 */
export function groupOffsets(
  kafka: Kafka,
  groupId: string,
  assigned: AssignedPartitions,
): Promise<TopicPartitionOffset[]> {
  return withAdmin(kafka, async (admin) => {
    const topics = Object.keys(assigned).filter((topic) => assigned[topic]?.length);
    if (topics.length === 0) return [];
    const committed = await admin.fetchOffsets({ groupId, topics });
    const found: TopicPartitionOffset[] = [];
    for (const topic of topics) {
      const stands = new Map(
        committed.find((known) => known.topic === topic)?.partitions.map((known) => [known.partition, known.offset]),
      );
      const partitions = assigned[topic] ?? [];
      const isNew = partitions.some((partition) => Number(stands.get(partition) ?? -1) < 0);
      const first = isNew ? await firstOffsets(admin, topic) : new Map<number, string>();
      for (const partition of partitions) {
        const known = stands.get(partition);
        const offset = known === undefined || Number(known) < 0 ? first.get(partition) : known;
        if (offset === undefined) throw new Error(`${topic}[${partition}] is not known yet`);
        found.push({ topic, partition, offset });
      }
    }
    return found;
  });
}

/** The first offset that a partition still has. */
export async function firstOffset(kafka: Kafka, topic: string, partition: number): Promise<bigint> {
  return BigInt((await withAdmin(kafka, (admin) => firstOffsets(admin, topic))).get(partition) ?? "0");
}

/**
 * Where the client asked the cluster for a batch. Its first message may stand later, where a topic has gaps. (kafkajs
 * keeps it in the batch, and leaves it out of its types.)
 */
export function requestedOffset(batch: Pick<Batch, "messages">): bigint {
  const requested: unknown = Reflect.get(batch, "fetchedOffset");
  return BigInt(typeof requested === "string" ? requested : (batch.messages[0]?.offset ?? "0"));
}

async function firstOffsets(admin: Admin, topic: string): Promise<Map<number, string>> {
  return new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, low }) => [partition, low]));
}

async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect().catch(() => {});
  }
}
