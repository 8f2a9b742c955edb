import type { Redis } from "ioredis";
import { counter } from "../runtime/metrics";
import type { Cache } from "./cache";
import { redisConnection } from "./redis-connection";

/** Less than what `ready` waits for a dependency. */
const IS_UP_WITHIN_MS = 1_300;

const WITHOUT = "caching is off";

/** A cache in Redis, shared by all processes. While Redis is away reads find nothing and writes are dropped. */
export function redisCache(url: string, prefix = "campus:"): Cache {
  const redis = redisConnection(url, WITHOUT);
  let subscriber: Redis | undefined;
  const listeners = new Map<string, ((message: string) => void)[]>();

  const attempt = async <T>(command: string, work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch {
      counter("campus_cache_failures_total", "Cache commands that Redis did not answer", ["command"]).inc({ command });
      return null;
    }
  };

  const listen = (): Redis => {
    // A connection that listens can do nothing else. It is told its channels after every new connection.
    const connection = redisConnection(url, WITHOUT, { commandTimeout: 5_000, lazyConnect: true });
    connection.on("message", (channel: string, message: string) => {
      for (const listener of listeners.get(channel) ?? []) listener(message);
    });
    connection.on("ready", () => {
      for (const channel of listeners.keys()) void attempt("subscribe", () => connection.subscribe(channel));
    });
    void attempt("connect", () => connection.connect());
    return connection;
  };

  return {
    get: (key) => attempt("get", () => redis.get(prefix + key)),
    async set(key, value, ttlMs) {
      await attempt("set", () => redis.set(prefix + key, value, "PX", ttlMs));
    },
    async delete(keys) {
      if (keys.length > 0) await attempt("del", () => redis.del(keys.map((key) => prefix + key)));
    },
    async publish(channel, message) {
      await attempt("publish", () => redis.publish(prefix + channel, message));
    },
    subscribe(channel, listener) {
      const name = prefix + channel;
      listeners.set(name, [...(listeners.get(name) ?? []), listener]);
      subscriber ??= listen();
      if (subscriber.status === "ready") void attempt("subscribe", async () => subscriber?.subscribe(name));
    },
    isUp: () => answersWithin(redis, IS_UP_WITHIN_MS),
    async close() {
      listeners.clear();
      redis.disconnect();
      subscriber?.disconnect();
    },
  };
}

/**
 * Whether Redis answers a ping by then. A connection that is being made is waited for, one that waits for its next try is
 * made now; one that cannot be made says no at once.
 */
async function answersWithin(redis: Redis, withinMs: number): Promise<boolean> {
  const untilMs = performance.now() + withinMs;
  do {
    try {
      if (redis.status !== "ready") await connected(redis, untilMs - performance.now());
      if ((await redis.ping()) === "PONG") return true;
    } catch {
      if (redis.status !== "ready") return false;
    }
  } while (performance.now() < untilMs);
  return false;
}

function connected(redis: Redis, withinMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (error?: unknown) => {
      clearTimeout(timer);
      redis.off("ready", onReady).off("close", onClose);
      if (error === undefined) resolve();
      else reject(error);
    };
    const onReady = () => finish();
    const onClose = () => finish(new Error("no connection"));
    const timer = setTimeout(onClose, withinMs);
    redis.once("ready", onReady).once("close", onClose);
    if (redis.status === "reconnecting") redis.connect().catch(onClose);
  });
}
