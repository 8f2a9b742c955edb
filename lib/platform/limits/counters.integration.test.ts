import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "@/lib/shared/ids";
import { env } from "../runtime/env";
import { eventually } from "@/tests/support/eventually";
import { ownRedis, type OwnRedis } from "@/tests/support/redis";
import type { Counters } from "./counters";
import { memoryCounters } from "./memory-counters";
import { redisCounters } from "./redis-counters";

const drivers: [string, () => Counters][] = [
  ["in the process", () => memoryCounters()],
  ["in Redis", () => redisCounters(env().REDIS_URL ?? "")],
];

describe.each(drivers)("counters %s", (_where, make) => {
  let counters: Counters;
  beforeAll(() => {
    counters = make();
  });
  afterAll(() => counters.close());
  const window = { ms: 60_000, from: "first" } as const;

  it("count every one, also of those at the same moment, from the very first", async () => {
    const key = newId();
    const all = await Promise.all(Array.from({ length: 200 }, () => counters.add(key, window)));
    expect(all.map(({ count }) => count).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 200 }, (_, n) => n + 1),
    );
    const [looked, none] = await counters.read([key, newId()]);
    expect(looked).toMatchObject({ count: 200 });
    expect(looked?.leftMs).toBeGreaterThan(50_000);
    expect(looked?.leftMs).toBeLessThanOrEqual(60_000);
    expect(none).toEqual({ count: 0, leftMs: 0 });
  });

  it("forget when told", async () => {
    const [one, two] = [newId(), newId()];
    await counters.add(one, window);
    await counters.add(two, window);
    await counters.forget([one, newId()]);
    await counters.forget([]);
    expect((await counters.read([one, two])).map(({ count }) => count)).toEqual([0, 1]);
  });

  it("remember a window from its first, and what goes on from its last", async () => {
    const [first, last] = [newId(), newId()];
    await counters.add(first, { ms: 400, from: "first" });
    await counters.add(last, { ms: 400, from: "last" });
    await eventually(async () => ((await counters.read([first]))[0]?.leftMs ?? 0) < 250, { what: "half the window" });
    expect((await counters.add(first, { ms: 400, from: "first" })).leftMs).toBeLessThan(250);
    expect((await counters.add(last, { ms: 400, from: "last" })).leftMs).toBeGreaterThan(350);
    await eventually(async () => (await counters.read([first]))[0]?.count === 0, { what: "the end of the window" });
    expect((await counters.add(first, { ms: 400, from: "first" })).count).toBe(1);
  });
});

describe("counters in the process", () => {
  it("take no more than they may, and forget first what was counted longest ago", async () => {
    const counters = memoryCounters(100 * 260);
    for (let n = 0; n < 5_000; n++) {
      await counters.add(`${n}`.padStart(50, "0"), { ms: 60_000, from: "first" });
      if (n % 10 === 0) await counters.add("busy".padStart(50, "0"), { ms: 60_000, from: "first" });
    }
    const kept = await counters.read(Array.from({ length: 5_000 }, (_, n) => `${n}`.padStart(50, "0")));
    expect(kept.filter(({ count }) => count > 0).length).toBeLessThan(100);
    expect(kept.at(-1)?.count).toBe(1);
    expect((await counters.read(["busy".padStart(50, "0")]))[0]?.count).toBe(500);
  });
});

describe("when Redis is away", () => {
  let redis: OwnRedis;
  beforeAll(async () => {
    redis = await ownRedis();
  });
  afterAll(() => redis.stop());

  it("each process goes on counting by itself, quickly, and together again when it is back", async () => {
    const [one, other] = [redisCounters(redis.url), redisCounters(redis.url)];
    try {
      const key = newId();
      const add = (counters: Counters) => counters.add(key, { ms: 60_000, from: "first" });
      await add(one);
      expect((await add(other)).count).toBe(2);
      redis.kill();
      expect(await eventually(async () => (await add(one)).count === 1, { what: "the first count alone" })).toBe(true);
      const from = performance.now();
      for (let n = 2; n <= 50; n++) expect((await add(one)).count).toBe(n);
      expect(performance.now() - from).toBeLessThan(1_000);
      await redis.restart();
      await eventually(
        async () => {
          const again = newId();
          await one.add(again, { ms: 60_000, from: "first" });
          return (await other.add(again, { ms: 60_000, from: "first" })).count === 2;
        },
        { what: "counting together", timeoutMs: 15_000 },
      );
    } finally {
      await one.close();
      await other.close();
    }
  });
});
