import { env } from "../runtime/env";
import { singleton } from "../runtime/singleton";
import { memoryCounters } from "./memory-counters";
import { redisCounters } from "./redis-counters";

/** How many there are under a key, and for how many more milliseconds they are remembered (0 with a count of 0). */
export type Counted = { count: number; leftMs: number };

/** How long a count is remembered: from its first (a window) or from its last (as long as it goes on). */
export type Lasting = { ms: number; from: "first" | "last" };

/**
 * Counts of what may happen only so often. They may be forgotten at any time and are never the truth about anything else.
 * No method throws or takes longer than a moment.
 */
export interface Counters {
  /** Counts one more. */
  add(key: string, lasting: Lasting): Promise<Counted>;
  /** Looks without counting; answers in the order of the keys. */
  read(keys: readonly string[]): Promise<Counted[]>;
  forget(keys: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** The counters of this process: shared by all processes in Redis when REDIS_URL is set, else in the process. */
export function counters(): Counters {
  const { REDIS_URL } = env();
  return singleton("counters", () => (REDIS_URL ? redisCounters(REDIS_URL) : memoryCounters()));
}
