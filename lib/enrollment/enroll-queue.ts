import type { Db } from "@/lib/platform/db";
import { databaseDown, isDatabaseDown, isStatementCancelled } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { errorForLog, log } from "@/lib/platform/log";
import { counter } from "@/lib/platform/metrics";
import { singleton } from "@/lib/platform/singleton";
import { AppError } from "@/lib/shared/errors";
import { enrollBatch, type EnrollOutcome, type EnrollRequest } from "./enroll-batch";

/** Requests of one section that share a transaction at most. */
export const MAX_BATCH = 64;
/** Requests that wait for one section, and for all of them, in this process; more are sent away with 503. */
export const MAX_WAITING_SECTION = 2_000;
export const MAX_WAITING = 20_000;
const MAX_WAIT_MS = 10_000;
const MAX_TRIES = 3;

type Waiting = EnrollRequest & {
  resolve: (outcome: EnrollOutcome) => void;
  reject: (error: unknown) => void;
  timer: NodeJS.Timeout;
};
type RunBatch = typeof enrollBatch;

/**
 * The short queues of this process, one a section: what waits while a transaction for the section runs goes together
 * into the next one. A request alone is never delayed. Between processes the section's lock decides.
 */
export class EnrollQueue {
  private readonly sections = new Map<string, Waiting[]>();
  private readonly ready: string[] = [];
  private waiting = 0;
  private running = 0;

  constructor(
    private readonly client: Db,
    /** Sections served at once. Below the size of the connection pool, so that reading goes on meanwhile. */
    private readonly maxRunning: number,
    private readonly run: RunBatch = enrollBatch,
    private readonly maxWaitMs = MAX_WAIT_MS,
  ) {}

  /** The outcome of a request, or an `unavailable` error when the queue is full or the wait too long. */
  add(request: EnrollRequest): Promise<EnrollOutcome> {
    const queue = this.sections.get(request.sectionId);
    if (this.waiting >= MAX_WAITING || (queue && queue.length >= MAX_WAITING_SECTION))
      return Promise.reject(busy("Too many requests are waiting. Try again in a moment."));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.giveUp(entry), this.maxWaitMs);
      const entry: Waiting = { ...request, resolve, reject, timer };
      this.waiting++;
      if (queue) {
        queue.push(entry);
      } else {
        this.sections.set(request.sectionId, [entry]);
        this.ready.push(request.sectionId);
        this.serve();
      }
    });
  }

  private giveUp(entry: Waiting): void {
    const queue = this.sections.get(entry.sectionId);
    const index = queue?.indexOf(entry) ?? -1;
    if (!queue || index < 0) return;
    queue.splice(index, 1);
    this.waiting--;
    entry.reject(busy("The queue is long. Nothing was changed; try again in a moment."));
  }

  private serve(): void {
    while (this.running < this.maxRunning) {
      const sectionId = this.ready.shift();
      if (sectionId === undefined) return;
      this.running++;
      void this.serveOnce(sectionId);
    }
  }

  private async serveOnce(sectionId: string): Promise<void> {
    const queue = this.sections.get(sectionId) ?? [];
    const batch = queue.splice(0, MAX_BATCH);
    this.waiting -= batch.length;
    for (const entry of batch) clearTimeout(entry.timer);
    if (batch.length > 0) await this.decide(sectionId, batch);
    this.running--;
    if (queue.length === 0) this.sections.delete(sectionId);
    else this.ready.push(sectionId); // to the end: a hot section does not starve the others
    this.serve();
  }

  /** Answers every request of a batch; never throws. When the batch fails its requests go one by one. */
  private async decide(sectionId: string, batch: readonly Waiting[]): Promise<void> {
    try {
      answer(batch, await this.run(sectionId, batch, this.client));
    } catch (error) {
      if (batch.length > 1) {
        log().warn({ sectionId, requests: batch.length, err: errorForLog(error) }, "enroll batch failed, one by one");
        counter("campus_enrollment_batch_failures_total", "Batches that were decided one by one", []).inc();
      }
      await this.decideEach(sectionId, batch, batch.length > 1 ? null : error);
    }
  }

  private async decideEach(sectionId: string, batch: readonly Waiting[], failure: unknown): Promise<void> {
    let down: unknown = null;
    for (const entry of batch) {
      if (down) {
        entry.reject(databaseDown(down));
        continue;
      }
      try {
        answer([entry], await this.tryAlone(sectionId, entry, failure));
      } catch (error) {
        if (isAway(error)) down = error;
        entry.reject(
          down
            ? databaseDown(down)
            : isPassing(error)
              ? busy("The section is very busy. Try again in a moment.", error)
              : error,
        );
      }
    }
  }

  /** Tries a request by itself, again when the failure is one that passes; `failure` is that of a try already made. */
  private async tryAlone(sectionId: string, entry: Waiting, failure: unknown): Promise<EnrollOutcome[]> {
    let last = failure;
    for (let tries = failure ? 1 : 0; tries < MAX_TRIES; tries++) {
      if (last && !isPassing(last)) throw last;
      try {
        return await this.run(sectionId, [entry], this.client);
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }
}

/** The queues of this process for a database. */
export function enrollQueue(client: Db): EnrollQueue {
  const queues = singleton("enrollment.queues", () => new WeakMap<Db, EnrollQueue>());
  const existing = queues.get(client);
  if (existing) return existing;
  const made = new EnrollQueue(client, Math.max(1, Math.floor(env().DATABASE_POOL_SIZE * 0.6)));
  queues.set(client, made);
  return made;
}

function answer(batch: readonly Waiting[], outcomes: readonly EnrollOutcome[]): void {
  batch.forEach((entry, index) => {
    const outcome = outcomes[index];
    if (outcome) entry.resolve(outcome);
    else entry.reject(new Error("enroll batch: a request without an outcome"));
  });
}

/** Deadlock, serialization failure, lock time-out: the transaction was rolled back and may be tried again as it is. */
function isPassing(error: unknown): boolean {
  if (error instanceof AppError) return false;
  return codesOf(error).some((code) => ["40P01", "40001", "55P03", "P2034"].includes(code));
}

/** The database is away, or so slow that it gave a statement up. */
function isAway(error: unknown): boolean {
  return isDatabaseDown(error) || isStatementCancelled(error);
}

function codesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== "object" || error === null || depth > 4) return [];
  return Object.entries(error).flatMap(([key, value]) =>
    (key === "code" || key === "originalCode") && typeof value === "string" ? [value] : codesOf(value, depth + 1),
  );
}

function busy(detail: string, cause?: unknown): AppError {
  return new AppError("unavailable", { detail, retryAfterSeconds: 2, ...(cause === undefined ? {} : { cause }) });
}
