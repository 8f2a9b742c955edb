import type { Db } from "@/lib/platform/db/client";
import { databaseDown, isDatabaseDown, isStatementCancelled } from "@/lib/platform/db/client";
import { inProgress, isSameBody, keyReused, type OwnCall } from "@/lib/platform/idempotency/kept-answers";
import { env } from "@/lib/platform/runtime/env";
import { errorForLog, log } from "@/lib/platform/runtime/log";
import { counter } from "@/lib/platform/runtime/metrics";
import { singleton } from "@/lib/platform/runtime/singleton";
import { AppError } from "@/lib/shared/errors";
import type { RegistrationOutcome, RegistrationRequest } from "./decide";
import { type Locked, registrationBatch, SeatsMoved } from "./registration-batch";
import { Waitlines, type Waiting } from "./waitlines";
import { say, type Sentence } from "@/lib/shared/say";

/** Requests that share a transaction at most. */
export const MAX_BATCH = 256;
/** Requests that wait for one section, and for all of them, in this process; more are sent away with 503. */
export const MAX_WAITING_SECTION = 2_000;
export const MAX_WAITING = 20_000;
/** Of one student: more than anybody presses, and too few to fill a line with. */
export const MAX_WAITING_STUDENT = 50;
/** Less than a request has: who waited in vain is told that nothing was changed. */
const MAX_WAIT_MS = 8_000;
const MAX_TRIES = 3;
/** Two, so that one decides while the other commits. */
const SHARED_AT_ONCE = 2;

type RunBatch = typeof registrationBatch;

/**
 * The queue of this process for all sections: what waits when a transaction ends goes together into the next one, whatever
 * its section. Whoever is alone is never delayed; a hot section takes its turns with the others; a student has one request
 * in work at a time.
 *
 * A section that another transaction holds (another process, an import) leaves the shared transactions and gets one of its
 * own, which waits for the lock, until nobody waits for it any more: the others never wait with it.
 */
export class RegistrationQueue {
  private readonly lines = new Waitlines();
  private readonly running = { shared: 0, own: 0 };
  /** Of calls that have no answer yet, by person, route and key. */
  private readonly keys = new Map<string, OwnCall>();

  constructor(
    private readonly client: Db,
    /** Sections held by others that are waited for at once. Leaves connections of the pool for reading. */
    private readonly ownAtOnce: number,
    private readonly run: RunBatch = registrationBatch,
    private readonly maxWaitMs = MAX_WAIT_MS,
  ) {}

  /**
   * The outcome of a request, or an `unavailable` error when the queue is full or the wait too long. While a call with the
   * same key waits here, `idempotency_in_progress` (or `idempotency_key_reused`, with another body).
   */
  add(request: RegistrationRequest): Promise<RegistrationOutcome> {
    const { keyed } = request;
    if (!keyed) return this.line(request);
    const name = JSON.stringify([keyed.call.userId, keyed.call.route, keyed.call.key]);
    const first = this.keys.get(name);
    if (first) return Promise.reject(isSameBody(first, keyed.call) ? inProgress() : keyReused());
    this.keys.set(name, keyed.call);
    return this.line(request).finally(() => this.keys.delete(name));
  }

  private line(request: RegistrationRequest): Promise<RegistrationOutcome> {
    const isFull =
      this.lines.size >= MAX_WAITING ||
      this.lines.sizeOf(request.sectionId) >= MAX_WAITING_SECTION ||
      this.lines.sizeOfStudent(request.ctx.actor.userId) >= MAX_WAITING_STUDENT;
    if (isFull) return Promise.reject(busy(say("detail.manyWaiting")));
    const { promise, resolve, reject } = Promise.withResolvers<RegistrationOutcome>();
    const timer = setTimeout(() => {
      entry.isLate = true;
      if (this.lines.remove(entry)) entry.reject(tooLate());
    }, this.maxWaitMs);
    const entry: Waiting = { request, resolve, reject, isLate: false };
    this.lines.add(entry);
    this.serve();
    return promise.finally(() => clearTimeout(timer));
  }

