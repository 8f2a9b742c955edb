import { beforeEach, describe, expect, it } from "vitest";
import { OWNER_LOCK_CLASS } from "@/lib/platform/events/delivery/attempts";
import { advisoryLocks } from "@/tests/support/advisory-locks";
import { eventually } from "@/tests/support/eventually";
import { writeEvent } from "./support/effects";
import { PATIENCE_MS } from "./support/event-scene";
import { kafkaScene } from "./support/kafka-scene";
import { firstCopies, readTopic } from "./support/read-topic";

const KEYS = ["section-1", "section-2", "section-3", "section-4"];
const PATIENCE = { timeoutMs: PATIENCE_MS };

describe("events through Kafka", () => {
  const scene = kafkaScene({ brokers: 1, partitions: 4 });
  const { database, cluster, kafka, admin, start, startWriters, ledger, caughtUp, handled, handledMore, writtenOver } =
    scene;

  beforeEach(async () => {
    await scene.forgetEvents();
    await scene.forgetTopics();
  }, PATIENCE_MS);

  it("loses, doubles and misplaces nothing while the relay and three consumers are killed in turn", async () => {
    const name = "killed";
    const writers = startWriters(KEYS, 24);
    let relay = start(name, "relay");
    const group = [start(name, "kafka"), start(name, "kafka"), start(name, "kafka")];
    for (let round = 0; round < 4; round += 1) {
      await handledMore(name, 150);
      if (round % 2 === 0) {
        await relay.kill();
        relay = start(name, "relay");
      } else {
        const victim = group.shift();
        await victim?.kill();
        group.push(start(name, "kafka"));
      }
    }
    await writers.end();
    await caughtUp(name);
    const result = await ledger(name);
    expect(result).toMatchObject({ effects: result.written, lost: 0, doubled: 0, inverted: 0 });
    expect(firstCopies(await readTopic(kafka(), "student_enrolled"))).toEqual({ events: result.written, inverted: 0 });
    expect((await database().pool.query("SELECT FROM dead_letter")).rowCount).toBe(0);
  }, 600_000);

  it("comes back by itself when the broker is killed under traffic", async () => {
    const name = "outage";
    const writers = startWriters(KEYS, 8);
    start(name, "relay");
    start(name, "kafka");
    await handledMore(name, 100);
    cluster().kill(0);
    const during = (await ledger(name)).written;
    await writtenOver(during + 100);
    await cluster().restart(0);
    await handledMore(name, 200);
    await writers.end();
    await caughtUp(name);
    const result = await ledger(name);
    expect(result).toMatchObject({ effects: result.written, lost: 0, doubled: 0, inverted: 0 });
  }, 400_000);

  it("starts while Kafka is away and begins when it is there", async () => {
    cluster().kill(0);
    await writeEvent(database().prisma, "key");
    const relay = start("early", "relay");
    start("early", "kafka");
    await eventually(() => relay.log().includes("does not answer"), PATIENCE);
    await cluster().restart(0);
    await caughtUp("early");
    const said = relay.log().match(/Kafka \(relay\)".*/g) ?? [];
    expect(said[0]).toContain("does not answer");
    expect(said.at(-1)).toContain("answers again");
  }, 240_000);

  it("publishes a hopeless event to its dead-letter topic as it was, with the reason, and goes on", async () => {
    await writeEvent(database().prisma, "key", { command: "dead" });
    await writeEvent(database().prisma, "key");
    start("setting-aside", "relay");
    start("setting-aside", "kafka");
    await handled("setting-aside", 1);
    const [letter] = await readTopic(kafka(), "student_enrolled.dlq");
    const [original] = await readTopic(kafka(), "student_enrolled");
    expect(letter?.key).toBe("key");
    expect(letter?.value).toBe(original?.value);
    expect(letter?.headers).toEqual({
      "content-type": "application/cloudevents+json; charset=UTF-8",
      consumer: "setting-aside",
      reason: "told to",
      attempts: "1",
      "origin-topic": "student_enrolled",
      "origin-partition": String(original?.partition),
      "origin-offset": "0",
    });
    const { rows } = await database().pool.query("SELECT reason, attempts, origin FROM dead_letter");
    expect(rows).toEqual([
      { reason: "told to", attempts: 1, origin: `student_enrolled[${String(original?.partition)}]@0` },
    ]);
  }, 240_000);

  it("sets a message aside that is not an event of ours, and handles what comes after it", async () => {
    start("foreign", "relay");
    const producer = kafka().producer();
    await producer.connect();
    await eventually(async () => (await admin().listTopics()).includes("student_enrolled"), PATIENCE);
    await producer.send({
      topic: "student_enrolled",
      messages: [
        { key: "key", value: "{oops" },
        { key: "key", value: null },
      ],
    });
    await producer.disconnect();
    await writeEvent(database().prisma, "key");
    start("foreign", "kafka");
    await caughtUp("foreign");
    const letters = await readTopic(kafka(), "student_enrolled.dlq");
    expect(letters.map(({ value, headers }) => [value, headers["reason"]])).toEqual([
      ["{oops", "not JSON"],
      [null, "no value"],
    ]);
  }, 240_000);

  it("keeps a retried event before the later ones of its key and lets other keys of the partition pass", async () => {
    start("retrying", "relay");
    await writeEvent(database().prisma, "slow", { command: "after-others:12" });
    for (let n = 0; n < 12; n += 1) await writeEvent(database().prisma, `quick-${n}`);
    await writeEvent(database().prisma, "slow");
    start("retrying", "kafka");
    await caughtUp("retrying");
    const { rows } = await database().pool.query<{ key: string; n: number }>("SELECT key, n FROM effect ORDER BY seq");
    expect(rows.filter(({ key }) => key === "slow").map(({ n }) => n)).toEqual([1, 2]);
    expect(rows.slice(0, 12).every(({ key }) => key !== "slow")).toBe(true);
  }, 240_000);

  it("holds its number again when PostgreSQL has thrown it out, so that a living process does not pass for dead", async () => {
    start("holding", "relay");
    start("holding", "kafka");
    await writeEvent(database().prisma, "key");
    await caughtUp("holding");
    const holders = () =>
      advisoryLocks(database().pool, { isGranted: true, classes: [OWNER_LOCK_CLASS, OWNER_LOCK_CLASS] });
    const before = await holders();
    expect(before).toHaveLength(2);
    for (const pid of before) await database().pool.query("SELECT pg_terminate_backend($1)", [pid]);
    await eventually(
      async () => {
        const now = await holders();
        return now.length === 2 && now.every((pid) => !before.includes(pid));
      },
      { ...PATIENCE, what: "the number" },
    );
  }, 240_000);

  it("repeats no effect when a group starts over, and none when the source changes from the log to Kafka", async () => {
    const name = "changing";
    for (let n = 0; n < 20; n += 1) await writeEvent(database().prisma, KEYS[n % 4] ?? "");
    const fromLog = start(name, "log");
    await caughtUp(name);
    expect(await fromLog.stop()).toBe(0);
    start(name, "relay");
    const fromKafka = start(name, "kafka");
    for (let n = 0; n < 20; n += 1) await writeEvent(database().prisma, KEYS[n % 4] ?? "");
    await caughtUp(name);
    const groupId = `campusos.${name}`;
    /** The relay may have published some of them twice: what counts is that the group stands at the end. */
    const standsAtTheEnd = async () => {
      const ends = await admin().fetchTopicOffsets("student_enrolled");
      const [stands] = await admin().fetchOffsets({ groupId, topics: ["student_enrolled"] });
      return ends.every(({ partition, high }) => {
        const stand = stands?.partitions.find((known) => known.partition === partition);
        return Math.max(0, Number(stand?.offset)) === Number(high);
      });
    };
    const committed = () => eventually(standsAtTheEnd, { ...PATIENCE, what: "committed offsets" });
    await committed();
    expect(await fromKafka.stop()).toBe(0);
    await admin().resetOffsets({ groupId, topic: "student_enrolled", earliest: true });
    start(name, "kafka");
    await writeEvent(database().prisma, "last");
    await caughtUp(name);
    await committed();
    expect(await ledger(name)).toMatchObject({ effects: 41, lost: 0, doubled: 0, inverted: 0 });
  }, 240_000);
});
