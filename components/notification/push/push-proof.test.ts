import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { proveAlerts } from "./push-proof";

const SENT_AT = "Tue, 24 Nov 2026 10:00:00 GMT";
let worker: EventTarget & { startMessages: () => void };
let answers: Record<string, () => Response>;

const shown = (id: string) => worker.dispatchEvent(new MessageEvent("message", { data: { type: "push-shown", id } }));
const accepted = () => Response.json({ id: "alert" }, { status: 202, headers: { date: SENT_AT } });
const devices = (items: { id: string; lastAcceptedAt: string | null }[]) => () => Response.json({ items });
const prove = (more: { sent?: () => void; signal?: AbortSignal; patienceMs?: number } = {}) =>
  proveAlerts("device", {
    sent: more.sent ?? (() => undefined),
    signal: more.signal ?? new AbortController().signal,
    patienceMs: more.patienceMs ?? 1,
  });

beforeEach(() => {
  worker = Object.assign(new EventTarget(), { startMessages: () => undefined });
  answers = { "POST /api/push-subscriptions/device/test": accepted };
  vi.stubGlobal("Notification", { permission: "granted" });
  vi.stubGlobal("navigator", { serviceWorker: worker });
  vi.stubGlobal("fetch", (path: string, init?: RequestInit) => {
    const answer = answers[`${init?.method ?? "GET"} ${path}`];
    return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError("Failed to fetch"));
  });
});
afterEach(() => vi.unstubAllGlobals());

test("says when the alert was shown", async () => {
  const proof = await prove({ patienceMs: 10_000, sent: () => queueMicrotask(() => shown("alert")) });
  expect(proof).toEqual({ kind: "shown", at: expect.any(Date) });
});

test("hears an alert that is faster than the answer to its request", async () => {
  answers["POST /api/push-subscriptions/device/test"] = () => {
    shown("alert");
    return accepted();
  };
  expect(await prove()).toMatchObject({ kind: "shown" });
});

test("another alert proves nothing", async () => {
  answers["GET /api/push-subscriptions"] = devices([{ id: "device", lastAcceptedAt: null }]);
  expect(await prove({ sent: () => shown("another") })).toEqual({ kind: "unproven", problem: "notTaken" });
});

test.each([
  ["the push service took it", [{ id: "device", lastAcceptedAt: "2026-11-24T10:00:00.120Z" }], "notShown"],
  [
    "the push service last took something earlier",
    [{ id: "device", lastAcceptedAt: "2026-11-24T09:59:59Z" }],
    "notTaken",
  ],
  ["the push service took nothing yet", [{ id: "device", lastAcceptedAt: null }], "notTaken"],
  ["the address was given up", [{ id: "other", lastAcceptedAt: null }], "gone"],
] as const)("after the patience tells how far it came: %s", async (_, items, problem) => {
  answers["GET /api/push-subscriptions"] = devices([...items]);
  expect(await prove()).toEqual({ kind: "unproven", problem });
});

test.each([
  [401, "signedOut"],
  [404, "gone"],
  [429, "tooMany"],
  [500, "failed"],
] as const)("an answer %i is not called a lost alert", async (status, problem) => {
  answers["POST /api/push-subscriptions/device/test"] = () => new Response(null, { status });
  expect(await prove({ patienceMs: 10_000 })).toEqual({ kind: "unproven", problem });
});

test("without a connection and with notifications blocked nothing is waited for", async () => {
  answers = {};
  expect(await prove({ patienceMs: 10_000 })).toEqual({ kind: "unproven", problem: "offline" });
  vi.stubGlobal("Notification", { permission: "denied" });
  expect(await prove({ patienceMs: 10_000 })).toEqual({ kind: "unproven", problem: "blocked" });
});
