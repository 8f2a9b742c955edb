import type { Db } from "@/lib/platform/db/client";
import { inBatches, type Removal } from "@/lib/platform/db/in-batches";
import { TOPIC_RETENTION_MS } from "../kafka/topics";

/** Events stay in the log this long even when everybody has read them: Kafka can be filled again from them. */
const OUTBOX_KEPT_MS = TOPIC_RETENTION_MS;
/** Longer than anything can be delivered again (log and topics), so that a group that starts over repeats nothing. */
const INBOX_KEPT_MS = 4 * TOPIC_RETENTION_MS;
const BATCH = 5_000;

/** Deletes events older than 7 days that every one of `readers` has passed. Answers how many. */
export async function deletePassedEvents(
  client: Db,
  { readers, now, signal }: Removal & { readers: readonly string[] },
): Promise<number> {
  const before = new Date(now.getTime() - OUTBOX_KEPT_MS);
  return inBatches(
    signal,
    () => client.$executeRaw`
      WITH old AS (
        SELECT e.id FROM outbox_event e
        WHERE e.created_at < ${before} AND NOT EXISTS (
          SELECT 1 FROM unnest(${[...readers]}::text[]) AS r(reader) LEFT JOIN outbox_cursor c ON c.reader = r.reader
          WHERE c.reader IS NULL OR (c.xid, c.event_id) < (e.xid, e.id))
        ORDER BY e.created_at LIMIT ${BATCH} FOR UPDATE OF e SKIP LOCKED
      )
      DELETE FROM outbox_event e USING old WHERE e.id = old.id`,
  );
}

/** Deletes inbox rows older than 28 days. Answers how many. */
export async function deleteOldInboxRows(client: Db, { now, signal }: Removal): Promise<number> {
  const before = new Date(now.getTime() - INBOX_KEPT_MS);
  return inBatches(
    signal,
    () => client.$executeRaw`
      WITH old AS (
        SELECT consumer, event_id FROM consumer_inbox WHERE processed_at < ${before}
        ORDER BY processed_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM consumer_inbox i USING old WHERE i.consumer = old.consumer AND i.event_id = old.event_id`,
  );
}

/**
 * Deletes attempts of events that are gone: begun more than 28 days ago. Answers how many. The table holds what is being
 * handled at the moment and is small: reading it whole needs no index.
 */
export async function deleteOldAttempts(client: Db, { now, signal }: Removal): Promise<number> {
  const before = new Date(now.getTime() - INBOX_KEPT_MS);
  return inBatches(
    signal,
    () => client.$executeRaw`
      WITH old AS (
        SELECT consumer, event_id FROM consumer_attempt WHERE first_at < ${before}
        LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM consumer_attempt a USING old WHERE a.consumer = old.consumer AND a.event_id = old.event_id`,
  );
}
