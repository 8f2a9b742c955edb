import { describe, expect, it } from "vitest";
import { livenessOf, STALE_AFTER_MS } from "./liveness";

const page = { renderedAtMs: 1_000, openedAtMs: 50_000 };

describe("livenessOf", () => {
  it("shows the time of the page until the first answer, and not longer than an answer may take", () => {
    const nothing = { updatedAtMs: 0, failed: false, answered: false };
    expect(livenessOf(nothing, page, 50_000)).toEqual({ state: "as-of", atMs: 1_000 });
    expect(livenessOf(nothing, page, 50_001 + STALE_AFTER_MS)).toEqual({ state: "stale", atMs: 1_000 });
  });

  it("stays fresh over a page that comes while the numbers are live", () => {
    const next = { updatedAtMs: 0, failed: false, answered: true };
    expect(livenessOf(next, page, 50_100).state).toBe("fresh");
    expect(livenessOf(next, page, 50_001 + STALE_AFTER_MS).state).toBe("stale");
  });

  it("is fresh after an answer and stale when the next one hangs or fails", () => {
    const live = { updatedAtMs: 60_000, failed: false, answered: true };
    expect(livenessOf(live, page, 60_000 + STALE_AFTER_MS)).toEqual({ state: "fresh", atMs: 60_000 });
    expect(livenessOf(live, page, 60_001 + STALE_AFTER_MS)).toEqual({ state: "stale", atMs: 60_000 });
    expect(livenessOf({ ...live, failed: true }, page, 60_001)).toEqual({ state: "stale", atMs: 60_000 });
  });
});
