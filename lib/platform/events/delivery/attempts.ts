import { Prisma, type Db } from "@/lib/platform/db/client";

/** Advisory lock class in which each worker process holds its own number; a number that nobody holds belonged to a dead process. */
export const OWNER_LOCK_CLASS = 7200;

/** An attempt that was counted before it began. */
export type StartedAttempt = {
  /** 1 on the first attempt. */
  attempt: number;
  /** How many attempts before this one ended with the death of their process. */
  crashes: number;
  /** Since the first attempt that failed; 0 while none has. */
  ageMs: number;
};

/**
 * Counts attempts before they begin, in a statement of its own, so that an event that kills its process is known after
 * the restart. Answers for each event that has no inbox row yet; an id that is missing in the answer was handled before.
 *
 * With `batch`, events that were open when a process died (`crashes` > 0 in the answer) are not started: start each of
 * them by itself when nothing else of their kind runs, or all would be blamed for the one that kills.
 */
export async function startAttempts(
  client: Db,
  consumer: string,
  owner: number,
  eventIds: readonly string[],
  mode: "batch" | "single",
): Promise<Map<string, StartedAttempt>> {
  if (eventIds.length === 0) return new Map();
  // Sorted, so that two processes that start the same events do not wait for each other in a circle.
  const rows = await client.$queryRaw<{ event_id: string; attempts: number; crashes: number; age_ms: number }[]>`
    WITH wanted AS (
      SELECT DISTINCT id FROM unnest(${[...eventIds]}::text[]) AS id
      WHERE NOT EXISTS (SELECT 1 FROM consumer_inbox i WHERE i.consumer = ${consumer} AND i.event_id = id)
    ), held AS (
      SELECT objid::bigint AS owner FROM pg_locks
      WHERE locktype = 'advisory' AND granted AND classid = ${OWNER_LOCK_CLASS}::int::oid
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )
    INSERT INTO consumer_attempt AS a (consumer, event_id, attempts, first_at, owner)
    SELECT ${consumer}, wanted.id, 1, clock_timestamp(), ${owner}::int FROM wanted ORDER BY wanted.id
    ON CONFLICT (consumer, event_id) DO UPDATE SET
      (attempts, first_at, crashes, owner) = (
        SELECT a.attempts + CASE WHEN waits OR (a.owner = excluded.owner AND a.last_error IS NULL) THEN 0 ELSE 1 END,
               CASE WHEN a.last_error IS NULL THEN excluded.first_at ELSE a.first_at END,
               a.crashes + died::int,
               CASE WHEN waits THEN NULL ELSE excluded.owner END
        FROM (SELECT a.owner IS NOT NULL AND a.owner <> excluded.owner
                     AND NOT EXISTS (SELECT 1 FROM held WHERE held.owner = a.owner) AS died) AS d,
             LATERAL (SELECT ${mode === "batch"}::boolean AND (died OR a.crashes > 0) AS waits) AS w
      )
    RETURNING a.event_id, a.attempts, a.crashes,
      extract(epoch FROM clock_timestamp() - a.first_at)::float8 * 1000 AS age_ms`;
  return new Map(
    rows.map((row) => [
      row.event_id,
      { attempt: row.attempts, crashes: row.crashes, ageMs: Math.max(0, Math.round(row.age_ms)) },
    ]),
  );
}

/** Notes why an attempt failed; the process lives, so the event has no owner until it is tried again. */
export async function failAttempt(client: Db, consumer: string, eventId: string, reason: string): Promise<void> {
  await client.$executeRaw`
    UPDATE consumer_attempt SET owner = NULL, last_error = ${reason}
    WHERE consumer = ${consumer} AND event_id = ${eventId}`;
}

/**
 * Gives back what was counted and never came to its end: this process lives and will not handle it, so nobody may think
 * later that it died of it. What another process has started meanwhile stays that one's.
 */
export async function releaseAttempts(
  client: Db,
  consumer: string,
  owner: number,
  eventIds: readonly string[],
): Promise<void> {
  // Sorted, as in startAttempts.
  await client.$executeRaw`
    WITH mine AS (
      SELECT event_id FROM consumer_attempt
      WHERE consumer = ${consumer} AND owner = ${owner}::int AND event_id = ANY(${[...eventIds]}::text[])
      ORDER BY event_id FOR UPDATE
    )
    UPDATE consumer_attempt AS a SET owner = NULL, attempts = a.attempts - 1
    FROM mine WHERE a.consumer = ${consumer} AND a.event_id = mine.event_id`;
}

/** Forgets an attempt that turned out to be needless: another process handled the event meanwhile. */
export async function forgetAttempt(client: Db, consumer: string, eventId: string): Promise<void> {
  await client.$executeRaw`DELETE FROM consumer_attempt WHERE consumer = ${consumer} AND event_id = ${eventId}`;
}

/** The end of an event for a consumer: its inbox row is there and its attempts are gone. Answers false when it was there before. */
export async function writeInbox(
  tx: Prisma.TransactionClient,
  consumer: string,
  eventId: string,
  outcome: "done" | "skip" | "dead",
  overDead: boolean,
): Promise<boolean> {
  const written = overDead
    ? await tx.$executeRaw`
        WITH gone AS (DELETE FROM consumer_attempt WHERE consumer = ${consumer} AND event_id = ${eventId}),
             replayed AS (UPDATE dead_letter SET replayed_at = now() WHERE consumer = ${consumer} AND event_id = ${eventId})
        INSERT INTO consumer_inbox AS i (consumer, event_id, outcome) VALUES (${consumer}, ${eventId}, ${outcome})
        ON CONFLICT (consumer, event_id) DO UPDATE SET outcome = excluded.outcome, processed_at = now()
        WHERE i.outcome = 'dead'`
    : await tx.$executeRaw`
        WITH gone AS (DELETE FROM consumer_attempt WHERE consumer = ${consumer} AND event_id = ${eventId})
        INSERT INTO consumer_inbox (consumer, event_id, outcome) VALUES (${consumer}, ${eventId}, ${outcome})
        ON CONFLICT (consumer, event_id) DO NOTHING`;
  return written === 1;
}

/**
 * {@link writeInbox} for several events in one statement. Answers how many rows are new: fewer than were given when another
 * process has handled one of them meanwhile.
 */
export async function writeInboxes(
  tx: Prisma.TransactionClient,
  consumer: string,
  ended: readonly { eventId: string; outcome: "done" | "skip" }[],
): Promise<number> {
  const ids = ended.map(({ eventId }) => eventId);
  const outcomes = ended.map(({ outcome }) => outcome);
  // Sorted, as in startAttempts.
  return tx.$executeRaw`
    WITH gone AS (DELETE FROM consumer_attempt WHERE consumer = ${consumer} AND event_id = ANY(${ids}::text[]))
    INSERT INTO consumer_inbox (consumer, event_id, outcome)
    SELECT ${consumer}, e.id, e.outcome FROM unnest(${ids}::text[], ${outcomes}::text[]) AS e (id, outcome) ORDER BY e.id
    ON CONFLICT (consumer, event_id) DO NOTHING`;
}
