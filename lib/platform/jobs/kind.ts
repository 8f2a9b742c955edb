import type { z } from "zod";

/** The schema of the database in which graphile-worker keeps its tables. */
export const JOBS_SCHEMA = "graphile_worker";

/** What can be asked for: known to who adds a job and to the worker that does it. */
export type JobKind<P> = {
  /** Lower case with hyphens; it stands in metrics and in rows, so it stays as it is. */
  name: string;
  payload: z.ZodType<P>;
  /** How often it is begun before it counts as failed for good. */
  maxAttempts: number;
};

export type JobContext = {
  /** Aborted when the worker stops: finish what is in flight and return. */
  signal: AbortSignal;
  /** Says that work moved; a job that says nothing for five minutes ends the process, and another worker begins it again. */
  onProgress(): void;
  /** When this run fails the job has failed for good. */
  isLastAttempt: boolean;
};

/** A kind with what does it; made by `task`. */
export type Task = {
  name: string;
  maxAttempts: number;
  /** Minutes at which it is added, as a cron expression in UTC; its payload is then `{}`. One worker at a time runs it. */
  schedule?: string;
  run(payload: unknown, context: JobContext): Promise<void>;
};

/**
 * Joins a kind and its handler. A job runs at least once, and once more after a worker that died: a handler must come out
 * right when part of its work is done already. What it throws is tried again later, after a longer pause each time.
 */
export function task<P>(
  kind: JobKind<P>,
  run: (payload: P, context: JobContext) => Promise<void>,
  { schedule }: { schedule?: string } = {},
): Task {
  return {
    name: kind.name,
    maxAttempts: kind.maxAttempts,
    ...(schedule === undefined ? {} : { schedule }),
    run: (payload, context) => run(kind.payload.parse(payload), context),
  };
}
