import { beforeEach, describe, expect, it } from "vitest";
import { newId } from "@/lib/shared/ids";
import { testDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { Availability } from "../availability";
import { apart, consumer, dead, done, type EventOf, type Outcome, retry, skip } from "./consumer";
import { deliverTogether } from "./deliver";
import { DeliveryQueue } from "./event-queue";

const { prisma: client, pool } = await testDatabase();

type Fate = Outcome | "throws" | "apart";

function eventOf(key: string): EventOf<"student_enrolled"> {
  const data = {
    enrollmentId: "e",
    studentId: "s",
    sectionId: key,
    sectionCode: "C",
    sectionTitle: "T",
    schoolId: "s",
  };
  return {
    specversion: "1.0",
    id: newId(),
    source: "/campusos/schools/s",
    type: "student_enrolled",
    subject: key,
    time: "2026-11-22T09:00:00.000Z",
    datacontenttype: "application/json",
    data: { ...data, status: "ENROLLED" },
  };
}

/** A consumer that writes each event's id and then does what `fateOf` says; it notes how many events came together. */
function recording(fateOf: (event: EventOf, isTogether: boolean) => Fate = () => done) {
  const handled: number[] = [];
  const act = async (tx: { $executeRaw: typeof client.$executeRaw }, event: EventOf, isTogether: boolean) => {
    await tx.$executeRaw`INSERT INTO done_by_test (id, key) VALUES (${event.id}, ${event.subject})`;
    const fate = fateOf(event, isTogether);
    if (fate === "throws") throw new Error("of the test");
    return fate;
  };
  const made = consumer({
    name: "test",
    types: ["student_enrolled"],
    policy: { backoffMs: 10, maxBackoffMs: 20 },
    async handle(tx, event) {
      handled.push(1);
      const fate = await act(tx, event, false);
      return fate === "apart" ? done : fate;
    },
    async handleMany(tx, events) {
      handled.push(events.length);
      const outcomes: Outcome[] = [];
      for (const event of events) {
        const fate = await act(tx, event, true);
        if (fate === "apart") return apart;
        outcomes.push(fate);
      }
      return outcomes;
    },
  });
  return { consumer: made, handled };
}

/** Queues events and resolves when all are finished. */
async function queued(made: ReturnType<typeof recording>["consumer"], events: readonly EventOf[]) {
  const finished: string[] = [];
  const availability = new Availability("test");
  const queue = new DeliveryQueue({
    consumer: made,
    client,
    owner: 1,
    concurrency: 4,
    availability,
    onProgress: () => undefined,
  });
  const started = await queue.start(events.map(({ id }) => id));
  queue.add(
    events.map((event) => ({ event, origin: "log", finish: () => finished.push(event.id) })),
    started,
  );
  await eventually(() => finished.length === events.length);
  await queue.stop();
  return finished;
}

const effects = async () =>
  (await pool.query<{ id: string; key: string }>("SELECT id, key FROM done_by_test ORDER BY n")).rows;
const inbox = async () =>
  new Map(
    (await pool.query<{ event_id: string; outcome: string }>("SELECT event_id, outcome FROM consumer_inbox")).rows.map(
      ({ event_id, outcome }) => [event_id, outcome],
    ),
  );
const attempts = async () => (await pool.query("SELECT FROM consumer_attempt")).rowCount;

describe("events that are handled together", () => {
  beforeEach(() =>
    pool.query(`CREATE TABLE IF NOT EXISTS done_by_test (n serial, id text, key text);
      TRUNCATE done_by_test, consumer_inbox, consumer_attempt, dead_letter`),
  );

  it("have their effects once, those of a key in their order, in a few transactions", async () => {
    const events = Array.from({ length: 250 }, (_, n) => eventOf(`section-${n % 7}`));
    const { consumer: made, handled } = recording((event) => (event.subject === "section-3" ? skip("nobody") : done));
    await queued(made, events);
    expect(handled.length).toBeLessThan(10);
    expect(handled.reduce((sum, count) => sum + count, 0)).toBe(250);
    const written = await effects();
    expect(written).toHaveLength(250);
    for (const [key, own] of Map.groupBy(events, ({ subject }) => subject))
      expect(written.filter((row) => row.key === key).map(({ id }) => id)).toEqual(own.map(({ id }) => id));
    const outcomes = await inbox();
    for (const { id, subject } of events) expect(outcomes.get(id)).toBe(subject === "section-3" ? "skip" : "done");
    expect(await attempts()).toBe(0);
  });

  it.each<[string, Fate, string | undefined]>([
    ["is hopeless", dead("no such student"), "dead"],
    ["answers that it must be handled by itself", "apart", "done"],
  ])("go on without one that %s: it alone stands aside", async (_what, fate, outcome) => {
    const events = Array.from({ length: 30 }, (_, n) => eventOf(`section-${n % 10}`));
    const odd = events[11];
    const { consumer: made } = recording((event) => (event.id === odd?.id ? fate : done));
    await queued(made, events);
    const outcomes = await inbox();
    expect(outcomes.get(odd?.id ?? "")).toBe(outcome);
    expect([...outcomes.values()].filter((each) => each === "done").length).toBe(outcome === "done" ? 30 : 29);
    const written = (await effects()).map(({ id }) => id);
    expect(new Set(written).size).toBe(written.length);
    expect(written).toHaveLength(outcome === "done" ? 30 : 29);
    expect(await attempts()).toBe(0);
  });

  it.each<[string, Fate]>([
    ["is to be repeated", retry("later", 30)],
    ["throws", "throws"],
  ])("wait for one that %s only when they are of its key", async (_what, fate) => {
    const events = Array.from({ length: 30 }, (_, n) => eventOf(`section-${n % 10}`));
    const odd = events[11]; // the second of section-1
    let triesAlone = 0;
    const { consumer: made } = recording((event, isTogether) => {
      if (event.id !== odd?.id) return done;
      return isTogether || (triesAlone += 1) < 3 ? fate : done;
    });
    const finished = await queued(made, events);
    const written = await effects();
    expect(written).toHaveLength(30);
    const own = events.filter(({ subject }) => subject === "section-1").map(({ id }) => id);
    expect(written.filter(({ key }) => key === "section-1").map(({ id }) => id)).toEqual(own);
    expect(finished.slice(-2)).toEqual(own.slice(1));
    expect(await attempts()).toBe(0);
  });

  it("write nothing when another process has handled one of them", async () => {
    const events = [eventOf("a"), eventOf("b"), eventOf("c")];
    const { consumer: made } = recording();
    await pool.query("INSERT INTO consumer_inbox (consumer, event_id, outcome) VALUES ('test', $1, 'done')", [
      events[1]?.id,
    ]);
    expect(await deliverTogether(made, events, { client })).toBe(false);
    expect(await effects()).toEqual([]);
    expect(await inbox()).toEqual(new Map([[events[1]?.id, "done"]]));
  });

  it("are not mixed with events of other types", async () => {
    const { data, ...envelope } = eventOf("b");
    const dropped: EventOf = { ...envelope, type: "student_dropped", data: { ...data, status: "DROPPED" } };
    const events = [eventOf("a"), dropped, eventOf("c")];
    const { consumer: made, handled } = recording();
    expect(await deliverTogether(made, events, { client })).toBe(true);
    expect(handled).toEqual([2]);
    expect([...(await inbox()).values()].sort()).toEqual(["done", "done", "skip"]);
  });
});
