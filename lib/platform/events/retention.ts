import type { Db } from "../db";
import { TOPIC_RETENTION_MS } from "./topics";

/** Events stay in the log this long even when everybody has read them: Kafka can be filled again from them. */
const OUTBOX_KEPT_MS = TOPIC_RETENTION_MS;
/** Longer than anything can be delivered again (log and topics), so that a group that starts over repeats nothing. */
const INBOX_KEPT_MS = 4 * TOPIC_RETENTION_MS;
const CHUNK = 5_000;

/** How many rows a round has deleted. */
export type Deleted = { outbox: number; inbox: number; attempts: number };

/**
 * Deletes what is old: outbox rows that every one of `readers` has passed, inbox rows, and attempts of events that are
 * gone. In chunks of short transactions, because a long one would hold the log back.
 */
export async function deleteOldEvents(
  client: Db,
  { readers, now, signal }: { readers: readonly string[]; now: Date; signal: AbortSignal },
): Promise<Deleted> {
  const outboxBefore = new Date(now.getTime() - OUTBOX_KEPT_MS);
  const inboxBefore = new Date(now.getTime() - INBOX_KEPT_MS);
  const inChunks = async (remove: () => Promise<number>) => {
    let total = 0;
    for (let removed = CHUNK; removed === CHUNK && !signal.aborted; total += removed) removed = await remove();
    return total;
  };
  return {
    outbox: await inChunks(
      () => client.$executeRaw`
        DELETE FROM outbox_event WHERE id IN (
          SELECT e.id FROM outbox_event e
          WHERE e.created_at < ${outboxBefore} AND NOT EXISTS (
            SELECT 1 FROM unnest(${[...readers]}::text[]) AS r(reader) LEFT JOIN outbox_cursor c ON c.reader = r.reader
            WHERE c.reader IS NULL OR (c.xid, c.event_id) < (e.xid, e.id))
          ORDER BY e.xid, e.id LIMIT ${CHUNK})`,
    ),
    inbox: await inChunks(
      () => client.$executeRaw`
        DELETE FROM consumer_inbox WHERE (consumer, event_id) IN (
          SELECT consumer, event_id FROM consumer_inbox WHERE processed_at < ${inboxBefore}
          ORDER BY processed_at LIMIT ${CHUNK})`,
    ),
    attempts: await inChunks(
      () => client.$executeRaw`
        DELETE FROM consumer_attempt WHERE (consumer, event_id) IN (
          SELECT consumer, event_id FROM consumer_attempt WHERE first_at < ${inboxBefore} LIMIT ${CHUNK})`,
    ),
  };
}
