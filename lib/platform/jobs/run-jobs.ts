import { EventEmitter } from "node:events";
import { Logger, parseCronItems, run, type Runner, type WorkerEvents } from "graphile-worker";
import pg from "pg";
import { type Db, isDatabaseDown } from "../db/client";
import { Availability } from "../events/availability";
import type { LockSession } from "../events/lock-session";
import { abortableDelay } from "../events/pause";
import type { RoleContext } from "../runtime/lifecycle";
import { errorForLog, log } from "../runtime/log";
import { counter } from "../runtime/metrics";
import { JOBS_SCHEMA, type Task } from "./kind";
import { holdWorkers, releaseWorkers, takeOverJobs } from "./take-over";
import { recordWaitingJobs } from "./waiting-jobs";

/** Jobs of one process at a time: housekeeping goes on beside a long one. */
const CONCURRENCY = 2;
/**
 * A new job is announced; this is for those that fall due, for an announcement that was lost, and for the next job of a
 * queue: graphile-worker looks for it while it is still writing that the one before is done.
 */
const POLL_MS = 5_000;
const ROUND_MS = 5_000;
/** A job that says nothing for so long passes for one that stands still. */
const STILL_MS = 5 * 60_000;
/** The deadline of the process (8 s) decides, not the one of graphile-worker. */
const NEVER_MS = 60_000;

/** What the sessions of processes that work on jobs are called in `pg_stat_activity`. */
const SESSION_NAME = "campusos jobs";

export type JobsOptions = {
  tasks: readonly Task[];
  client: Db;
  session: LockSession;
  connectionString: string;
  /** Called every five seconds while the database answers, for what a process measures. */
  eachRound: () => Promise<void>;
  /** How often jobs that nobody announced are looked for. */
  pollMs?: number;
};

/**
 * Works on jobs until the signal is aborted: as soon as they are added, scheduled ones at their minutes, and those of a
 * worker that died within about 15 s. While the database is away it waits and says so once.
 */
export async function runJobs(options: JobsOptions, context: RoleContext): Promise<void> {
  const availability = new Availability("PostgreSQL (jobs)");
  while (!context.signal.aborted) {
    try {
      await workUntilStopped(options, context, availability);
    } catch (error) {
      if (!isDatabaseDown(error)) throw error;
      availability.isDown(error);
      context.onProgress();
      await abortableDelay(ROUND_MS, context.signal);
    }
  }
}

/** Whether a process works on jobs now. False when that cannot be seen, as for sessions of another database role. */
export async function hasJobWorker(client: Db): Promise<boolean> {
  const [row] = await client.$queryRaw<{ has: boolean }[]>`
    SELECT EXISTS (
      SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = ${SESSION_NAME}
    ) AS has`;
  return row?.has === true;
}

async function workUntilStopped(
  { tasks, client, session, connectionString, eachRound, pollMs = POLL_MS }: JobsOptions,
  { signal, onProgress }: RoleContext,
  availability: Availability,
): Promise<void> {
  const running = new Map<object, number>();
  const workers = new Set<string>();
  const pool = new pg.Pool({ connectionString, max: CONCURRENCY + 2, application_name: SESSION_NAME });
  // graphile-worker connects again by itself; without a listener an idle connection that is lost would end the process.
  const lost = (error: Error) => availability.isDown(error);
  pool.on("error", lost).on("connect", (connection) => connection.on("error", lost));
  const over = new AbortController();
  let runner: Runner | undefined;
  try {
    runner = await run({
      pgPool: pool,
      schema: JOBS_SCHEMA,
      concurrency: CONCURRENCY,
      pollInterval: pollMs,
      gracefulShutdownAbortTimeout: NEVER_MS,
      noHandleSignals: true,
      logger: LOGGER,
      events: eventsOf(workers),
      parsedCronItems: parseCronItems(tasks.flatMap(cronItemOf)),
      taskList: Object.fromEntries(
        tasks.map((task) => [
          task.name,
          async (payload: unknown, { job }: { job: { attempts: number; max_attempts: number } }) => {
            const mine = {};
            const moved = () => void running.set(mine, performance.now());
            moved();
            const isLastAttempt = job.attempts >= job.max_attempts;
            try {
              await task.run(payload, { signal, onProgress: moved, isLastAttempt });
            } finally {
              running.delete(mine);
            }
          },
        ]),
      ),
    });
    const ended = runner.promise.finally(() => over.abort());
    ended.catch(() => {}); // awaited below
    const stop = AbortSignal.any([signal, over.signal]);
    while (!stop.aborted) {
      try {
        await holdWorkers(session, workers);
        const dead = await takeOverJobs(client, workers);
        if (dead.length > 0) log().warn({ workers: dead }, "jobs of workers that died are taken over");
        await recordWaitingJobs(
          client,
          tasks.map(({ name }) => name),
        );
        await eachRound();
        availability.isUp();
      } catch (error) {
        availability.isDown(error);
      }
      const oldest = Math.min(...running.values());
      if (!(performance.now() - oldest > STILL_MS)) onProgress();
      await abortableDelay(ROUND_MS, stop);
    }
    if (over.signal.aborted) await ended;
    else await runner.stop();
  } finally {
    await releaseWorkers(session, workers);
    await pool.end();
  }
}

function cronItemOf({ name, schedule, maxAttempts }: Task) {
  if (schedule === undefined) return [];
  // The queue keeps two from running at a time.
  const options = { queueName: name, maxAttempts, backfillPeriod: 0 };
  return [{ task: name, identifier: name, match: schedule, options }];
}

function eventsOf(workers: Set<string>): WorkerEvents {
  const events: WorkerEvents = new EventEmitter();
  const jobs = counter("campus_jobs_total", "Runs of jobs by how they came out", ["task", "outcome"]);
  // Its name is what stands as `locked_by` in the rows of the jobs that it runs.
  events.on("pool:create", ({ workerPool }) => void workers.add(workerPool.id));
  events.on("job:success", ({ job }) => jobs.inc({ task: job.task_identifier, outcome: "done" }));
  events.on("job:error", ({ job, error }) => {
    const isLast = job.attempts >= job.max_attempts;
    jobs.inc({ task: job.task_identifier, outcome: isLast ? "failed" : "retried" });
    const { id, task_identifier: task, attempts } = job;
    log().error(
      { job: id, task, attempts, error: errorForLog(error) },
      isLast ? "a job failed for good" : "a job failed",
    );
  });
  return events;
}

// What matters of it is said by us, once an outage and once a job, and its texts may hold payloads.
const LOGGER = new Logger(() => (level, message) => {
  if (level === "error" || level === "warning") log().debug({ from: "graphile-worker" }, message);
});
