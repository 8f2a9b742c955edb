import { AppError } from "@/lib/shared/errors";
import { db, isDatabaseDown, transaction, type Db } from "@/lib/platform/db/client";
import { errorForLog, log } from "@/lib/platform/runtime/log";
import { counter, histogram } from "@/lib/platform/runtime/metrics";
import { failAttempt, forgetAttempt, startAttempts, writeInbox, writeInboxes, type StartedAttempt } from "./attempts";
import {
  apart,
  DEFAULT_RETRY_POLICY,
  type AnyConsumer,
  type EventOf,
  type Outcome,
  type RetryPolicy,
} from "./consumer";
import { recordDeadLetter, type DeadLetterSink } from "./dead-letters";

/** How one delivery ended. Only after `retry` the event comes again. */
export type Delivery =
  | { kind: "done" | "duplicate" }
  | { kind: "skip" | "dead"; reason: string }
  | { kind: "retry"; reason: string; afterMs: number };

export type DeliveryOptions = {
  client?: Db;
  now?: () => Date;
  /** Where the event came from, for its dead letter: `log` or `topic[partition]@offset`. */
  origin?: string;
  /** Called before the dead letter is recorded; Kafka sources publish to `<topic>.dlq` here. */
  onDead?: DeadLetterSink;
  /** Handles an event that was set aside before. */
  replay?: boolean;
};

/** Number of the calling process when it takes part in nothing that could die and be noticed (tools, tests). */
const NO_OWNER = 0;

/**
 * Delivers one event to one consumer: counts the attempt, runs the handler in one transaction with the inbox row, and
 * sets the event aside when it is hopeless. Safe to call any number of times, from any number of processes.
 */
export async function deliver(consumer: AnyConsumer, event: EventOf, options: DeliveryOptions = {}): Promise<Delivery> {
  const client = options.client ?? db();
  if (options.replay) return attemptDelivery(consumer, event, { attempt: 1, crashes: 0, ageMs: 0 }, options);
  const started = (await startAttempts(client, consumer.name, NO_OWNER, [event.id], "single")).get(event.id);
  return started ? attemptDelivery(consumer, event, started, options) : counted(consumer, { kind: "duplicate" });
}

/** One attempt that {@link startAttempts} has counted. Throws only when the database cannot be written. */
export async function attemptDelivery(
  consumer: AnyConsumer,
  event: EventOf,
  started: StartedAttempt,
  options: DeliveryOptions = {},
): Promise<Delivery> {
  const client = options.client ?? db();
  const policy = { ...DEFAULT_RETRY_POLICY, ...consumer.policy };
  const end = startTimer(consumer);
  const diedTooOften = started.crashes >= policy.maxCrashes;
  const outcome: Outcome | "duplicate" = diedTooOften
    ? { kind: "dead", reason: `the process died ${started.crashes} times while handling it` }
    : await runInTransaction(consumer, event, started, options, client);
  end();
  if (outcome === "duplicate") {
    await forgetAttempt(client, consumer.name, event.id);
    return counted(consumer, { kind: "duplicate" });
  }
  if (outcome.kind === "done" || outcome.kind === "skip") return counted(consumer, outcome);
  const hopeless = outcome.kind === "dead" || started.ageMs > policy.maxAgeMs;
  if (hopeless) {
    const reason = outcome.kind === "dead" ? outcome.reason : `gave up after ${policy.maxAgeMs} ms: ${outcome.reason}`;
    await recordDeadLetter(
      {
        consumer: consumer.name,
        eventId: event.id,
        type: event.type,
        envelope: event,
        reason,
        attempts: diedTooOften ? started.crashes : started.attempt,
        origin: options.origin ?? "log",
      },
      { client, ...(options.onDead ? { onDead: options.onDead } : {}) },
    );
    return counted(consumer, { kind: "dead", reason });
  }
  await failAttempt(client, consumer.name, event.id, outcome.reason);
  log().warn(
    { consumer: consumer.name, eventId: event.id, attempt: started.attempt, reason: outcome.reason },
    "event will be retried",
  );
  const afterMs = outcome.afterMs ?? backoffMs(policy, started.attempt);
  return counted(consumer, { kind: "retry", reason: outcome.reason, afterMs });
}

/** Rolls the transaction of several events back. */
class Apart extends Error {}

