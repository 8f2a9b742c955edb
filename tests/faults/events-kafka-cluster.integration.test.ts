import { Kafka, logLevel, type Admin } from "kafkajs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { ownKafka, type OwnKafka } from "@/tests/support/kafka";
import { ledgerOf, makeEffectTables, writeEvent, writeUntil } from "./support/effects";
import { firstCopies, readTopic } from "./support/read-topic";
import { startSource, type SourceProcess } from "./support/source-processes";

const KEYS = Array.from({ length: 24 }, (_, n) => `section-${n}`);
const PARTITIONS = 6;
/** Longer than writing an event takes: there is always a queue that a fault can hurt. */
const HANDLING_MS = 4;
const NAME = "rolling";

describe("events through a Kafka cluster of three brokers", () => {
  let database: TestDatabase;
  let cluster: OwnKafka;
  let kafka: Kafka;
  let admin: Admin;
  let processes: SourceProcess[] = [];
  let over = false;
  const start = (source: "relay" | "kafka") => {
    const started = startSource([NAME, source, String(HANDLING_MS)], {
      DATABASE_URL: database.url,
      KAFKA_BROKERS: cluster.brokers,
      KAFKA_TOPIC_PARTITIONS: String(PARTITIONS),
    });
    processes.push(started);
    return started;
  };
  const ledger = () => ledgerOf(database.pool, NAME);
  const caughtUp = () =>
    eventually(async () => (await ledger()).lost === 0, { timeoutMs: 60_000, everyMs: 200, what: "the backlog" });
  const handledMore = async (more: number) => {
    const before = (await ledger()).effects;
    await eventually(async () => (await ledger()).effects >= before + more, {
      timeoutMs: 60_000,
      everyMs: 100,
      what: "handling after a fault",
    });
  };
  /** As an operator waits before the next broker: every partition has all its replicas in sync. */
  const isWhole = async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: ["student_enrolled"] });
    return topics.every(({ partitions }) => partitions.every(({ isr, leader }) => isr.length === 3 && leader >= 0));
  };

  beforeAll(async () => {
    database = await testDatabase();
    await makeEffectTables(database.pool);
    cluster = await ownKafka(3);
    kafka = new Kafka({
      brokers: cluster.brokers.split(","),
      logLevel: logLevel.NOTHING,
      retry: { retries: 20 },
    });
    admin = kafka.admin();
    await admin.connect();
  }, 120_000);
  afterEach(async () => {
    over = true;
    await Promise.all(processes.map((running) => running.kill()));
    processes = [];
  });
  afterAll(async () => {
    await admin.disconnect();
    await cluster.stop();
  });

  it("loses, doubles and misplaces nothing while every broker is killed or restarted in turn, and goes on", async () => {
    start("relay");
    const writing = writeUntil(database.prisma, KEYS, 8, () => over);
    await eventually(async () => (await ledger()).written > 500, { timeoutMs: 30_000, what: "a backlog" });
    start("kafka");
    start("kafka");
    for (const [index, how] of [
      [0, "kill"],
      [1, "shutDown"],
      [2, "kill"],
    ] as const) {
      await handledMore(100);
      await cluster[how](index);
      await handledMore(100);
      await cluster.restart(index);
      await eventually(isWhole, { timeoutMs: 60_000, everyMs: 200, what: "a whole cluster" });
    }
    over = true;
    await writing;
    await caughtUp();
    for (const key of KEYS) await writeEvent(database.prisma, key);
    await caughtUp();
    const result = await ledger();
    expect(result).toMatchObject({ effects: result.written, lost: 0, doubled: 0, inverted: 0 });
    expect(firstCopies(await readTopic(kafka, "student_enrolled"))).toEqual({ events: result.written, inverted: 0 });
    expect((await database.pool.query("SELECT FROM dead_letter")).rowCount).toBe(0);
  }, 240_000);
});
