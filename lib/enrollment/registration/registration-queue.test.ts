import { describe, expect, it, vi } from "vitest";
import type { Db } from "@/lib/platform/db/client";
import type { RegistrationOutcome, RegistrationRequest } from "./decide";
import { type Locked, SeatsMoved } from "./registration-batch";
import { MAX_BATCH, MAX_WAITING_SECTION, MAX_WAITING_STUDENT, RegistrationQueue } from "./registration-queue";

const client = {} as Db;
const request = (n: number, sectionId = "a", student = `u${n}`): RegistrationRequest => ({
  kind: "enroll",
  ctx: {
    actor: { userId: student, schoolId: "s", roles: ["STUDENT"], sessionId: "x" },
    requestId: "r",
    now: new Date(),
    source: "api",
  },
  sectionId,
  enrollmentId: `e${n}`,
});
type Requests = readonly RegistrationRequest[];
const ok = (requests: Requests): RegistrationOutcome[] => requests.map(({ enrollmentId }) => ({ enrollmentId }));
const many = (count: number, sectionOf: (n: number) => string = () => "a") =>
  Array.from({ length: count }, (_, n) => request(n, sectionOf(n)));

/** A batch runner whose batches end when the test says so. */
function manual(outcomesOf: (requests: Requests) => (RegistrationOutcome | Locked)[] = ok) {
  const batches: { ids: string[]; wait: boolean; end: () => void }[] = [];
  const run = (requests: Requests, { wait }: { wait: boolean }) =>
    new Promise<(RegistrationOutcome | Locked)[]>((resolve) => {
      const ids = requests.map(({ enrollmentId }) => enrollmentId);
      batches.push({ ids, wait, end: () => resolve(wait ? ok(requests) : outcomesOf(requests)) });
    });
  const ended = async (count: number) => {
    await vi.waitFor(() => expect(batches.length).toBeGreaterThanOrEqual(count));
    batches[count - 1]?.end();
  };
  return { batches, run, ended };
}

/** How Prisma hands on what the database said to a raw statement. */
function rawFailure(sqlState: string): Error {
  const cause = { originalCode: sqlState, kind: "postgres" };
  const driverAdapterError = Object.assign(new Error("postgres"), { name: "DriverAdapterError", cause });
  return Object.assign(new Error("Raw query failed"), { code: "P2010", meta: { driverAdapterError } });
}

