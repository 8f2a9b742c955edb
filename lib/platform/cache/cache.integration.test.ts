import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { env } from "../runtime/env";
import { newId } from "@/lib/shared/ids";
import { eventually } from "@/tests/support/eventually";
import { ownRedis, type OwnRedis } from "@/tests/support/redis";
import type { Cache } from "./cache";
import { memoryCache } from "./memory-cache";
import { redisCache } from "./redis-cache";

const drivers: [string, () => Cache][] = [
  ["in the process", () => memoryCache()],
  ["in Redis", () => redisCache(env().REDIS_URL ?? "")],
];

describe.each(drivers)("a cache %s", (_where, make) => {
  let cache: Cache;
  beforeAll(async () => {
    cache = make();
    await eventually(() => cache.isUp(), { what: "the cache" });
  });
  afterAll(() => cache.close());

  it("gives back what was set, and nothing for what was not", async () => {
    const key = newId();
    expect(await cache.get(key)).toBeNull();
    await cache.set(key, "žluťoučký \u0000 {}", 5_000);
    expect(await cache.get(key)).toBe("žluťoučký \u0000 {}");
    await cache.set(key, "", 5_000);
    expect(await cache.get(key)).toBe("");
  });

  it("forgets after the time given", async () => {
    const key = newId();
    await cache.set(key, "short", 60);
    expect(await cache.get(key)).toBe("short");
    expect(await eventually(async () => (await cache.get(key)) === null)).toBe(true);
  });

  it("forgets what is deleted", async () => {
    const [one, two] = [newId(), newId()];
    await cache.set(one, "1", 5_000);
    await cache.set(two, "2", 5_000);
    await cache.delete([one, newId()]);
    await cache.delete([]);
    expect(await cache.get(one)).toBeNull();
    expect(await cache.get(two)).toBe("2");
  });

  it("lets every listener of a channel hear what is published there", async () => {
    const channel = newId();
    const heard: string[] = [];
    cache.subscribe(channel, (message) => heard.push(`a ${message}`));
    cache.subscribe(channel, (message) => heard.push(`b ${message}`));
    // At most once: until the subscription stands, a message may pass unheard.
    await eventually(async () => {
      await cache.publish(channel, "x");
      return heard.includes("a x") && heard.includes("b x");
    });
    await cache.publish(`${channel}-other`, "y");
    expect(heard.join()).not.toContain("y");
  });
});

describe("a cache in the process", () => {
  it("keeps what was used last when it is full", async () => {
    const cache = memoryCache(3);
    for (const key of ["a", "b", "c"]) await cache.set(key, key, 5_000);
    await cache.get("a");
    await cache.set("d", "d", 5_000);
    expect(await Promise.all(["a", "b", "c", "d"].map((key) => cache.get(key)))).toEqual(["a", null, "c", "d"]);
  });
});

describe("a cache whose Redis goes away", () => {
  let redis: OwnRedis;
  let cache: Cache;
  beforeAll(async () => {
    redis = await ownRedis();
    cache = redisCache(redis.url);
    await eventually(() => cache.isUp());
  });
  afterAll(async () => {
    await cache.close();
    await redis.stop();
  });

  it("finds nothing, fails nothing, waits for nothing, and works again when it is back", async () => {
    await cache.set("k", "v", 60_000);
    redis.kill();
    await eventually(async () => !(await cache.isUp()));
    const startedAt = performance.now();
    expect(await cache.get("k")).toBeNull();
    await cache.set("k", "w", 60_000);
    await cache.delete(["k"]);
    await cache.publish("channel", "message");
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    await redis.restart();
    await eventually(() => cache.isUp());
    await cache.set("k", "again", 60_000);
    expect(await cache.get("k")).toBe("again");
  });
});
