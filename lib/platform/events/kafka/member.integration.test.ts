import type { KafkaMessage, TopicPartitionOffset } from "kafkajs";
import { beforeEach, describe, expect, it } from "vitest";
import { testDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { Availability } from "../availability";
import { consumer, done } from "../delivery/consumer";
import { KafkaAssignment } from "./assignment";
import { kafkaClient } from "./client";
import { KafkaDeadLetters } from "./dead-letters";
import { KafkaMember } from "./member";

const TOPIC = "student_enrolled";
const { prisma: client, pool } = await testDatabase();

function message(n: number): KafkaMessage {
  const data = { studentId: "s", sectionId: "k", sectionCode: "C", sectionTitle: "T", schoolId: "s", status: "ok" };
  const envelope = {
    specversion: "1.0",
    id: `event-${n}`,
    source: "/campusos/schools/s",
    type: TOPIC,
    subject: "key",
    time: "2026-11-22T09:00:00.000Z",
    datacontenttype: "application/json",
    data: { enrollmentId: String(n), ...data },
  };
  const value = Buffer.from(JSON.stringify(envelope));
  return { key: null, value, timestamp: "0", attributes: 0, offset: String(n), headers: {} };
}

/** A member of a group whose cluster is played by the test. */
function memberOf(groupOffset: { now: string }) {
  const handled: number[] = [];
  const resolved: string[] = [];
  const seeks: string[] = [];
  const stop = new AbortController();
  /** Handlers wait for it. */
  const gate = { open: Promise.resolve(), let: () => {} };
  const shut = () => (gate.open = new Promise((resolve) => (gate.let = resolve)));
  const recording = consumer({
    name: "recording",
    types: [TOPIC],
    async handle(_tx, event) {
      await gate.open;
      handled.push(Number(event.data.enrollmentId));
      return done;
    },
  });
  const member = new KafkaMember({
    name: recording.name,
    newAssignment: () =>
      new KafkaAssignment(
        {
          consumer: recording,
          client,
          owner: 1,
          concurrency: 4,
          availability: new Availability("PostgreSQL"),
          onProgress: () => {},
        },
        new KafkaDeadLetters(kafkaClient(["127.0.0.1:1"])),
      ),
    groupOffsets: (assigned) =>
      Promise.resolve(
        Object.entries(assigned).flatMap(([topic, partitions]) =>
          partitions.map((partition): TopicPartitionOffset => ({ topic, partition, offset: groupOffset.now })),
        ),
      ),
    firstOffset: () => Promise.resolve(50n),
    seek: ({ offset }) => void seeks.push(offset),
    signal: stop.signal,
    isAlive: () => {},
  });
  /** Hands over the messages `from` … `to`, which were asked for at `from`. */
  const hand = (from: number, to: number, partition = 0) => {
    const messages = Array.from({ length: to - from + 1 }, (_, index) => message(from + index));
    const batch = { topic: TOPIC, partition, messages, fetchedOffset: String(from) };
    return member.takeBatch({
      batch,
      heartbeat: () => Promise.resolve(),
      resolveOffset: (offset: string) => void resolved.push(offset),
      isRunning: () => true,
      isStale: () => false,
    });
  };
  return { member, handled, resolved, seeks, hand, gate, shut };
}

const upTo = (n: number) => Array.from({ length: n + 1 }, (_, index) => index);

describe("a member of a Kafka group", () => {
  beforeEach(() => pool.query("TRUNCATE consumer_inbox, consumer_attempt"));

  it("refuses what does not follow and sends the client back to where the group stands", async () => {
    const groupOffset = { now: "0" };
    const { member, handled, resolved, seeks, hand, gate, shut } = memberOf(groupOffset);
    member.rebalanced({ [TOPIC]: [0] });
    await hand(0, 2);
    await eventually(() => handled.length === 3);
    shut();
    await hand(3, 9);
    groupOffset.now = "3";
    member.rebalanced({ [TOPIC]: [0] }); // 3 … 9 are taken and not handled
    gate.let();
    resolved.length = 0;
    await hand(10, 19); // asked for before the rebalance
    expect(resolved).toEqual([]);
    expect(seeks).toEqual(["0", "3", "3"]);
    await hand(3, 19);
    expect(resolved).toEqual(["19"]);
    await eventually(() => member.committable()[0]?.offset === "20");
    expect(handled).toEqual(upTo(19));
    await member.stop();
  });

  it("resolves nothing for a batch that it still holds when the group is rebalanced, not even while it waits for room", async () => {
    const groupOffset = { now: "0" };
    const { member, handled, resolved, hand, gate, shut } = memberOf(groupOffset);
    member.rebalanced({ [TOPIC]: [0] });
    shut();
    const holding = hand(0, 5_199); // more than may be taken at once
    await eventually(() => resolved.at(-1) === "4999", { timeoutMs: 20_000 });
    member.rebalanced({ [TOPIC]: [0] });
    await holding;
    expect(resolved.at(-1)).toBe("4999");
    gate.let();
    await hand(0, 9);
    await eventually(() => member.committable()[0]?.offset === "10");
    expect(handled).toEqual(upTo(9));
    await member.stop();
  });

  it("takes nothing of a partition that belongs to another member, and does not move it", async () => {
    const { member, handled, resolved, seeks, hand } = memberOf({ now: "0" });
    member.rebalanced({ [TOPIC]: [1] });
    await hand(0, 9, 0);
    await member.stop();
    expect({ handled, resolved, seeks }).toEqual({ handled: [], resolved: [], seeks: ["0"] });
  });

  it("goes on where the topic begins when what should follow is not there any more", async () => {
    const { member, resolved, seeks, hand } = memberOf({ now: "10" });
    member.rebalanced({ [TOPIC]: [0] });
    await hand(50, 59);
    await hand(50, 59);
    await hand(50, 59);
    expect(seeks).toEqual(["10", "10", "50"]);
    expect(resolved).toEqual(["59"]);
    await member.stop();
  });

  it("blames nothing that it only had in its queue when it was stopped", async () => {
    const { member, hand, handled, gate, shut } = memberOf({ now: "0" });
    member.rebalanced({ [TOPIC]: [0] });
    shut();
    await hand(0, 19);
    const stopping = member.stop();
    gate.let();
    await stopping;
    expect(handled).toEqual([0]);
    const { rows } = await pool.query(
      "SELECT count(*)::int AS n, max(attempts) AS attempts, max(owner) AS owner FROM consumer_attempt",
    );
    expect(rows).toEqual([{ n: 19, attempts: 0, owner: null }]);
  });
});
