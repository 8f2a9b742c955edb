import { env } from "../runtime/env";
import { singleton } from "../runtime/singleton";
import { memoryCache } from "./memory-cache";
import { redisCache } from "./redis-cache";

/**
 * A shared, forgetful store of short-lived text. It may forget anything at any time and is never the truth: whoever
 * reads from it must be able to work out the value again. No method throws or takes longer than a moment.
 */
export interface Cache {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  delete(keys: readonly string[]): Promise<void>;
  /** Tells the other processes something. At most once: whoever listens must find out by itself as well, only later. */
  publish(channel: string, message: string): Promise<void>;
  /** Hears what any process publishes on a channel, this one included. */
  subscribe(channel: string, listener: (message: string) => void): void;
  /** False when the store is away: everything still works, slower. */
  isUp(): Promise<boolean>;
  close(): Promise<void>;
}

/** The cache of this process: Redis when REDIS_URL is set, else in the process. */
export function cache(): Cache {
  const { REDIS_URL } = env();
  return singleton("cache", () => (REDIS_URL ? redisCache(REDIS_URL) : memoryCache()));
}
