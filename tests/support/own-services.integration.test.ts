import { Kafka, logLevel } from "kafkajs";
import { Redis } from "ioredis";
import { afterAll, describe, expect, it } from "vitest";
import { eventually } from "./eventually";
import { ownKafka } from "./kafka";
import { ownRedis } from "./redis";

describe("services of one test file", () => {
  const cleanups: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });

  it("keeps what Kafka acknowledged when its broker is killed and started again", async () => {
    const kafka = await ownKafka(1);
    cleanups.push(() => kafka.stop());
    const client = new Kafka({ brokers: kafka.brokers.split(","), logLevel: logLevel.NOTHING });
    const admin = client.admin();
    const producer = client.producer({ idempotent: true, maxInFlightRequests: 1 });
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: "kept" }], waitForLeaders: true });
    await producer.connect();
    await producer.send({ topic: "kept", acks: -1, messages: [{ key: "a", value: "1" }] });
    kafka.kill(0);
    await kafka.restart(0);
    const [offset] = await eventually(() => admin.fetchTopicOffsets("kept"), { timeoutMs: 20_000 });
    expect(offset?.high).toBe("1");
    await producer.disconnect();
    await admin.disconnect();
  }, 120_000);

  it("comes back empty when Redis is killed and started again", async () => {
    const server = await ownRedis();
    cleanups.push(() => server.stop());
    const redis = new Redis(server.url, { maxRetriesPerRequest: 3 });
    redis.on("error", () => undefined);
    await redis.set("key", "value");
    server.kill();
    await server.restart();
    expect(await eventually(async () => (await redis.exists("key")) === 0)).toBe(true);
    await redis.quit();
  });
});
