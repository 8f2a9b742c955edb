import type { Producer } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kafkaClient } from "@/lib/platform/events/kafka/client";
import { KafkaDeadLetters } from "@/lib/platform/events/kafka/dead-letters";
import { prepareTopics } from "@/lib/platform/events/kafka/topics";
import { newId } from "@/lib/shared/ids";
import { eventually } from "@/tests/support/eventually";
import { PATIENCE_MS } from "./support/event-scene";
import { kafkaScene } from "./support/kafka-scene";
import { readTopic } from "./support/read-topic";

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
  const { database, cluster, kafka, admin, start, forgetTopics } = kafkaScene({ brokers: 1, partitions: 1 });
  let producer: Producer;
  /** One message a request: together they would be too large. */
  const write = (value: string | Buffer | null, headers = {}) =>
    producer.send({ topic: TOPIC, messages: [{ key: "key", value, headers }] });
  const handled = async () =>
    (await database().pool.query<{ n: number }>("SELECT n FROM effect ORDER BY seq")).rows.map(({ n }) => n);

  beforeAll(async () => {
    producer = kafka().producer();
    await producer.connect();
  });
  afterAll(() => producer.disconnect());

  it("go to the dead-letter topic once, byte for byte and with the reason, and hold nothing up", async () => {
    await prepareTopics(kafka(), 1);
    for (const [index, [, value]] of POISON.entries()) {
      await write(value, { "written-by": "a stranger" });
      await write(event({ id: `${"~".repeat(250)}${index}` }, { enrollmentId: String(index + 1) }));
    }
    const reading = start(NAME, "kafka");
    await eventually(async () => (await handled()).length === POISON.length, {
      timeoutMs: PATIENCE_MS,
      what: "the events",
    });
    expect(await handled()).toEqual(POISON.map((_, index) => index + 1));

    // A group that starts over repeats none of it.
    expect(await reading.stop()).toBe(0);
    await admin().resetOffsets({ groupId: `campusos.${NAME}`, topic: TOPIC, earliest: true });
    await write(event({}, { enrollmentId: String(POISON.length + 1) }));
    start(NAME, "kafka");
    await eventually(async () => (await handled()).length > POISON.length, {
      timeoutMs: PATIENCE_MS,
      what: "the last event",
    });

    const letters = await readTopic(kafka(), `${TOPIC}.dlq`);
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
    const { rows } = await database().pool.query("SELECT reason, origin FROM dead_letter ORDER BY created_at");
    expect(rows).toEqual(POISON.map(([, , reason], index) => ({ reason, origin: `${TOPIC}[0]@${String(2 * index)}` })));
  }, 300_000);

  it("are set aside again when they stand at the old place of a topic that was made anew", async () => {
    await forgetTopics();
    await prepareTopics(kafka(), 1);
    await write("{another");
    await write(event({}, { enrollmentId: "99" }));
    start(NAME, "kafka");
    await eventually(async () => (await handled()).includes(99), { timeoutMs: PATIENCE_MS, what: "the event" });
    const letters = await readTopic(kafka(), `${TOPIC}.dlq`);
    expect(letters.map(({ value, headers }) => [value, headers["origin-offset"]])).toEqual([["{another", "0"]]);
  }, 300_000);

  it("leave their value behind, and say so, only where the dead-letter topic refuses it for its size", async () => {
    const configEntries = [{ name: "max.message.bytes", value: "2000" }];
    await admin().createTopics({ waitForLeaders: true, topics: [{ topic: "small.dlq", configEntries }] });
    const deadLetters = new KafkaDeadLetters(kafkaClient(cluster().brokers.split(",")));
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
    const letters = await readTopic(kafka(), "small.dlq");
    expect(letters.map(({ value, headers }) => [value?.length, headers["value-left-out-bytes"]])).toEqual([
      [100, undefined],
      [undefined, "5000"],
    ]);
  }, 300_000);
});
