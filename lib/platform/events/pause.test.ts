import { describe, expect, it } from "vitest";
import { unlessStopped, within } from "./pause";

const never = () => new Promise<never>(() => {});

describe("waiting for something outside", () => {
  it("gives what came in time, and what failed in time", async () => {
    expect(await within(60_000, Promise.resolve("answer"))).toBe("answer");
    await expect(within(60_000, Promise.reject(new Error("refused")))).rejects.toThrow("refused");
  });

  it("gives up when nothing comes in time, and does not mind what comes later", async () => {
    let fail = (_error: Error) => {};
    const late = new Promise<never>((_, reject) => (fail = reject));
    await expect(within(5, late)).rejects.toThrow("no answer within 5 ms");
    fail(new Error("too late"));
  });

  it("waits a little longer, and no more, when the process is asked to stop", async () => {
    const stop = new AbortController();
    const waiting = expect(unlessStopped(never(), stop.signal, 5)).rejects.toThrow("because the process stops");
    stop.abort();
    await waiting;
  });
});
