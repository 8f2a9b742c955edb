import { describe, expect, it } from "vitest";
import { inBatches } from "./in-batches";

/** Batches of these sizes, and nothing after them. */
function batches(...sizes: number[]) {
  const left = [...sizes];
  return { left, remove: () => Promise.resolve(left.shift() ?? 0) };
}

describe("deleting in batches", () => {
  it("goes on until a batch finds nothing, and adds up", async () => {
    const { left, remove } = batches(3, 1, 2, 0, 9);
    expect(await inBatches(undefined, remove)).toBe(6);
    expect(left).toEqual([9]);
  });

  it("begins no batch after its signal", async () => {
    const stop = new AbortController();
    const { left, remove } = batches(3, 1);
    const removeAndStop = () => remove().finally(() => stop.abort());
    expect(await inBatches(stop.signal, removeAndStop)).toBe(3);
    expect(await inBatches(stop.signal, removeAndStop)).toBe(0);
    expect(left).toEqual([1]);
  });

  it("leaves the rest for the next round when its time is over", async () => {
    const endless = () => new Promise<number>((resolve) => setImmediate(() => resolve(1)));
    expect(await inBatches(undefined, endless, 20)).toBeGreaterThan(0);
    expect(await inBatches(undefined, endless, 0)).toBe(0);
  });

  it("passes a failure on", async () => {
    await expect(inBatches(undefined, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  });
});
