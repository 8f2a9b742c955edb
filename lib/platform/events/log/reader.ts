import type { EventType } from "@/lib/shared/events";
import type { Db } from "@/lib/platform/db/client";
import type { EventOf } from "../delivery/consumer";

/** A place in the outbox log: everything at or before it has been read. */
export type LogPosition = { xid: bigint; id: bigint };

/** A row of the log; `event` is null when its type was not asked for. */
export type LogRow = { position: LogPosition; key: string; type: EventType; createdAt: Date; event: EventOf | null };

/** Before every row, also before those that {@link rebaseRestoredLog} has moved below zero. */
export const BEGINNING: LogPosition = { xid: -(2n ** 63n), id: 0n };

/**
 * Rows after a position, in commit order per key: ordered by (xid, id) and never past the oldest transaction that is
 * still open, because that one may still commit rows that belong in between. It rests on writers that lock the key
 * before they get a transaction id (see appendEvents). Rows of other types come without their envelope: the position
 * must pass them too.
 */
export async function readLog(
  client: Db,
  after: LogPosition,
  types: readonly EventType[],
  limit: number,
): Promise<LogRow[]> {
  const rows = await client.$queryRaw<
    { xid: bigint; id: bigint; key: string; type: EventType; created_at: Date; envelope: EventOf | null }[]
  >`
    SELECT xid, id, key, type, created_at, CASE WHEN type = ANY(${[...types]}::text[]) THEN envelope END AS envelope
    FROM outbox_event
    WHERE (xid, id) > (${after.xid}::bigint, ${after.id}::bigint)
      AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    ORDER BY outbox_event.xid, outbox_event.id
    LIMIT ${limit}::int`;
  return rows.map((row) => ({
    position: { xid: row.xid, id: row.id },
    key: row.key,
    type: row.type,
    createdAt: row.created_at,
    event: row.envelope,
  }));
}

/** Where a reader stands; a new reader stands at the beginning. */
export async function loadCursor(client: Db, reader: string): Promise<LogPosition> {
  const [row] = await client.$queryRaw<{ xid: bigint; event_id: bigint }[]>`
    INSERT INTO outbox_cursor AS c (reader, xid, event_id) VALUES (${reader}, ${BEGINNING.xid}, ${BEGINNING.id})
    ON CONFLICT (reader) DO UPDATE SET reader = excluded.reader RETURNING c.xid, c.event_id`;
  return row ? { xid: row.xid, id: row.event_id } : BEGINNING;
}

/** Moves a reader's cursor if it still stands at `from`. False: another process moved it, and this one must start over. */
export async function moveCursor(client: Db, reader: string, from: LogPosition, to: LogPosition): Promise<boolean> {
  const moved = await client.$executeRaw`
    UPDATE outbox_cursor SET xid = ${to.xid}, event_id = ${to.id}, updated_at = now()
    WHERE reader = ${reader} AND xid = ${from.xid} AND event_id = ${from.id}`;
  return moved === 1;
}

/**
 * A database that was restored from a dump into another server counts its transactions from the start again, and rows
 * and cursors that carry the old server's numbers would hide everything new. When such numbers are found, the old ones
 * move below zero: their order and the readers' places stay, and every new row comes after them. Rows written since the
 * restore are told from old ones by their id, whose sequence goes on. Answers whether anything was moved.
 */
export async function rebaseRestoredLog(client: Db): Promise<boolean> {
  if (!(await findForeign(client))) return false;
  return client.$transaction(async (tx) => {
    await tx.$executeRaw`LOCK TABLE outbox_event, outbox_cursor IN ACCESS EXCLUSIVE MODE`;
    const foreign = await findForeign(tx);
    if (!foreign) return false;
    const shift = foreign.xid + 1n;
    await tx.$executeRaw`ALTER TABLE outbox_event DISABLE TRIGGER outbox_event_append_only`;
    await tx.$executeRaw`UPDATE outbox_event SET xid = xid - ${shift} WHERE id <= ${foreign.lastId}`;
    await tx.$executeRaw`UPDATE outbox_cursor SET xid = xid - ${shift} WHERE xid > ${BEGINNING.xid + shift}`;
    await tx.$executeRaw`ALTER TABLE outbox_event ENABLE TRIGGER outbox_event_append_only`;
    return true;
  });
}

/** The highest transaction and row number of another server: no visible row can have a transaction this server has not begun. */
async function findForeign(db: Pick<Db, "$queryRaw">): Promise<{ xid: bigint; lastId: bigint } | null> {
  const [found] = await db.$queryRaw<{ xid: bigint | null; last_id: bigint | null }[]>`
    SELECT max(xid) AS xid, max(id) AS last_id FROM (
      SELECT xid, id FROM outbox_event UNION ALL SELECT xid, event_id FROM outbox_cursor
    ) AS known WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint`;
  return found?.xid && found.last_id !== null ? { xid: found.xid, lastId: found.last_id } : null;
}
