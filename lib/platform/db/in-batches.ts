/** What a rule of retention gets: the database's time, and a signal after which it begins no further batch. */
export type Removal = { now: Date; signal: AbortSignal };

/** A rule that has a lot to do leaves the rest for the next round, so that the others get their turn. */
const MOST_MS = 5_000;

/**
 * Calls `removeBatch`, which deletes a bounded number of rows in a short transaction of its own, until it finds nothing,
 * the signal is aborted, or 5 s have passed. Answers how many rows went. Short transactions, because a long one holds
 * locks, and the outbox log back.
 */
export async function inBatches(
  signal: AbortSignal | undefined,
  removeBatch: () => Promise<number>,
  mostMs = MOST_MS,
): Promise<number> {
  const endMs = performance.now() + mostMs;
  let total = 0;
  for (let removed = 1; removed > 0 && !signal?.aborted && performance.now() < endMs; total += removed)
    removed = await removeBatch();
  return total;
}
