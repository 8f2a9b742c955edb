import { redisConnection } from "../cache/redis-connection";
import { counter } from "../runtime/metrics";
import type { Counted, Counters } from "./counters";
import { memoryCounters } from "./memory-counters";

/** After a command that failed Redis is not asked for so long, so that nobody waits for it again and again. */
const AWAY_MS = 1_000;

// One step, so that no count is left without an end when the process dies between two commands.
const ADD = `
local count = redis.call('INCR', KEYS[1])
if count == 1 or ARGV[2] == 'last' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { count, redis.call('PTTL', KEYS[1]) }`;

/** Counters in Redis, shared by all processes. While Redis is away each process counts by itself. */
export function redisCounters(url: string, prefix = "campus:count:"): Counters {
  const redis = redisConnection(url, "each process counts tries by itself", { enableAutoPipelining: true });
  const own = memoryCounters();
  let awayUntilMs = 0;
  // Who counts first waits for the connection or for its failing (2 s at most), so that no count of a start is lost.
  const begun = new Promise<void>((resolve) => redis.once("ready", resolve).once("close", resolve));

  const orAlone = async <T>(asked: () => Promise<T>, alone: () => Promise<T>): Promise<T> => {
    if (performance.now() < awayUntilMs) return alone();
    try {
      await begun;
      return await asked();
    } catch {
      awayUntilMs = performance.now() + AWAY_MS;
      counter("campus_limits_failures_total", "Counts that Redis did not keep", []).inc();
      return alone();
    }
  };

  return {
    add: (key, lasting) =>
      orAlone(
        async () => countedOf(await redis.eval(ADD, 1, prefix + key, lasting.ms, lasting.from)),
        () => own.add(key, lasting),
      ),
    read: (keys) =>
      orAlone(
        () =>
          Promise.all(
            keys.map(async (key) => countedOf(await Promise.all([redis.get(prefix + key), redis.pttl(prefix + key)]))),
          ),
        () => own.read(keys),
      ),
    async forget(keys) {
      if (keys.length === 0) return;
      await own.forget(keys);
      await orAlone(
        async () => void (await redis.del(keys.map((key) => prefix + key))),
        async () => undefined,
      );
    },
    async close() {
      redis.disconnect();
      await own.close();
    },
  };
}

function countedOf(answer: unknown): Counted {
  const [count, leftMs] = Array.isArray(answer) ? answer.map(Number) : [];
  return !count || !leftMs || leftMs < 0 ? { count: 0, leftMs: 0 } : { count, leftMs };
}
