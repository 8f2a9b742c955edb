import { describe, expect, it } from "vitest";
import { eventually } from "@/tests/support/eventually";
import { writeEvent } from "./support/effects";
import { PATIENCE_MS } from "./support/event-scene";
import { kafkaScene } from "./support/kafka-scene";
import { firstCopies, readTopic } from "./support/read-topic";

const KEYS = Array.from({ length: 24 }, (_, n) => `section-${n}`);
const NAME = "rolling";

describe("events through a Kafka cluster of three brokers", () => {
  // Handling takes longer than writing an event: there is always a queue that a fault can hurt.
  const { database, cluster, kafka, admin, start, startWriters, ledger, caughtUp, handledMore, writtenOver } =
    kafkaScene({
      brokers: 3,
      partitions: 6,
      handlingMs: 4,
    });
  /** As an operator waits before the next broker: every partition has all its replicas in sync. */
  const isWhole = async () => {
    const { topics } = await admin().fetchTopicMetadata({ topics: ["student_enrolled"] });
    return topics.every(({ partitions }) => partitions.every(({ isr, leader }) => isr.length === 3 && leader >= 0));
  };

  it("loses, doubles and misplaces nothing while every broker is killed or restarted in turn, and goes on", async () => {
    start(NAME, "relay");
    const writers = startWriters(KEYS, 8);
    await writtenOver(500);
    start(NAME, "kafka");
    start(NAME, "kafka");
    for (const [index, how] of [
      [0, "kill"],
      [1, "shutDown"],
      [2, "kill"],
    ] as const) {
      await handledMore(NAME, 100);
      await cluster()[how](index);
      await handledMore(NAME, 100);
      await cluster().restart(index);
      await eventually(isWhole, { timeoutMs: PATIENCE_MS, everyMs: 200, what: "a whole cluster" });
    }
    await writers.end();
    await caughtUp(NAME);
    for (const key of KEYS) await writeEvent(database().prisma, key);
    await caughtUp(NAME);
    const result = await ledger(NAME);
    expect(result).toMatchObject({ effects: result.written, lost: 0, doubled: 0, inverted: 0 });
    expect(firstCopies(await readTopic(kafka(), "student_enrolled"))).toEqual({ events: result.written, inverted: 0 });
    expect((await database().pool.query("SELECT FROM dead_letter")).rowCount).toBe(0);
  }, 600_000);
});
