import { Kafka, logLevel, type Admin, type Producer } from "kafkajs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { kafkaClient } from "@/lib/platform/events/kafka-client";
import { KafkaDeadLetters } from "@/lib/platform/events/kafka-dead-letters";
import { ensureTopics } from "@/lib/platform/events/topics";
import { newId } from "@/lib/shared/ids";
import { testDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { ownKafka, type OwnKafka } from "@/tests/support/kafka";
import { makeEffectTables } from "./support/effects";
import { readTopic } from "./support/read-topic";
import { startSource, type SourceProcess } from "./support/source-processes";

const NAME = "poisoned";
const TOPIC = "student_enrolled";
const FACE = "\u{1f600}";

/** The JSON of an event that is fine, but for what is given. */
function event(envelope: Record<string, unknown> = {}, data: Record<string, unknown> = {}): string {
  return JSON.stringify({
    specversion: "1.0",
    id: newId(),
    source: "/campusos/schools/s",
    type: TOPIC,
    subject: "key",
    time: "2026-11-22T09:00:00.000Z",
    datacontenttype: "application/json",
    data: {
      enrollmentId: "1",
      studentId: "s",
      sectionId: "key",
      sectionCode: "C",
      sectionTitle: "title",
      schoolId: "s",
      status: "ok",
      ...data,
    },
    ...envelope,
  });
}

/** Values that anybody could write into a topic, and why they are set aside. */
const POISON: [what: string, value: string | Buffer | null, reason: string][] = [
  ["an id with NUL", event({ id: "a\u0000b" }), "envelope: id invalid_format"],
  ["an id of 5,000 characters", event({ id: "x".repeat(5_000) }), "envelope: id invalid_format"],
  ["an empty id", event({ id: "" }), "envelope: id invalid_format"],
  ["a subject with half a pair", event({ subject: "\ud83d" }), "envelope: subject not storable"],
  ["NUL in the data", event({}, { sectionTitle: "a\u0000" }), `data of ${TOPIC}: sectionTitle not storable`],
  ["half a pair in the data", event({}, { sectionTitle: "\ude00" }), `data of ${TOPIC}: sectionTitle not storable`],
  ["bytes that are not UTF-8", Buffer.from(event().replace("title", "t\u00ff"), "latin1"), "not UTF-8"],
  ["a megabyte", "x".repeat(1_048_300), "not JSON"],
  ["a pair where the copy for the office ends", "x".repeat(3_999) + FACE, "not JSON"],
  ["an empty value", Buffer.alloc(0), "not JSON"],
  ["no value", null, "no value"],
  ["an unknown type", event({ type: "no_such_thing" }), "envelope: type invalid_value"],
  ["100,000 brackets", "[".repeat(100_000) + "]".repeat(100_000), "envelope: (root) invalid_type"],
];

describe("messages in a topic that are no events of ours", () => {
  let database: TestDatabase;
  let cluster: OwnKafka;
  let kafka: Kafka;
  let admin: Admin;
  let producer: Producer;
  let running: SourceProcess | undefined;
  const start = () =>
    (running = startSource([NAME, "kafka"], {
      DATABASE_URL: database.url,
      KAFKA_BROKERS: cluster.brokers,
      KAFKA_TOPIC_PARTITIONS: "1",
    }));
  /** One message a request: together they would be too large. */
  const write = (value: string | Buffer | null, headers = {}) =>
    producer.send({ topic: TOPIC, messages: [{ key: "key", value, headers }] });
  const handled = async () =>
    (await database.pool.query<{ n: number }>("SELECT n FROM effect ORDER BY seq")).rows.map(({ n }) => n);

  beforeAll(async () => {
    database = await testDatabase();
    await makeEffectTables(database.pool);
    cluster = await ownKafka(1);
    kafka = new Kafka({ brokers: cluster.brokers.split(","), logLevel: logLevel.NOTHING, retry: { retries: 20 } });
    admin = kafka.admin();
    producer = kafka.producer();
    await Promise.all([admin.connect(), producer.connect()]);
  }, 120_000);
  afterEach(() => running?.kill());
  afterAll(async () => {
    await Promise.all([admin.disconnect(), producer.disconnect()]);
    await cluster.stop();
  });

  it("go to the dead-letter topic once, byte for byte and with the reason, and hold nothing up", async () => {
    await ensureTopics(admin, 1);
    for (const [index, [, value]] of POISON.entries()) {
      await write(value, { "written-by": "a stranger" });
      await write(event({ id: `${"~".repeat(250)}${index}` }, { enrollmentId: String(index + 1) }));
    }
    const reading = start();
    await eventually(async () => (await handled()).length === POISON.length, { timeoutMs: 30_000, what: "the events" });
    expect(await handled()).toEqual(POISON.map((_, index) => index + 1));

    // A group that starts over repeats none of it.
    expect(await reading.stop()).toBe(0);
    await admin.resetOffsets({ groupId: `campusos.${NAME}`, topic: TOPIC, earliest: true });
    await write(event({}, { enrollmentId: String(POISON.length + 1) }));
    start();
    await eventually(async () => (await handled()).length > POISON.length, {
      timeoutMs: 30_000,
      what: "the last event",
    });

    const letters = await readTopic(kafka, `${TOPIC}.dlq`);
    expect(
      letters.map(({ key, bytes, headers }, index) => {
        const original = POISON[index]?.[1] ?? null;
        const isSame = original === null ? bytes === null : bytes?.equals(Buffer.from(original));
        return { key, isSame, headers };
      }),
    ).toEqual(
      POISON.map(([, , reason], index) => ({
        key: "key",
        isSame: true,
        headers: {
          "written-by": "a stranger",
          consumer: NAME,
          reason,
          attempts: "0",
          "origin-topic": TOPIC,
          "origin-partition": "0",
          "origin-offset": String(2 * index),
        },
      })),
    );
    const { rows } = await database.pool.query("SELECT reason, origin FROM dead_letter ORDER BY created_at");
    expect(rows).toEqual(POISON.map(([, , reason], index) => ({ reason, origin: `${TOPIC}[0]@${String(2 * index)}` })));
  }, 90_000);

  it("are set aside again when they stand at the old place of a topic that was made anew", async () => {
    await admin.deleteTopics({ topics: await admin.listTopics() });
    await eventually(async () => {
      await ensureTopics(admin, 1);
      return (await admin.listTopics()).includes(TOPIC);
    });
    await write("{another");
    await write(event({}, { enrollmentId: "99" }));
    start();
    await eventually(async () => (await handled()).includes(99), { timeoutMs: 30_000, what: "the event" });
    const letters = await readTopic(kafka, `${TOPIC}.dlq`);
    expect(letters.map(({ value, headers }) => [value, headers["origin-offset"]])).toEqual([["{another", "0"]]);
  }, 60_000);

  it("leave their value behind, and say so, only where the dead-letter topic refuses it for its size", async () => {
    const configEntries = [{ name: "max.message.bytes", value: "2000" }];
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic: "small.dlq", configEntries }] });
    const deadLetters = new KafkaDeadLetters(kafkaClient(cluster.brokers.split(",")));
    const letter = {
      consumer: NAME,
      eventId: "e",
      type: "small",
      reason: "told to",
      attempts: 1,
      origin: "small[0]@7",
    };
    for (const bytes of [100, 5_000]) {
      const message = {
        key: null,
        value: Buffer.alloc(bytes, "x"),
        timestamp: "0",
        attributes: 0,
        offset: "7",
        headers: {},
      };
      await deadLetters.publish({ topic: "small", partition: 0, message }, letter);
    }
    await deadLetters.close();
    const letters = await readTopic(kafka, "small.dlq");
    expect(letters.map(({ value, headers }) => [value?.length, headers["value-left-out-bytes"]])).toEqual([
      [100, undefined],
      [undefined, "5000"],
    ]);
  }, 60_000);
});
