import { Redis, type RedisOptions } from "ioredis";
import { log } from "../runtime/log";

/** Longer than this and doing without Redis is quicker. */
const COMMAND_TIMEOUT_MS = 250;

const OPTIONS = {
  // Without these a request would wait in a queue for a Redis that is away.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  commandTimeout: COMMAND_TIMEOUT_MS,
  connectTimeout: 2_000,
  retryStrategy: (attempt: number) => Math.min(attempt * 100, 2_000),
  // A primary that became a replica refuses writes on a connection that stays open: connect again to find the new one.
  reconnectOnError: (error: Error) => (error.message.startsWith("READONLY") ? (2 as const) : (false as const)),
  autoResubscribe: false,
} satisfies RedisOptions;

/**
 * A connection on which no command waits longer than a moment. Logs one line when it is lost (`without`: what that means)
 * and one when it is back, however many attempts fail in between.
 */
export function redisConnection(
  url: string,
  without: string,
  options: Pick<RedisOptions, "enableAutoPipelining" | "lazyConnect" | "commandTimeout"> = {},
): Redis {
  const redis = new Redis(url, { ...OPTIONS, ...options });
  let away = false;
  redis.on("error", () => {
    if (!away) log().warn({ dependency: "redis" }, `redis away: ${without}, everything else goes on`);
    away = true;
  });
  redis.on("ready", () => {
    if (away) log().info({ dependency: "redis" }, "redis is back");
    away = false;
  });
  return redis;
}
