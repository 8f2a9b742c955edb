import type { Db, Tx } from "../db/client";
import type { JobKind } from "./kind";

export type JobOptions = {
  /** Not before this; without it now. */
  runAt?: Date;
  /** Jobs of one queue run one after another, over all workers. */
  queue?: string;
};

/**
 * Adds a job and returns its id. In a transaction it is there if and only if that commits. It notifies the workers, which
 * makes commits wait for each other: never in a transaction that enrolls or marks; there an event and its consumer do it.
 * Throws when the payload does not fit the kind.
 */
export async function addJob<P>(
  tx: Tx | Db,
  { name, payload: schema, maxAttempts }: JobKind<P>,
  payload: P,
  { runAt, queue }: JobOptions = {},
): Promise<string> {
  const json = JSON.stringify(schema.parse(payload));
  const rows = await tx.$queryRaw<{ id: string | null }[]>`
    SELECT (graphile_worker.add_job(${name}::text, payload => ${json}::json, queue_name => ${queue ?? null}::text,
      run_at => ${runAt ?? null}::timestamptz, max_attempts => ${maxAttempts}::int
    )).id::text AS id`;
  const [job] = rows;
  if (!job || job.id === null) throw new Error(`the job ${name} was not added`);
  return job.id;
}

/**
 * Whether a job of this kind waits or runs. No job keys for that: a second job of a key marks one that runs as failed for
 * good, so that it would not come back after its worker died.
 */
export async function hasJob(client: Db, { name }: { name: string }): Promise<boolean> {
  const [row] = await client.$queryRaw<{ has: boolean }[]>`
    SELECT EXISTS (
      SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = ${name} AND attempts < max_attempts
    ) AS has`;
  return row?.has === true;
}

/** Which of these jobs will never run again: they are gone, or failed for good. One that runs now is not among them. */
export async function jobsThatEnded(client: Db, jobIds: readonly string[]): Promise<Set<string>> {
  const rows = await client.$queryRaw<{ id: string }[]>`
    SELECT asked.id FROM unnest(${[...jobIds]}::text[]) AS asked(id)
    LEFT JOIN graphile_worker.jobs j ON j.id = asked.id::bigint
    WHERE j.id IS NULL OR (j.attempts >= j.max_attempts AND j.locked_at IS NULL)`;
  return new Set(rows.map(({ id }) => id));
}
