import { newId } from "@/lib/shared/ids";
import { db, type Db } from "@/lib/platform/db/client";
import { log } from "@/lib/platform/runtime/log";

/** An event that a consumer will not get again by itself. */
export type DeadLetterInput = {
  consumer: string;
  /** The event's id, or its origin when it has none that can be read. */
  eventId: string;
  type: string;
  envelope: unknown;
  /** Why; no personal data. */
  reason: string;
  attempts: number;
  /** `log` or `topic[partition]@offset`. */
  origin: string;
};

/** Publishes the dead letter elsewhere before it is recorded; when it throws, nothing is recorded and the event stays. */
export type DeadLetterSink = (letter: DeadLetterInput) => Promise<void>;

/**
 * Sets an event aside: first `onDead` (the `.dlq` topic), then in one transaction the row that the office sees and the
 * inbox row that lets the cursor or offset pass. A crash in between publishes it twice and records it once.
 */
export async function recordDeadLetter(
  letter: DeadLetterInput,
  options: { client?: Db; onDead?: DeadLetterSink } = {},
): Promise<void> {
  const client = options.client ?? db();
  await options.onDead?.(letter);
  const { consumer, eventId, type, envelope, reason, attempts, origin } = letter;
  await client.$transaction([
    client.$executeRaw`
      INSERT INTO dead_letter (id, consumer, event_id, type, reason, attempts, origin, envelope)
      VALUES (${newId()}, ${consumer}, ${eventId}, ${type}, ${reason}, ${attempts}, ${origin},
              ${JSON.stringify(envelope)}::jsonb)
      ON CONFLICT (consumer, event_id) DO UPDATE SET
        reason = excluded.reason, attempts = excluded.attempts, origin = excluded.origin,
        created_at = now(), replayed_at = NULL`,
    client.$executeRaw`
      WITH gone AS (DELETE FROM consumer_attempt WHERE consumer = ${consumer} AND event_id = ${eventId})
      INSERT INTO consumer_inbox (consumer, event_id, outcome) VALUES (${consumer}, ${eventId}, 'dead')
      ON CONFLICT (consumer, event_id) DO NOTHING`,
  ]);
  log().error({ consumer, eventId, type, attempts, origin, reason }, "event set aside");
}

/** How many events of a school are set aside and were not replayed since. */
export async function openDeadLetters(schoolId: string, client: Db = db()): Promise<number> {
  const [row] = await client.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM dead_letter
    WHERE replayed_at IS NULL AND envelope->'data'->>'schoolId' = ${schoolId}`;
  return row?.count ?? 0;
}
