import type { Counted, Counters } from "./counters";

/** What an entry takes besides its key, whose characters take up to two bytes each; measured, rounded up. */
const ENTRY_BYTES = 160;

/** Counters inside this process. Beyond `maxBytes` those that were counted longest ago are forgotten. */
export function memoryCounters(maxBytes = 8 * 1024 * 1024, nowMs: () => number = Date.now): Counters {
  // A Map keeps the order of insertion; counting puts an entry at the end again.
  const entries = new Map<string, { count: number; expiresAt: number }>();
  let bytes = 0;
  const drop = (key: string) => {
    if (entries.delete(key)) bytes -= sizeOf(key);
  };
  const look = (key: string): Counted => {
    const entry = entries.get(key);
    if (!entry) return { count: 0, leftMs: 0 };
    const leftMs = entry.expiresAt - nowMs();
    if (leftMs > 0) return { count: entry.count, leftMs };
    drop(key);
    return { count: 0, leftMs: 0 };
  };
  return {
    async add(key, lasting) {
      const before = look(key);
      const leftMs = before.count === 0 || lasting.from === "last" ? lasting.ms : before.leftMs;
      drop(key);
      entries.set(key, { count: before.count + 1, expiresAt: nowMs() + leftMs });
      bytes += sizeOf(key);
      for (const oldest of entries.keys()) {
        if (bytes <= maxBytes) break;
        drop(oldest);
      }
      return { count: before.count + 1, leftMs };
    },
    async read(keys) {
      return keys.map(look);
    },
    async forget(keys) {
      keys.forEach(drop);
    },
    async close() {
      entries.clear();
      bytes = 0;
    },
  };
}

function sizeOf(key: string): number {
  return ENTRY_BYTES + 2 * key.length;
}
