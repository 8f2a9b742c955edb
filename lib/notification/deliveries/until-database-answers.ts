import { setTimeout as delay } from "node:timers/promises";
import { isDatabaseDown, isStatementCancelled } from "@/lib/platform/db/client";

const RETRY_MS = 250;
/** What a process that ends still waits for its database; less than the drain deadline of a worker. */
const STOPPING_MS = 3_000;

/**
 * Does what the database must remember as soon as it can: it is asked again until it answers, so that no outcome gets lost
 * with a connection and no outage passes for the death of this process. What is asked is harmless twice. Once the process
 * is to end it waits a little longer and gives up, as a crash would.
 */
export async function untilDatabaseAnswers<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  let giveUpAt = Infinity;
  for (;;)
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseDown(error) && !isStatementCancelled(error)) throw error;
      if (signal.aborted) giveUpAt = Math.min(giveUpAt, performance.now() + STOPPING_MS);
      if (performance.now() >= giveUpAt) throw error;
      await delay(RETRY_MS);
    }
}
