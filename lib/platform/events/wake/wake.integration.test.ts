import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDb, transaction } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/runtime/env";
import { testDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { LockSession } from "../lock-session";
import { heard, ring, Sleeper, wakeAfterCommit } from "./wake";

const { prisma: client, pool } = await testDatabase();
const LONG_MS = 3_600_000;

let stop: AbortController;
beforeEach(() => (stop = new AbortController()));
afterEach(() => stop.abort());

/** Sleeps for an hour unless woken; says when it ended and whether it was woken. */
function asleep(sleeper: Sleeper) {
  const state: { woken: boolean | null } = { woken: null };
  void sleeper.sleep(LONG_MS, stop.signal).then((woken) => (state.woken = woken));
  return state;
}

describe("whoever waits for work", () => {
  it("is woken in the same process when the transaction has committed, and not before", async () => {
    const state = asleep(new Sleeper("log"));
    await transaction(async (tx) => {
      wakeAfterCommit(tx, "log");
      await tx.$executeRaw`SELECT 1`;
      expect(state.woken).toBeNull();
    }, client);
    await eventually(() => state.woken === true);
  });

  it("sleeps on when the transaction is rolled back, or something else is announced", async () => {
    const state = asleep(new Sleeper("log"));
    const failing = transaction((tx) => {
      wakeAfterCommit(tx, "log");
      return Promise.reject(new Error("of the test"));
    }, client);
    await expect(failing).rejects.toThrow("of the test");
    ring("deliveries");
    heard("something else");
    await new Promise((resolve) => setImmediate(resolve));
    expect(state.woken).toBeNull();
  });

  it("does not miss what was announced while it was busy, and hears of it once", async () => {
    const sleeper = new Sleeper("deliveries");
    ring("deliveries");
    expect(await sleeper.sleep(LONG_MS, stop.signal)).toBe(true);
    expect(await sleeper.sleep(1, stop.signal)).toBe(false);
  });

  it("is woken by another process: a burst is announced once in a while", async () => {
    const listener = await pool.connect();
    const received: (string | undefined)[] = [];
    listener.on("notification", ({ payload }) => received.push(payload));
    await listener.query("LISTEN campus_wake");
    try {
      for (let n = 0; n < 40; n += 1) await transaction((tx) => Promise.resolve(wakeAfterCommit(tx, "log")), client);
      await eventually(() => received.length >= 1);
      await listener.query("SELECT 1");
      expect(received.length).toBeLessThan(20);
      expect(new Set(received)).toEqual(new Set(["log"]));
    } finally {
      listener.release(true);
    }
  });

  it("hears other processes by the session of its locks, and is woken when that session is new", async () => {
    const { rows } = await pool.query<{ name: string }>("SELECT current_database() AS name");
    const url = new URL(env().DATABASE_URL ?? "");
    url.pathname = `/${rows[0]?.name ?? ""}`;
    const session = new LockSession(url.href);
    const other = createDb(url.href, 1);
    try {
      const first = asleep(new Sleeper("log"));
      await session.connection();
      await eventually(() => first.woken === true);
      const second = asleep(new Sleeper("log"));
      await other.$executeRaw`SELECT pg_notify('campus_wake', 'log')`;
      await eventually(() => second.woken === true);
    } finally {
      await session.close();
      await other.$disconnect();
    }
  });
});
