/** Longer than this without an answer, and the numbers on the page are not live. */
export const STALE_AFTER_MS = 5_000;

/** `as-of`: nothing was asked yet, the page's own numbers are shown. `stale`: they were live or should be, and are not. */
export type Liveness = { state: "as-of" | "fresh" | "stale"; atMs: number };

/**
 * How old the numbers on the page are. A question that hangs makes them as stale as one that fails. A page that comes
 * while the numbers are live (a filter was changed) is as live as they were: the server has just made it.
 */
export function livenessOf(
  live: { updatedAtMs: number; failed: boolean; answered: boolean },
  page: { renderedAtMs: number; openedAtMs: number },
  nowMs: number,
): Liveness {
  const waits = live.updatedAtMs === 0;
  const atMs = waits ? page.renderedAtMs : live.updatedAtMs;
  const sinceMs = nowMs - (waits ? page.openedAtMs : live.updatedAtMs);
  if (live.failed || sinceMs > STALE_AFTER_MS) return { state: "stale", atMs };
  return { state: waits && !live.answered ? "as-of" : "fresh", atMs };
}
