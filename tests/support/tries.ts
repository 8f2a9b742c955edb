import { Redis } from "ioredis";
import { env } from "@/lib/platform/runtime/env";

/** Forgets every try that was counted, as time would: empties the Redis database of this test file. */
export function forgetAllTries(): Promise<void> {
  return withRedis(async (redis) => void (await redis.flushdb()));
}

/** Makes every count older, as if so many seconds had passed. */
export function ageTries(seconds: number): Promise<void> {
  return withRedis(async (redis) => {
    for (const key of await redis.keys("campus:count:*")) {
      const leftMs = (await redis.pttl(key)) - seconds * 1000;
      await redis.pexpire(key, Math.max(0, leftMs));
    }
  });
}

async function withRedis(work: (redis: Redis) => Promise<void>): Promise<void> {
  const redis = new Redis(env().REDIS_URL ?? "");
  try {
    await work(redis);
  } finally {
    redis.disconnect();
  }
}
