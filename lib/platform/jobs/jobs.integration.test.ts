import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { transaction } from "@/lib/platform/db/client";
import { LockSession, READER_LOCK_CLASS } from "@/lib/platform/events/lock-session";
import { advisoryLocks } from "@/tests/support/advisory-locks";
import { testDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { addJob, hasJob } from "./add-job";
import { task, type JobKind, type Task } from "./kind";
import { runJobs } from "./run-jobs";
import { takeOverJobs } from "./take-over";
import { deleteFailedJobs, recordWaitingJobs } from "./waiting-jobs";
import { metrics } from "../runtime/metrics";

const { prisma: client, pool, url } = await testDatabase();
const kind: JobKind<{ n: number }> = { name: "test-count", payload: z.object({ n: z.number() }), maxAttempts: 1 };

/** Runs a worker with these tasks beside `test`, and drains it. */
async function withWorker(tasks: readonly Task[], test: () => Promise<unknown>): Promise<void> {
  const session = new LockSession(url);
  const stop = new AbortController();
  const worker = runJobs(
    { tasks, client, session, connectionString: url, eachRound: () => Promise.resolve(), pollMs: 200 },
    { signal: stop.signal, onProgress: () => {} },
  );
  try {
    await test();
  } finally {
    stop.abort();
    await worker;
    await session.close();
  }
}

const jobs = async () =>
  (
    await pool.query<{ task: string; attempts: number }>(
      `SELECT task_identifier AS task, attempts FROM graphile_worker.jobs`,
    )
  ).rows;

beforeEach(async () => {
  await pool.query("DELETE FROM graphile_worker._private_jobs");
  metrics().resetMetrics();
});

describe("jobs", () => {
  it("are there if and only if the transaction that adds them commits", async () => {
    await expect(
      transaction(async (tx) => {
        await addJob(tx, kind, { n: 1 });
        throw new Error("no");
      }, client),
    ).rejects.toThrow("no");
    expect(await jobs()).toEqual([]);
    await expect(addJob(client, kind, { n: NaN })).rejects.toThrow(/expected number/);
    const seen: number[] = [];
    await withWorker([task(kind, async ({ n }) => void seen.push(n))], async () => {
      await transaction((tx) => addJob(tx, kind, { n: 2 }), client);
      await eventually(() => seen.length > 0);
      await eventually(async () => (await jobs()).length === 0);
    });
    expect(seen).toEqual([2]);
  });

  it("of one queue run one after another", async () => {
    await addJob(client, kind, { n: 1 }, { runAt: new Date(Date.now() + 3_600_000) });
    await addJob(client, kind, { n: 2 });
    for (const n of [3, 4, 5]) await addJob(client, kind, { n }, { queue: "line" });
    let inLine = 0;
    let most = 0;
    const seen: number[] = [];
    const run = async ({ n }: { n: number }) => {
      if (n > 2) most = Math.max(most, (inLine += 1));
      await pool.query("SELECT pg_sleep(0.05)");
      if (n > 2) inLine -= 1;
      seen.push(n);
    };
    await withWorker([task(kind, run)], () => eventually(() => seen.length >= 4, { timeoutMs: 25_000 }));
    expect(seen.toSorted()).toEqual([2, 3, 4, 5]);
    expect(most).toBe(1);
    expect(await hasJob(client, kind)).toBe(true); // the one of the next hour
    await pool.query("DELETE FROM graphile_worker._private_jobs");
    expect(await hasJob(client, kind)).toBe(false);
  });

  it("that run when the worker stops are finished first", async () => {
    await addJob(client, kind, { n: 1 });
    let began = false;
    const done: string[] = [];
    const run = async (_: unknown, { signal }: { signal: AbortSignal }) => {
      began = true;
      await eventually(() => signal.aborted);
      done.push("finished");
    };
    await withWorker([task(kind, run)], () => eventually(() => began));
    expect(done).toEqual(["finished"]);
    expect(await jobs()).toEqual([]);
  });

  it("that fail for good are counted, and deleted after 30 days", async () => {
    await addJob(client, kind, { n: 1 });
    await withWorker([task(kind, () => Promise.reject(new Error("no luck")))], () =>
      eventually(async () => (await jobs()).some(({ attempts }) => attempts === 1)),
    );
    await recordWaitingJobs(client, [kind.name]);
    const text = await metrics().metrics();
    expect(text).toContain('campus_jobs_total{task="test-count",outcome="failed"} 1');
    expect(text).toContain('campus_jobs_failed{task="test-count"} 1');
    const { signal } = new AbortController();
    const days = (n: number) => new Date(Date.now() + n * 86_400_000);
    expect(await deleteFailedJobs(client, { now: days(29), signal })).toBe(0);
    expect(await deleteFailedJobs(client, { now: days(31), signal })).toBe(1);
    expect(await jobs()).toEqual([]);
  });

  it("of a worker that lives are nobody else's", async () => {
    await addJob(client, kind, { n: 1 });
    let isOver = false;
    let began = false;
    const run = async () => {
      began = true;
      await eventually(() => isOver, { timeoutMs: 30_000 });
    };
    await withWorker([task(kind, run)], async () => {
      await eventually(() => began);
      await eventually(async () => {
        const held = await advisoryLocks(pool, { isGranted: true, classes: [READER_LOCK_CLASS, READER_LOCK_CLASS] });
        return held.length === 1;
      });
      // As if it ran for an hour.
      await pool.query("UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '1 hour'");
      expect(await takeOverJobs(client, [])).toEqual([]);
      isOver = true;
    });
    await addJob(client, kind, { n: 2 });
    await pool.query(
      "UPDATE graphile_worker._private_jobs SET locked_by = 'worker-dead', locked_at = now() - interval '1 hour'",
    );
    expect(await takeOverJobs(client, ["worker-dead"])).toEqual([]);
    expect(await takeOverJobs(client, [])).toEqual(["worker-dead"]);
    expect(await takeOverJobs(client, [])).toEqual([]);
  });
});
