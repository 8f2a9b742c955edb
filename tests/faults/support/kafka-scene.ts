// What a test file about events through Kafka has besides: a cluster that it may hurt, and a client of its own.
import { Kafka, logLevel, type Admin } from "kafkajs";
import { afterAll, beforeAll } from "vitest";
import { eventually } from "@/tests/support/eventually";
import { ownKafka, type OwnKafka } from "@/tests/support/kafka";
import { at } from "@/tests/support/school";
import { eventScene, PATIENCE_MS } from "./event-scene";

/** An {@link eventScene} whose processes use a cluster of `brokers`, with `partitions` to a topic. */
export function kafkaScene({
  brokers,
  partitions,
  handlingMs = 0,
}: {
  brokers: 1 | 3;
  partitions: number;
  handlingMs?: number;
}) {
  let started: { cluster: OwnKafka; kafka: Kafka; admin: Admin } | undefined;
  const running = () => at(started ? [started] : [], 0);
  const events = eventScene({
    handlingMs,
    environment: () => ({
      KAFKA_BROKERS: running().cluster.brokers,
      KAFKA_TOPIC_PARTITIONS: String(partitions),
    }),
  });
  beforeAll(async () => {
    const cluster = await ownKafka(brokers);
    const kafka = new Kafka({
      brokers: cluster.brokers.split(","),
      logLevel: logLevel.NOTHING,
      retry: { retries: 20 },
    });
    started = { cluster, kafka, admin: kafka.admin() };
    await started.admin.connect();
  }, 120_000);
  afterAll(async () => {
    await started?.admin.disconnect();
    await started?.cluster.stop();
  }, 120_000);
  return {
    ...events,
    cluster: () => running().cluster,
    /** The test's own client: it retries longer than the product's. */
    kafka: () => running().kafka,
    admin: () => running().admin,
    /** Deletes every topic and waits until it is gone; what still uses one is to be stopped before. */
    async forgetTopics(): Promise<void> {
      const { admin } = running();
      const topics = await admin.listTopics();
      if (topics.length > 0) await admin.deleteTopics({ topics });
      const areGone = async () => (await admin.listTopics()).every((topic) => !topics.includes(topic));
      await eventually(areGone, { timeoutMs: PATIENCE_MS, what: "no topics" });
    },
  };
}
