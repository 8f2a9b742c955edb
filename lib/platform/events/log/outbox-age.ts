import type { Db } from "@/lib/platform/db/client";
import { gauge } from "@/lib/platform/runtime/metrics";
import { BEGINNING } from "./reader";

/** How far a reader is behind. */
export type ReaderLag = { reader: string; ageSeconds: number; events: number };

/** Lags above this are reported as this: counting a long backlog exactly is not worth the read. */
const COUNTED_AT_MOST = 10_000;

/**
 * The age of the oldest event that a reader has not passed (0 when it has passed all), and how many there are, for each
 * of the readers. The alarm belongs on the age: it grows when a reader is down, when Kafka is away, and when a
 * transaction is left open anywhere on the server. A reader that never ran counts from the first event.
 */
export async function outboxAge(client: Db, readers: readonly string[]): Promise<ReaderLag[]> {
  const rows = await client.$queryRaw<{ reader: string; age: number | null; events: bigint }[]>`
    SELECT r.reader, extract(epoch FROM clock_timestamp() - oldest.created_at)::float8 AS age, behind.events
    FROM unnest(${[...readers]}::text[]) AS r(reader)
    LEFT JOIN outbox_cursor c ON c.reader = r.reader
    LEFT JOIN LATERAL (
      SELECT created_at FROM outbox_event e
      WHERE (e.xid, e.id) > (coalesce(c.xid, ${BEGINNING.xid}), coalesce(c.event_id, ${BEGINNING.id})) ORDER BY e.xid, e.id LIMIT 1
    ) AS oldest ON true
    CROSS JOIN LATERAL (
      SELECT count(*) AS events FROM (
        SELECT 1 FROM outbox_event e
        WHERE (e.xid, e.id) > (coalesce(c.xid, ${BEGINNING.xid}), coalesce(c.event_id, ${BEGINNING.id})) LIMIT ${COUNTED_AT_MOST}
      ) AS counted
    ) AS behind`;
  return rows.map((row) => ({
    reader: row.reader,
    ageSeconds: Math.max(0, row.age ?? 0),
    events: Number(row.events),
  }));
}

/** Measures the lag of the readers and keeps it as metrics of this process. */
export async function recordOutboxAge(client: Db, readers: readonly string[]): Promise<void> {
  const age = gauge("campus_outbox_age_seconds", "Age of the oldest event that a reader has not passed", ["reader"]);
  const lag = gauge("campus_outbox_lag_events", "Events that a reader has not passed", ["reader"]);
  for (const { reader, ageSeconds, events } of await outboxAge(client, readers)) {
    age.set({ reader }, ageSeconds);
    lag.set({ reader }, events);
  }
}
