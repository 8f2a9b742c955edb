import { setTimeout as delay } from "node:timers/promises";

/** How long and how often {@link eventually} looks; `what` names the awaited thing in the error. */
export interface EventuallyOptions {
  timeoutMs?: number;
  everyMs?: number;
  what?: string;
}

/**
 * Waits until `predicate` gives something truthy and returns it. A predicate that throws is asked again. After `timeoutMs`
 * (10 s) it rejects and says what it waited for and what the last attempt threw. This is how tests wait: never by a sleep.
 */
export async function eventually<T>(
  predicate: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 25, what = "the condition" }: EventuallyOptions = {},
): Promise<NonNullable<T>> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    let failure: unknown;
    try {
      const value = await predicate();
      if (value) return value;
    } catch (error) {
      failure = error;
    }
    if (Date.now() >= end) throw new Error(`${what} did not come true within ${timeoutMs} ms`, { cause: failure });
    await delay(everyMs);
  }
}
