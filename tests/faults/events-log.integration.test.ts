import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { LockSession } from "@/lib/platform/events/lock-session";
import { runLogSource } from "@/lib/platform/events/log-source";
import { testDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { effectConsumer, ledgerOf, makeEffectTables, writeEvent, writeUntil } from "./support/effects";
import { startSource, type SourceProcess } from "./support/source-processes";

const KEYS = ["section-1", "section-2", "section-3", "section-4"];

describe("consumers that read the outbox log", () => {
  let database: TestDatabase;
  let processes: SourceProcess[] = [];
  const start = (name: string) => {
    const started = startSource([name, "log"], { DATABASE_URL: database.url });
    processes.push(started);
    return started;
  };
  const caughtUp = (name: string) =>
    eventually(async () => (await ledgerOf(database.pool, name)).lost === 0, {
      timeoutMs: 30_000,
      what: "the backlog",
    });
  const deadLetters = async () =>
    (await database.pool.query<{ reason: string; attempts: number }>("SELECT reason, attempts FROM dead_letter")).rows;

  beforeAll(async () => {
    database = await testDatabase();
    await makeEffectTables(database.pool);
  });
  beforeEach(() => database.pool.query("TRUNCATE outbox_event, effect, event_number, dead_letter, consumer_attempt"));
  afterEach(async () => {
    await Promise.all(processes.map((running) => running.kill()));
    processes = [];
  });
  afterAll(() => Promise.all(processes.map((running) => running.kill())));

  it("loses, doubles and misplaces nothing under 24 writers on 4 keys while its readers are killed", async () => {
    const name = "killed";
    let over = false;
    const writing = writeUntil(database.prisma, KEYS, 24, () => over);
    start(name);
    for (let round = 0; round < 6; round += 1) {
      const before = (await ledgerOf(database.pool, name)).effects;
      const [first] = processes;
      const next = start(name);
      await eventually(async () => (await ledgerOf(database.pool, name)).effects > before + 50, { timeoutMs: 20_000 });
      await first?.kill();
      processes = [next];
    }
    over = true;
    await writing;
    await caughtUp(name);
    const ledger = await ledgerOf(database.pool, name);
    expect(ledger).toMatchObject({ effects: ledger.written, lost: 0, doubled: 0, inverted: 0 });
    expect(ledger.written).toBeGreaterThan(500);
    expect(await deadLetters()).toEqual([]);
  }, 120_000);

  it("keeps a retried event before the later ones of its key and lets other keys pass", async () => {
    await writeEvent(database.prisma, "slow", { command: "retry:4" });
    await writeEvent(database.prisma, "slow");
    await writeEvent(database.prisma, "quick");
    await writeEvent(database.prisma, "slow");
    start("retrying");
    await caughtUp("retrying");
    const { rows } = await database.pool.query<{ key: string; n: number }>("SELECT key, n FROM effect ORDER BY seq");
    expect(rows[0]).toEqual({ key: "quick", n: 1 });
    expect(rows.filter(({ key }) => key === "slow").map(({ n }) => n)).toEqual([1, 2, 3]);
  });

  it("sets a hopeless event aside, with none of its effects, and goes on with its key", async () => {
    await writeEvent(database.prisma, "key", { command: "dead" });
    await writeEvent(database.prisma, "key");
    start("setting-aside");
    await eventually(async () => (await ledgerOf(database.pool, "setting-aside")).effects === 1);
    expect(await deadLetters()).toEqual([{ reason: "told to", attempts: 1 }]);
    const { rows } = await database.pool.query("SELECT n FROM effect");
    expect(rows).toEqual([{ n: 2 }]);
  });

  it("sets an event aside that kills its process, and blames none of its neighbours", async () => {
    for (let n = 0; n < 20; n += 1) await writeEvent(database.prisma, `key-${n}`);
    await writeEvent(database.prisma, "deadly", { command: "kill" });
    await writeEvent(database.prisma, "deadly");
    for (let n = 0; n < 20; n += 1) await writeEvent(database.prisma, `key-${n}`);
    let deaths = 0;
    await eventually(
      async () => {
        const [running] = processes;
        if (!running) start("dying");
        else if (running.child.signalCode) {
          deaths += 1;
          processes = [];
        }
        return (await ledgerOf(database.pool, "dying")).effects === 41;
      },
      { timeoutMs: 30_000 },
    );
    expect(deaths).toBe(3);
    expect(await deadLetters()).toEqual([{ reason: "the process died 3 times while handling it", attempts: 3 }]);
    expect(await ledgerOf(database.pool, "dying")).toMatchObject({ lost: 1, doubled: 0 });
  }, 60_000);

  it("handles nothing twice when its cursor is set back to the beginning", async () => {
    for (let n = 0; n < 30; n += 1) await writeEvent(database.prisma, KEYS[n % 4] ?? "");
    const first = start("again");
    await caughtUp("again");
    expect(await first.stop()).toBe(0);
    await database.pool.query("DELETE FROM outbox_cursor");
    await writeEvent(database.prisma, "last");
    start("again");
    await caughtUp("again");
    expect(await ledgerOf(database.pool, "again")).toMatchObject({ effects: 31, doubled: 0, inverted: 0 });
  });

  it("delivers each event as it is committed, without waiting for a next one", async () => {
    const stop = new AbortController();
    const session = new LockSession(database.url);
    const running = runLogSource({
      consumer: effectConsumer("prompt"),
      client: database.prisma,
      session,
      signal: stop.signal,
      onProgress: () => {},
    });
    for (let n = 0; n < 20; n += 1) {
      await writeEvent(database.prisma, "key");
      await eventually(async () => (await ledgerOf(database.pool, "prompt")).lost === 0, { everyMs: 1 });
    }
    stop.abort();
    await running;
    await session.close();
    expect(await ledgerOf(database.pool, "prompt")).toMatchObject({ effects: 20, lost: 0, doubled: 0 });
  });
});
