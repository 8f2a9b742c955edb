import type { Cache } from "./cache";

/** A cache inside this process: least recently used first out beyond `maxEntries`, and nothing older than its time. */
export function memoryCache(maxEntries = 10_000, nowMs: () => number = Date.now): Cache {
  // A Map keeps the order of insertion; reading an entry puts it at the end again.
  const entries = new Map<string, { value: string; expiresAt: number }>();
  const listeners = new Map<string, ((message: string) => void)[]>();
  return {
    async get(key) {
      const entry = entries.get(key);
      if (!entry) return null;
      entries.delete(key);
      if (entry.expiresAt <= nowMs()) return null;
      entries.set(key, entry);
      return entry.value;
    },
    async set(key, value, ttlMs) {
      entries.delete(key);
      entries.set(key, { value, expiresAt: nowMs() + ttlMs });
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries) break;
        entries.delete(oldest);
      }
    },
    async delete(keys) {
      for (const key of keys) entries.delete(key);
    },
    async publish(channel, message) {
      for (const listener of listeners.get(channel) ?? []) listener(message);
    },
    subscribe(channel, listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
    },
    async isUp() {
      return true;
    },
    async close() {
      entries.clear();
      listeners.clear();
    },
  };
}
