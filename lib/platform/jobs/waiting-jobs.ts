import type { Db } from "../db/client";
import { inBatches, type Removal } from "../db/in-batches";
import { gauge } from "../runtime/metrics";

const FAILED_DAYS = 30;
const BATCH = 1_000;

/** Counts the jobs of each task that are due and not begun, and those that failed for good, as metrics of this process. */
export async function recordWaitingJobs(client: Db, tasks: readonly string[]): Promise<void> {
  const rows = await client.$queryRaw<{ task: string; waiting: number; failed: number }[]>`
    SELECT t.task,
      (count(j.id) FILTER (WHERE j.attempts < j.max_attempts AND j.locked_at IS NULL AND j.run_at <= now()))::int AS waiting,
      (count(j.id) FILTER (WHERE j.attempts >= j.max_attempts AND j.locked_at IS NULL))::int AS failed
    FROM unnest(${[...tasks]}::text[]) AS t(task) LEFT JOIN graphile_worker.jobs j ON j.task_identifier = t.task
    GROUP BY t.task`;
  const waits = gauge("campus_jobs_waiting", "Jobs that are due and not begun", ["task"]);
  const dead = gauge("campus_jobs_failed", "Jobs that failed for good and are kept", ["task"]);
  for (const { task, waiting, failed } of rows) {
    waits.set({ task }, waiting);
    dead.set({ task }, failed);
  }
}

/** Deletes jobs that failed for good 30 days ago; those that are done are gone already. */
export function deleteFailedJobs(client: Db, { now, signal }: Removal): Promise<number> {
  const before = new Date(now.getTime() - FAILED_DAYS * 86_400_000);
  return inBatches(signal, async () => {
    const rows = await client.$queryRaw<{ id: string | null }[]>`
      SELECT (graphile_worker.complete_jobs(ARRAY(
        SELECT id FROM graphile_worker.jobs
        WHERE attempts >= max_attempts AND locked_at IS NULL AND updated_at < ${before} ORDER BY id LIMIT ${BATCH}
      ))).id::text AS id`;
    return rows.length;
  });
}
