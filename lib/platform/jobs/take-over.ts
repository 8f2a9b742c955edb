import type { Db } from "../db/client";
import { READER_LOCK_CLASS, type LockSession } from "../events/lock-session";

/** So long a new worker may take to hold its lock. */
const GRACE_SECONDS = 10;
const PREFIX = "job-worker:";

/**
 * Says that these workers of this process live: each holds a session lock of its name, which the server frees the moment
 * the process dies. To be called again and again, since a connection may be lost.
 */
export async function holdWorkers(session: LockSession, workers: Iterable<string>): Promise<void> {
  for (const worker of workers) if (!session.isHeld(PREFIX + worker)) await session.tryHold(PREFIX + worker);
}

/** Gives the locks of workers back that have ended. */
export async function releaseWorkers(session: LockSession, workers: Iterable<string>): Promise<void> {
  for (const worker of workers) await session.release(PREFIX + worker);
}

/**
 * Sets free the jobs of workers that nobody holds, except `own`: they run again at once, instead of after the four hours
 * that graphile-worker waits. A process that lost its session but lives on may then run a job beside the one that took it
 * over; handlers allow for that. Returns the workers that were found dead.
 */
export async function takeOverJobs(client: Db, own: Iterable<string>): Promise<string[]> {
  const dead = await client.$queryRaw<{ worker: string }[]>`
    WITH held AS (
      SELECT objid FROM pg_locks
      WHERE locktype = 'advisory' AND granted AND classid = ${READER_LOCK_CLASS}::int::oid
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )
    SELECT DISTINCT j.locked_by AS worker FROM graphile_worker.jobs j
    WHERE j.locked_by IS NOT NULL AND j.locked_at < clock_timestamp() - make_interval(secs => ${GRACE_SECONDS}::int)
      AND NOT j.locked_by = ANY(${[...own]}::text[])
      AND NOT EXISTS (
        SELECT 1 FROM held WHERE held.objid = (hashtext(${PREFIX}::text || j.locked_by)::bigint & 4294967295)::oid
      )`;
  const workers = dead.map(({ worker }) => worker);
  if (workers.length > 0)
    await client.$queryRaw`SELECT graphile_worker.force_unlock_workers(${workers}::text[])::text AS done`;
  return workers;
}
