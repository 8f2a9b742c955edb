import { afterEach, describe, expect, it, vi } from "vitest";
import { answerOf, type FormState } from "./action-answer";

const lost = { status: "failed", message: "No answer came." };

describe("answerOf", () => {
  afterEach(() => vi.useRealTimers());

  it("passes on what the server says", async () => {
    const refused: FormState = { status: "failed", message: "The last seat was just taken." };
    expect(await answerOf(async () => refused, lost.message)).toBe(refused);
    expect(await answerOf(async () => ({ status: "done" }), lost.message)).toEqual({ status: "done" });
  });

  it("says that no answer came when the request breaks, and does not reject", async () => {
    expect(await answerOf(() => Promise.reject(new TypeError("Failed to fetch")), lost.message)).toEqual(lost);
    const throwing = (): Promise<FormState> => {
      throw new Error("unexpected response");
    };
    expect(await answerOf(throwing, lost.message)).toEqual(lost);
  });

  it("says so when nothing comes in time", async () => {
    vi.useFakeTimers();
    const answer = answerOf(() => new Promise(() => undefined), lost.message, 1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await answer).toEqual(lost);
    expect(vi.getTimerCount()).toBe(0);
  });
});
