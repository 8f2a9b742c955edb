import { beforeEach, describe, expect, it } from "vitest";
import { LockSession } from "@/lib/platform/events/lock-session";
import { runLogSource } from "@/lib/platform/events/log/source";
import { eventually } from "@/tests/support/eventually";
import { effectConsumer, writeEvent } from "./support/effects";
import { eventScene, PATIENCE_MS } from "./support/event-scene";
import type { SourceProcess } from "./support/source-processes";

const KEYS = ["section-1", "section-2", "section-3", "section-4"];

describe("consumers that read the outbox log", () => {
  const scene = eventScene();
  const { database, ledger, startWriters, caughtUp, handled, handledMore, writtenOver } = scene;
  const start = (name: string) => scene.start(name, "log");
  const deadLetters = async () =>
    (await database().pool.query<{ reason: string; attempts: number }>("SELECT reason, attempts FROM dead_letter"))
      .rows;

  beforeEach(scene.forgetEvents);

  it("loses, doubles and misplaces nothing under 24 writers on 4 keys while its readers are killed", async () => {
    const name = "killed";
    const writers = startWriters(KEYS, 24);
    let reader = start(name);
    for (let round = 0; round < 6; round += 1) {
      const next = start(name);
      await handledMore(name, 50);
      await reader.kill();
      reader = next;
    }
    await writtenOver(500);
    await writers.end();
    await caughtUp(name);
    const result = await ledger(name);
    expect(result).toMatchObject({ effects: result.written, lost: 0, doubled: 0, inverted: 0 });
    expect(await deadLetters()).toEqual([]);
  }, 300_000);

  it("keeps a retried event before the later ones of its key and lets other keys pass", async () => {
    await writeEvent(database().prisma, "slow", { command: "after-others:1" });
    await writeEvent(database().prisma, "slow");
    await writeEvent(database().prisma, "quick");
    await writeEvent(database().prisma, "slow");
    start("retrying");
    await caughtUp("retrying");
    const { rows } = await database().pool.query<{ key: string; n: number }>("SELECT key, n FROM effect ORDER BY seq");
    expect(rows[0]).toEqual({ key: "quick", n: 1 });
    expect(rows.filter(({ key }) => key === "slow").map(({ n }) => n)).toEqual([1, 2, 3]);
  }, 180_000);

  it("sets a hopeless event aside, with none of its effects, and goes on with its key", async () => {
    await writeEvent(database().prisma, "key", { command: "dead" });
    await writeEvent(database().prisma, "key");
    start("setting-aside");
    await handled("setting-aside", 1);
    expect(await deadLetters()).toEqual([{ reason: "told to", attempts: 1 }]);
    const { rows } = await database().pool.query("SELECT n FROM effect");
    expect(rows).toEqual([{ n: 2 }]);
  }, 180_000);

  it("sets an event aside that kills its process, and blames none of its neighbours", async () => {
    for (let n = 0; n < 20; n += 1) await writeEvent(database().prisma, `key-${n}`);
    await writeEvent(database().prisma, "deadly", { command: "kill" });
    await writeEvent(database().prisma, "deadly");
    for (let n = 0; n < 20; n += 1) await writeEvent(database().prisma, `key-${n}`);
    let deaths = 0;
    let running: SourceProcess | undefined;
    await eventually(
      async () => {
        running ??= start("dying");
        if (running.child.signalCode) {
          deaths += 1;
          running = undefined;
        }
        return (await ledger("dying")).effects === 41;
      },
      { timeoutMs: PATIENCE_MS, what: "all events but the deadly one" },
    );
    expect(deaths).toBe(3);
    expect(await deadLetters()).toEqual([{ reason: "the process died 3 times while handling it", attempts: 3 }]);
    expect(await ledger("dying")).toMatchObject({ lost: 1, doubled: 0 });
  }, 180_000);

  it("handles nothing twice when its cursor is set back to the beginning", async () => {
    for (let n = 0; n < 30; n += 1) await writeEvent(database().prisma, KEYS[n % 4] ?? "");
    const first = start("again");
    await caughtUp("again");
    expect(await first.stop()).toBe(0);
    await database().pool.query("DELETE FROM outbox_cursor");
    await writeEvent(database().prisma, "last");
    start("again");
    await caughtUp("again");
    expect(await ledger("again")).toMatchObject({ effects: 31, doubled: 0, inverted: 0 });
  }, 180_000);

  it("delivers each event as it is committed, without waiting for a next one", async () => {
    const stop = new AbortController();
    const session = new LockSession(database().url);
    const running = runLogSource({
      consumer: effectConsumer("prompt"),
      client: database().prisma,
      session,
      signal: stop.signal,
      onProgress: () => {},
    });
    for (let n = 0; n < 20; n += 1) {
      await writeEvent(database().prisma, "key");
      await eventually(async () => (await ledger("prompt")).lost === 0, { everyMs: 1 });
    }
    stop.abort();
    await running;
    await session.close();
    expect(await ledger("prompt")).toMatchObject({ effects: 20, lost: 0, doubled: 0 });
  });
});