describe("RegistrationQueue", () => {
  it("runs a lone request at once, and those of any section that came meanwhile together", async () => {
    const { batches, run, ended } = manual();
    const queue = new RegistrationQueue(client, 4, run);
    const answers = many(40, (n) => `s${n}`).map((each) => queue.add(each));
    expect(batches.map(({ ids }) => ids)).toEqual([["e0"], ["e1"]]); // two transactions at once
    await ended(1);
    await vi.waitFor(() => expect(batches).toHaveLength(3));
    expect(batches[2]?.ids).toHaveLength(38);
    await ended(2);
    await ended(3);
    expect(await Promise.all(answers)).toEqual(ok(many(40)));
  });

  it("takes at most so many into one transaction, and each section in turn: a hot one starves nobody", async () => {
    const { batches, run, ended } = manual();
    const queue = new RegistrationQueue(client, 1, run);
    const first = queue.add(request(9_000));
    const answers = many(MAX_BATCH + 50).map((each) => queue.add(each)); // all of one section, which is busy
    const others = [request(1_000, "b"), request(1_001, "c")].map((each) => queue.add(each));
    expect(batches.map(({ ids }) => ids)).toEqual([["e9000"], ["e1000"]]);
    await ended(1);
    await vi.waitFor(() => expect(batches).toHaveLength(3));
    expect(batches[2]?.ids).toHaveLength(MAX_BATCH);
    expect(batches[2]?.ids).toContain("e1001");
    for (const count of [2, 3, 4]) await ended(count);
    expect(await Promise.all([first, ...answers, ...others])).toHaveLength(MAX_BATCH + 53);
  });

  it("keeps the order of a section, and has one request of a student in work at a time", async () => {
    const { batches, run, ended } = manual();
    const queue = new RegistrationQueue(client, 1, run);
    const answers = [request(1, "a", "ann"), request(2, "b", "ann"), request(3, "b", "ben"), request(4, "b", "cy")].map(
      (each) => queue.add(each),
    );
    expect(batches.map(({ ids }) => ids)).toEqual([["e1"], ["e3"]]);
    await ended(2);
    await vi.waitFor(() => expect(batches).toHaveLength(3));
    expect(batches[2]?.ids).toEqual(["e4"]);
    await ended(1);
    await ended(3);
    await vi.waitFor(() => expect(batches).toHaveLength(4));
    expect(batches[3]?.ids).toEqual(["e2"]);
    await ended(4);
    await Promise.all(answers);
  });

  it("gives a section that somebody holds a transaction of its own, which waits, and lets the others go on", async () => {
    const { batches, run, ended } = manual((requests) =>
      requests.map(({ sectionId, enrollmentId }) => (sectionId === "held" ? { locked: true } : { enrollmentId })),
    );
    const queue = new RegistrationQueue(client, 1, run);
    const held = [request(1, "held"), request(2, "held")].map((each) => queue.add(each));
    await ended(1);
    await vi.waitFor(() => expect(batches).toHaveLength(2));
    expect(batches[1]).toMatchObject({ ids: ["e1", "e2"], wait: true });
    const other = queue.add(request(3, "free"));
    await ended(3);
    expect(batches[2]).toMatchObject({ ids: ["e3"], wait: false });
    await expect(other).resolves.toEqual({ enrollmentId: "e3" });
    await ended(2);
    expect(await Promise.all(held)).toEqual(ok([request(1), request(2)]));
    // Nobody waits for it any more: it is tried with the others again.
    const later = queue.add(request(4, "held"));
    await vi.waitFor(() => expect(batches).toHaveLength(4));
    expect(batches[3]).toMatchObject({ ids: ["e4"], wait: false });
    await ended(4);
    await ended(5);
    await later;
  });

  it("halves a batch that fails until the culprit stands alone", async () => {
    const run = vi.fn(async (requests: Requests) => {
      if (requests.some(({ enrollmentId }) => enrollmentId === "e21")) throw new Error("a bad row");
      return ok(requests);
    });
    const queue = new RegistrationQueue(client, 1, run);
    const results = await Promise.allSettled(many(40).map((each) => queue.add(each)));
    expect(results.flatMap(({ status }, n) => (status === "rejected" ? [n] : []))).toEqual([21]);
    expect(run.mock.calls.length).toBeLessThan(16);
  });

  it.each([
    ["a deadlock", rawFailure("40P01")],
    ["seats that moved", new SeatsMoved()],
  ])("tries a lone request again after %s, and answers 503 when that does not pass", async (_what, failure) => {
    const passing = vi.fn(async (requests: Requests) => {
      if (passing.mock.calls.length === 1) throw failure;
      return ok(requests);
    });
    await expect(new RegistrationQueue(client, 1, passing).add(request(1))).resolves.toEqual({ enrollmentId: "e1" });
    const lasting = vi.fn(async () => Promise.reject(failure));
    await expect(new RegistrationQueue(client, 1, lasting).add(request(1))).rejects.toMatchObject({
      code: "unavailable",
    });
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
    const queue = new RegistrationQueue(client, 1, run);
    for (const result of await Promise.allSettled(many(41).map((each) => queue.add(each)))) {
      expect(result).toMatchObject({ status: "rejected", reason: { code: "unavailable", retryAfterSeconds: 2 } });
    }
    expect(run.mock.calls.length).toBeLessThan(5);
  });

  it("stops at the first half that finds the database away", async () => {
    const run = vi.fn(async (requests: Requests) => {
      if (requests.length === 1 && run.mock.calls.length === 1) return ok(requests);
      throw run.mock.calls.length < 4 ? new Error("a bad row") : rawFailure("57P01");
    });
    const queue = new RegistrationQueue(client, 1, run);
    const results = await Promise.allSettled(many(64).map((each) => queue.add(each)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(results.at(-1)).toMatchObject({ status: "rejected", reason: { code: "unavailable" } });
    expect(run.mock.calls.length).toBe(4);
  });

  it("lets one student who presses without end keep nobody else from a section", async () => {
    const { batches, run, ended } = manual();
    const queue = new RegistrationQueue(client, 1, run);
    const flood = Array.from({ length: MAX_WAITING_STUDENT + 1 }, (_, n) => queue.add(request(n, "a", "one")));
    await expect(queue.add(request(99, "b", "one"))).rejects.toMatchObject({ code: "unavailable" });
    const other = queue.add(request(100));
    await ended(1);
    await vi.waitFor(() => expect(batches).toHaveLength(2));
    expect(batches[1]?.ids).toEqual(["e1", "e100"]);
    await ended(2);
    await expect(other).resolves.toEqual({ enrollmentId: "e100" });
    for (let count = 3; count <= flood.length; count++) await ended(count);
    expect(await Promise.all(flood)).toHaveLength(MAX_WAITING_STUDENT + 1);
  });

  it("sends requests away when the queue is full, and keeps those that wait", async () => {
    const { batches, run, ended } = manual();
    const queue = new RegistrationQueue(client, 1, run);
    const answers = many(MAX_WAITING_SECTION + 1).map((each) => queue.add(each));
    await expect(queue.add(request(9_999))).rejects.toMatchObject({ code: "unavailable", retryAfterSeconds: 2 });
    for (let count = 1; batches.flatMap(({ ids }) => ids).length <= MAX_WAITING_SECTION; count++) await ended(count);
    await ended(batches.length);
    expect(await Promise.all(answers)).toHaveLength(MAX_WAITING_SECTION + 1);
  });

  it("answers 503 to a request that waited too long, without deciding it, also when it was tried once", async () => {
    const { batches, run } = manual(() => [{ locked: true }]);
    const queue = new RegistrationQueue(client, 1, run, 20);
    const tried = queue.add(request(1));
    const late = expect(queue.add(request(2))).rejects.toMatchObject({ code: "unavailable" });
    await late;
    batches[0]?.end();
    await expect(tried).rejects.toMatchObject({ code: "unavailable" });
    expect(batches).toHaveLength(1);
  });
});
