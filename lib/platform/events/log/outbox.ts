import { EVENT_LOCK, type CloudEvent, type EventData, type EventType } from "@/lib/shared/events";
import { newId } from "@/lib/shared/ids";
import { Prisma, type Tx } from "@/lib/platform/db/client";
import { holdsLock } from "@/lib/platform/db/locks";
import { wakeAfterCommit } from "../wake/wake";

export type NewEvent<T extends EventType = EventType> = {
  /** `at` when it did not happen at the time of all (a batch of several requests). */
  [K in T]: { type: K; key: string; data: EventData<K>; at?: Date };
}[T];

/**
 * Appends events to the outbox log in the caller's transaction: they are published if and only if it commits, in commit
 * order per key. The key's entity (section or student, see EVENT_LOCK) must be locked by this transaction; that is what
 * makes the order true. One statement, however many events. Returns the event ids in the order given.
 */
export async function appendEvents(tx: Tx, now: Date, events: readonly NewEvent[]): Promise<string[]> {
  if (events.length === 0) return [];
  const { sql, ids } = insertEvents(tx, now, events);
  await tx.$executeRaw(sql);
  return ids;
}

/** The statement of `appendEvents`, for a use-case that writes it together with its own in one `WITH`; same guarantees. */
export function insertEvents(tx: Tx, now: Date, events: readonly NewEvent[]): { sql: Prisma.Sql; ids: string[] } {
  const envelopes = events.map((event): CloudEvent => {
    if (!holdsLock(tx, EVENT_LOCK[event.type], event.key))
      throw new Error(`outbox: ${event.type} without the lock of its ${EVENT_LOCK[event.type]}`);
    const at = event.at ?? now;
    return {
      specversion: "1.0",
      id: newId(at.getTime()),
      source: `/campusos/schools/${event.data.schoolId}`,
      type: event.type,
      subject: event.key,
      time: at.toISOString(),
      datacontenttype: "application/json",
      data: event.data,
    } as CloudEvent;
  });
  if (envelopes.length > 0) wakeAfterCommit(tx, "log");
  const sql = Prisma.sql`
    INSERT INTO outbox_event (event_id, type, key, school_id, envelope, created_at)
    SELECT e->>'id', e->>'type', e->>'subject', e->'data'->>'schoolId', e, ${now}
    FROM jsonb_array_elements(${JSON.stringify(envelopes)}::jsonb) WITH ORDINALITY AS t(e, n) ORDER BY n`;
  return { sql, ids: envelopes.map((envelope) => envelope.id) };
}