/**
 * Handles several events, whose attempts {@link startAttempts} has counted, in one transaction with their inbox rows. False
 * when that cannot be: nothing is written then, and each must be delivered by itself. Throws only when the database is away.
 */
export async function deliverTogether(
  consumer: AnyConsumer,
  events: readonly EventOf[],
  options: Pick<DeliveryOptions, "client" | "now"> = {},
): Promise<boolean> {
  const ctx = { now: options.now?.() ?? new Date() };
  const end = startTimer(consumer);
  try {
    const outcomes = await transaction(async (tx) => {
      const outcomes = (await consumer.handleMany?.(tx, events, ctx)) ?? apart;
      if (outcomes === apart || outcomes.length !== events.length) throw new Apart();
      const ended = outcomes.flatMap(({ kind }, n) => {
        const eventId = events[n]?.id;
        return eventId !== undefined && (kind === "done" || kind === "skip") ? [{ eventId, outcome: kind }] : [];
      });
      if (ended.length !== events.length) throw new Apart();
      if ((await writeInboxes(tx, consumer.name, ended)) !== events.length) throw new Apart();
      return ended;
    }, options.client ?? db());
    for (const { outcome } of outcomes) countDelivery(consumer, outcome);
    return true;
  } catch (error) {
    if (!(error instanceof Apart)) {
      // As for a single event: a database that is away says nothing about the events.
      if (isDatabaseDown(error) && errorForLog(error).code !== "P2028") throw error;
      const seen = { consumer: consumer.name, events: events.length, error: errorForLog(error) };
      log().warn(seen, "events failed together: each is handled by itself");
    }
    return false;
  } finally {
    end();
  }
}

function startTimer(consumer: AnyConsumer): () => number {
  const name = "campus_consumer_handle_seconds";
  const help = "Time of one attempt at an event, or at events that are handled in one transaction";
  return histogram(name, help, ["consumer"]).startTimer({ consumer: consumer.name });
}

/** Rolls the handler's transaction back and carries its outcome out. */
class RolledBack extends Error {
  constructor(readonly outcome: Outcome | "duplicate") {
    super("rolled back");
  }
}

async function runInTransaction(
  consumer: AnyConsumer,
  event: EventOf,
  started: StartedAttempt,
  options: DeliveryOptions,
  client: Db,
): Promise<Outcome | "duplicate"> {
  const ctx = {
    now: options.now?.() ?? new Date(),
    attempt: started.attempt,
    requestId: event.id,
    source: "worker",
  } as const;
  try {
    return await transaction(async (tx) => {
      const outcome = await consumer.handle(tx, event, ctx);
      if (outcome.kind === "retry" || outcome.kind === "dead") throw new RolledBack(outcome);
      // The inbox row is the last write, so that a handler may still lock entities; a row that another process wrote
      // meanwhile rolls this one back.
      const isFirst = await writeInbox(tx, consumer.name, event.id, outcome.kind, options.replay ?? false);
      if (!isFirst) throw new RolledBack("duplicate");
      return outcome;
    }, client);
  } catch (error) {
    if (error instanceof RolledBack) return error.outcome;
    // A database that is away says nothing about the event: no attempt is used up. (P2028 is a handler that was too slow.)
    if (isDatabaseDown(error) && errorForLog(error).code !== "P2028") throw error;
    return outcomeOfError(error);
  }
}

function outcomeOfError(error: unknown): Outcome {
  if (error instanceof AppError) return { kind: error.retriable ? "retry" : "dead", reason: error.code };
  const { name, code } = errorForLog(error);
  log().error({ error: errorForLog(error) }, "event handler threw");
  return { kind: "retry", reason: code ? `${name} ${code}` : name };
}

/** Full jitter between half and all of the doubled back-off. */
function backoffMs(policy: RetryPolicy, attempt: number): number {
  const ceiling = Math.min(policy.maxBackoffMs, policy.backoffMs * 2 ** Math.min(attempt - 1, 20));
  return Math.round(ceiling * (0.5 + Math.random() / 2));
}

function counted(consumer: AnyConsumer, delivery: Delivery): Delivery {
  countDelivery(consumer, delivery.kind);
  return delivery;
}

function countDelivery(consumer: AnyConsumer, outcome: Delivery["kind"]): void {
  counter("campus_consumer_events_total", "Deliveries of events by their outcome", ["consumer", "outcome"]).inc({
    consumer: consumer.name,
    outcome,
  });
}
