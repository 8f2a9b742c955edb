import { singleton } from "@/lib/platform/runtime/singleton";

/** Figures with the time at which they were counted. */
export type KeptFigures<T> = { at: Date; figures: T };
type Kept = { counted: Promise<KeptFigures<unknown>>; until: number };

/** How many times as long as they took to count figures are shown; counting then takes a fiftieth of a core at most. */
const TIMES_AS_LONG = 50;
const LONGEST_MS = 30_000;
const MAX_KEPT = 1_000;

/**
 * Figures for looking at that are counted over a whole school. This process shows them again for fifty times as long as
 * they took to count, 30 s at most: in a small school that is no time at all, in a large one a page does not wait for the
 * counting of 20,000 people each time. Who asks while they are counted waits for that. `key` names whose and what they
 * are; nothing may be decided by them.
 */
export async function keptFigures<T>(key: string, now: Date, count: () => Promise<T>): Promise<KeptFigures<T>> {
  const all = singleton("keptFigures", () => new Map<string, Kept>());
  const startedAt = performance.now();
  const known = all.get(key);
  if (known && startedAt < known.until) return (await known.counted) as KeptFigures<T>;
  const counted = count().then((figures) => ({ at: now, figures }));
  if (all.size >= MAX_KEPT) all.clear();
  const kept: Kept = { counted, until: Infinity };
  all.set(key, kept);
  try {
    return await counted;
  } catch (error) {
    all.delete(key);
    throw error;
  } finally {
    const endedAt = performance.now();
    kept.until = endedAt + Math.min(LONGEST_MS, TIMES_AS_LONG * (endedAt - startedAt));
  }
}