  private serve(): void {
    while (this.running.shared < SHARED_AT_ONCE) {
      const batch = this.lines.takeShared(MAX_BATCH);
      if (batch.length === 0) break;
      void this.serveOnce("shared", batch);
    }
    while (this.running.own < this.ownAtOnce) {
      const batch = this.lines.takeOwn(MAX_BATCH);
      if (batch.length === 0) break;
      void this.serveOnce("own", batch);
    }
  }

  private async serveOnce(lane: "shared" | "own", batch: readonly Waiting[]): Promise<void> {
    this.running[lane]++;
    counter("campus_enrollment_batches_total", "Transactions of the registration queue", ["lane"]).inc({ lane });
    const locked = await this.decide(batch, lane === "own");
    this.running[lane]--;
    for (const entry of locked) if (entry.isLate) entry.reject(tooLate());
    this.lines.done(
      batch,
      locked.filter((entry) => !entry.isLate),
    );
    this.serve();
  }

  /**
   * Answers every request of a batch but those that are locked, which it returns; never throws. A batch that fails is
   * halved until the culprit stands alone; but not when the database went away meanwhile: the batch may have been
   * committed, and who is enrolled already would be refused.
   */
  private async decide(batch: readonly Waiting[], wait: boolean): Promise<Waiting[]> {
    const locked: Waiting[] = [];
    const parts = [batch];
    for (let part = parts.pop(); part; part = parts.pop()) {
      try {
        locked.push(...settle(part, await this.attempt(part, wait)));
      } catch (error) {
        if (isAway(error)) {
          for (const entry of [...part, ...parts.flat()]) entry.reject(databaseDown(error));
          return locked;
        }
        if (part.length === 1) {
          for (const entry of part) entry.reject(answerFor(error));
          continue;
        }
        log().warn({ requests: part.length, err: errorForLog(error) }, "registration batch failed, in halves");
        counter("campus_enrollment_batch_failures_total", "Batches that were decided in halves", []).inc();
        const middle = Math.ceil(part.length / 2);
        parts.push(part.slice(middle), part.slice(0, middle));
      }
    }
    return locked;
  }

  /** One request alone is tried again when the failure is one that passes. */
  private async attempt(batch: readonly Waiting[], wait: boolean): Promise<(RegistrationOutcome | Locked)[]> {
    const requests = batch.map(({ request }) => request);
    for (let tries = 1; ; tries++) {
      try {
        return await this.run(requests, { wait }, this.client);
      } catch (error) {
        if (batch.length > 1 || tries === MAX_TRIES || !isPassing(error)) throw error;
      }
    }
  }
}

/** The queue of this process for a database. */
export function registrationQueue(client: Db): RegistrationQueue {
  const queues = singleton("enrollment.queues", () => new WeakMap<Db, RegistrationQueue>());
  const existing = queues.get(client);
  if (existing) return existing;
  const ownAtOnce = Math.max(1, Math.floor(env().DATABASE_POOL_SIZE * 0.6) - SHARED_AT_ONCE);
  const made = new RegistrationQueue(client, ownAtOnce);
  queues.set(client, made);
  return made;
}

/** Answers the decided ones and returns the locked ones. */
function settle(batch: readonly Waiting[], outcomes: readonly (RegistrationOutcome | Locked)[]): Waiting[] {
  return batch.filter((entry, index) => {
    const outcome = outcomes[index];
    if (outcome && "locked" in outcome) return true;
    if (outcome) entry.resolve(outcome);
    else entry.reject(new Error("registration batch: a request without an outcome"));
    return false;
  });
}

function answerFor(error: unknown): unknown {
  return isPassing(error) ? busy(say("detail.sectionBusy"), error) : error;
}

/** Deadlock, serialization failure, lock time-out, a write beside ours: rolled back, and may be tried again as it is. */
function isPassing(error: unknown): boolean {
  if (error instanceof AppError) return false;
  if (error instanceof SeatsMoved) return true;
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

const tooLate = () => busy(say("detail.queueLong"));

function busy(detail: Sentence, cause?: unknown): AppError {
  return new AppError("unavailable", { detail, retryAfterSeconds: 2, ...(cause === undefined ? {} : { cause }) });
}
