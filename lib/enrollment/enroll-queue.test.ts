import { describe, expect, it, vi } from "vitest";
import type { Db } from "@/lib/platform/db";
import type { Context } from "@/lib/shared/context";
import type { EnrollOutcome, EnrollRequest } from "./enroll-batch";
import { EnrollQueue, MAX_BATCH, MAX_WAITING_SECTION } from "./enroll-queue";

const client = {} as Db;
const ctx: Context = {
  actor: { userId: "u", schoolId: "s", roles: ["STUDENT"], sessionId: "x" },
  requestId: "r",
  now: new Date(),
  source: "api",
};
const request = (n: number, sectionId = "a"): EnrollRequest => ({ ctx, sectionId, enrollmentId: `e${n}` });
const ok = (requests: readonly EnrollRequest[]): EnrollOutcome[] =>
  requests.map(({ enrollmentId }) => ({ enrollmentId }));

/** A batch runner whose batches end when the test says so. */
function manual() {
  const batches: { ids: string[]; section: string; end: (error?: unknown) => void }[] = [];
  const run = (section: string, requests: readonly EnrollRequest[]) =>
    new Promise<EnrollOutcome[]>((resolve, reject) => {
      const ids = requests.map(({ enrollmentId }) => enrollmentId);
      batches.push({ ids, section, end: (error) => (error === undefined ? resolve(ok(requests)) : reject(error)) });
    });
  return { batches, run };
}

/** How Prisma hands on what the database said to a raw statement. */
function rawFailure(sqlState: string): Error {
  const cause = { originalCode: sqlState, kind: "postgres" };
  const driverAdapterError = Object.assign(new Error("postgres"), { name: "DriverAdapterError", cause });
  return Object.assign(new Error("Raw query failed"), { code: "P2010", meta: { driverAdapterError } });
}

describe("EnrollQueue", () => {
  it("runs a lone request at once, and those that came meanwhile together, at most 64", async () => {
    const { batches, run } = manual();
    const queue = new EnrollQueue(client, 4, run);
    const answers = Array.from({ length: 100 }, (_, n) => queue.add(request(n)));
    expect(batches.map(({ ids }) => ids.length)).toEqual([1]);
    batches[0]?.end();
    await vi.waitFor(() => expect(batches).toHaveLength(2));
    expect(batches[1]?.ids).toHaveLength(MAX_BATCH);
    batches[1]?.end();
    await vi.waitFor(() => expect(batches).toHaveLength(3));
    batches[2]?.end();
    const outcomes = await Promise.all(answers);
    expect(outcomes).toEqual(Array.from({ length: 100 }, (_, n) => ({ enrollmentId: `e${n}` })));
  });

  it("serves so many sections at once and lets none starve", async () => {
    const { batches, run } = manual();
    const queue = new EnrollQueue(client, 1, run);
    const answers = [queue.add(request(1, "a")), queue.add(request(2, "a")), queue.add(request(3, "b"))];
    expect(batches).toHaveLength(1);
    batches[0]?.end();
    await vi.waitFor(() => expect(batches).toHaveLength(2));
    expect(batches[1]?.section).toBe("b");
    batches[1]?.end();
    await vi.waitFor(() => expect(batches).toHaveLength(3));
    batches[2]?.end();
    await Promise.all(answers);
  });

  it("decides one by one when a batch fails, so that one request fails alone", async () => {
    const run = vi.fn(async (_section: string, requests: readonly EnrollRequest[]) => {
      if (requests.some(({ enrollmentId }) => enrollmentId === "e2")) throw new Error("a bad row");
      return ok(requests);
    });
    const queue = new EnrollQueue(client, 1, run);
    const results = await Promise.allSettled([1, 2, 3].map((n) => queue.add(request(n))));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  it("tries a lone request again after a deadlock, and answers 503 when that does not pass", async () => {
    const deadlock = Object.assign(new Error("deadlock"), {
      meta: { driverAdapterError: { cause: { code: "40P01" } } },
    });
    const passing = vi.fn(async (_: string, requests: readonly EnrollRequest[]) => {
      if (passing.mock.calls.length === 1) throw deadlock;
      return ok(requests);
    });
    await expect(new EnrollQueue(client, 1, passing).add(request(1))).resolves.toEqual({ enrollmentId: "e1" });
    const lasting = vi.fn(async () => Promise.reject(deadlock));
    await expect(new EnrollQueue(client, 1, lasting).add(request(1))).rejects.toMatchObject({ code: "unavailable" });
    expect(lasting).toHaveBeenCalledTimes(3);
  });

  it.each([
    ["refuses connections", Object.assign(new Error("gone"), { code: "ECONNREFUSED" })],
    ["has no connection free", new Error("timeout exceeded when trying to connect")],
    ["hung up", new Error("Connection terminated unexpectedly")],
    ["is being stopped", rawFailure("57P01")],
    ["gave a statement up", rawFailure("57014")],
  ])("stops asking a database that %s and answers 503 with Retry-After to all", async (_how, failure) => {
    const run = vi.fn(async () => Promise.reject(failure));
    const queue = new EnrollQueue(client, 1, run);
    const answers = Array.from({ length: 41 }, (_, n) => queue.add(request(n)));
    for (const result of await Promise.allSettled(answers)) {
      expect(result).toMatchObject({ status: "rejected", reason: { code: "unavailable", retryAfterSeconds: 2 } });
    }
    expect(run.mock.calls.length).toBeLessThan(5);
  });

  it("sends requests away when the queue is full, and keeps those that wait", async () => {
    const { batches, run } = manual();
    const queue = new EnrollQueue(client, 1, run);
    const answers = Array.from({ length: MAX_WAITING_SECTION + 1 }, (_, n) => queue.add(request(n)));
    await expect(queue.add(request(9_999))).rejects.toMatchObject({ code: "unavailable", retryAfterSeconds: 2 });
    for (let n = 0; n * MAX_BATCH < MAX_WAITING_SECTION + MAX_BATCH; n++) {
      await vi.waitFor(() => expect(batches.length).toBeGreaterThan(n));
      batches[n]?.end();
    }
    expect(await Promise.all(answers)).toHaveLength(MAX_WAITING_SECTION + 1);
  });

  it("answers 503 to a request that waited too long, without deciding it", async () => {
    const { batches, run } = manual();
    const queue = new EnrollQueue(client, 1, run, 20);
    const running = queue.add(request(1));
    await expect(queue.add(request(2))).rejects.toMatchObject({ code: "unavailable" });
    batches[0]?.end();
    await running;
    expect(batches).toHaveLength(1);
  });
});
