import { describe, expect, it } from "vitest";
import { decide, retryAfterMs, type SendResult } from "./send-outcome";

const now = new Date("2026-11-18T10:00:00Z");
const expiresAt = new Date("2026-11-18T23:00:00Z");
const answered = (status: number, retryAfter: number | null = null): SendResult => ({
  kind: "answered",
  status,
  retryAfterMs: retryAfter,
});
const decided = (result: SendResult, attempts = 1) => decide(result, { attempts, now, expiresAt }, () => 0.5);
const waitOf = (result: SendResult, attempts = 1) => {
  const decision = decided(result, attempts);
  return decision.kind === "retry" ? decision.at.getTime() - now.getTime() : null;
};

describe("what follows from an answer", () => {
  it.each([200, 201, 202, 204])("%d: accepted", (status) => expect(decided(answered(status)).kind).toBe("accepted"));
  it.each([404, 410])("%d: the subscription is over", (status) => expect(decided(answered(status)).kind).toBe("gone"));
  it.each([400, 401, 403, 405, 413, 301, 307])("%d: dead, and somebody must look", (status) => {
    expect(decided(answered(status))).toEqual({ kind: "dead", reason: `status_${status}`, alarm: true });
  });
  it.each([408, 429, 500, 502, 503, 504])("%d: again", (status) => expect(waitOf(answered(status))).toBe(750));

  it("waits as long as it was asked to", () => {
    expect(waitOf(answered(429, 90_000))).toBe(90_000);
    expect(waitOf(answered(503, 10))).toBe(750);
  });

  it("doubles the back-off up to a quarter of an hour", () => {
    const failed: SendResult = { kind: "failed", reason: "timeout" };
    expect([1, 2, 3, 4].map((attempts) => waitOf(failed, attempts))).toEqual([750, 1_500, 3_000, 6_000]);
    expect(waitOf(failed, 60)).toBe(675_000);
  });

  it("stops when the news would be too old", () => {
    expect(decided(answered(429, 14 * 3_600_000))).toEqual({
      kind: "dead",
      reason: "expired_status_429",
      alarm: false,
    });
  });

  it("does not try again what was refused here", () => {
    expect(decided({ kind: "refused", reason: "endpoint_port" })).toEqual({
      kind: "dead",
      reason: "endpoint_port",
      alarm: false,
    });
  });
});

describe("Retry-After", () => {
  it.each([
    [undefined, null],
    ["120", 120_000],
    [" 0 ", 0],
    ["Wed, 18 Nov 2026 10:01:00 GMT", 60_000],
    ["Wed, 18 Nov 2026 09:00:00 GMT", 0],
    ["soon", null],
    ["-5", null],
  ])("%j means %j ms", (header, expected) => expect(retryAfterMs(header, now)).toBe(expected));
});
