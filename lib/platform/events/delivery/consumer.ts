import type { CloudEvent, EventType } from "@/lib/shared/events";
import type { Tx } from "@/lib/platform/db/client";

/** An event of one of the types `T`; narrows by `event.type`. */
export type EventOf<T extends EventType = EventType> = { [K in T]: CloudEvent<K> }[T];

/**
 * What became of an event. `done` and `skip` commit the handler's transaction; `retry` and `dead` roll it back.
 * A retried event holds back later events of its key (only those); reasons are logged and shown to the office, so they
 * hold no personal data.
 */
export type Outcome =
  | { kind: "done" }
  | { kind: "skip"; reason: string }
  | { kind: "retry"; reason: string; afterMs?: number }
  | { kind: "dead"; reason: string };

/** The effects are written. */
export const done: Outcome = { kind: "done" };

/** Nothing to do for this event, and that is right. */
export function skip(reason: string): Outcome {
  return { kind: "skip", reason };
}

/** Cannot be done now: again after `afterMs`, or after the consumer's own back-off. */
export function retry(reason: string, afterMs?: number): Outcome {
  return { kind: "retry", reason, ...(afterMs === undefined ? {} : { afterMs }) };
}

/** Will never work: set aside as a dead letter. */
export function dead(reason: string): Outcome {
  return { kind: "dead", reason };
}

/** Events that cannot be handled in one transaction with each other; each is then handled by itself. */
export const apart = "apart";

/** What a handler knows besides the event. */
export type ConsumerContext = {
  /** The time of this attempt. */
  now: Date;
  /** 1 on the first attempt. */
  attempt: number;
  /** For audit rows and logs: the event's id. */
  requestId: string;
  source: "worker";
};

/**
 * A reader of events with effects of its own. Whatever delivers (the outbox log or Kafka, both at least once), the
 * effects that `handle` writes through `tx` happen exactly once for each event: they commit together with the inbox row
 * (name, event id), and an event with such a row is not handled again.
 *
 * `handle` makes no network call: it runs inside the transaction. What it throws counts as `retry`, except an AppError
 * that is not retriable, which counts as `dead`. Order: events of one key and one type come in commit order. Between
 * types the outbox log keeps the order too, Kafka does not (one topic a type): compare `data.version` where it matters.
 */
export type Consumer<T extends EventType = EventType> = {
  /** Inbox name and (with the prefix `campusos.`) Kafka group; never rename it: a new name handles everything again. */
  name: string;
  types: readonly T[];
  handle(tx: Tx, event: EventOf<T>, ctx: ConsumerContext): Promise<Outcome>;
  /**
   * Does for several events in one transaction what `handle` does for one, and answers an outcome for each, in their order;
   * events of one key come in theirs. Nothing of it is kept when an outcome is `retry` or `dead`, when it throws, or when it
   * answers `apart`: then `handle` gets each of the events by itself, so that a poisoned one is found and set aside alone.
   */
  handleMany?(
    tx: Tx,
    events: readonly EventOf<T>[],
    ctx: Pick<ConsumerContext, "now">,
  ): Promise<Outcome[] | typeof apart>;
  policy?: Partial<RetryPolicy>;
};

/** When an event that keeps failing is set aside. */
export type RetryPolicy = {
  /** Age of the first attempt after which a retry becomes a dead letter. */
  maxAgeMs: number;
  /** First back-off; doubles with each attempt, with jitter. */
  backoffMs: number;
  maxBackoffMs: number;
  /** How many attempts may end with the death of the process before the event is set aside. */
  maxCrashes: number;
};

/** The policy of consumers that do not say otherwise. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxAgeMs: 15 * 60_000,
  backoffMs: 200,
  maxBackoffMs: 30_000,
  maxCrashes: 3,
};

/** A consumer whatever its types, as the runner holds it; made by {@link consumer}. */
export type AnyConsumer = Consumer;

/** Makes a consumer that the registry can hold: an event of another type than the declared ones is never handed to it. */
export function consumer<T extends EventType>(definition: Consumer<T>): AnyConsumer {
  const wanted = new Set<EventType>(definition.types);
  const isOwn = (event: EventOf): event is EventOf & EventOf<T> => wanted.has(event.type);
  const notOwn = skip(`not for ${definition.name}`);
  const { handleMany } = definition;
  return {
    name: definition.name,
    types: definition.types,
    ...(definition.policy ? { policy: definition.policy } : {}),
    async handle(tx, event, ctx) {
      return isOwn(event) ? definition.handle(tx, event, ctx) : notOwn;
    },
    ...(handleMany && {
      async handleMany(tx: Tx, events: readonly EventOf[], ctx: Pick<ConsumerContext, "now">) {
        const outcomes = await handleMany(tx, events.filter(isOwn), ctx);
        if (outcomes === apart) return apart;
        const own = outcomes.values();
        return events.flatMap((event) => (isOwn(event) ? [...own.take(1)] : [notOwn]));
      },
    }),
  };
}
