import { db, type Db, Prisma } from "@/lib/platform/db/client";
import { singleton } from "@/lib/platform/runtime/singleton";
import { joinFurtherTerms, sectionsSql, windowSql } from "./held-terms";
import type { LiveSeats } from "../schema";
import { seatsAvailableOf, type SectionWindow, statusOf } from "./sections-rules";

/**
 * The statement that moves the taken seats of sections by so many each, for a use-case that writes it together with its
 * own in one `WITH`; it returns a row for each section that it moved. It is the guarded write: seats are taken only while
 * there are free ones and freed only while there are taken ones, also beside a writer without the section's lock, so a
 * section that is not among the answers must fail the transaction.
 */
export function moveSeats(changes: ReadonlyMap<string, number>): Prisma.Sql {
  return Prisma.sql`
    UPDATE section s SET seats_taken = s.seats_taken + change.seats
    FROM unnest(${[...changes.keys()]}::text[], ${[...changes.values()]}::int[]) AS change(id, seats)
    WHERE s.id = change.id AND s.seats_taken + change.seats >= 0
      AND (change.seats <= 0 OR s.seats_taken + change.seats <= s.capacity)
    RETURNING s.id`;
}

type SeatRow = SectionWindow & { id: string; capacity: number; seatsTaken: number };
type CachedSeats = { row: SeatRow | null; readAtMs: number };

/** How old live seats may be. Open pages ask every 2 s; this keeps a thousand of them from being a thousand queries. */
const FRESH_MS = 500;
const MAX_CACHED = 20_000;

/**
 * Seats of sections of one school now, at most half a second old; ids of others are left out. For display only: what
 * decides is `moveSeats`.
 */
export async function liveSeats(
  scope: { schoolId: string; now: Date },
  ids: readonly string[],
  client: Db = db(),
): Promise<LiveSeats[]> {
  const cache = seatCache(client);
  const nowMs = Date.now();
  const key = (id: string) => `${scope.schoolId} ${id}`;
  const known = ids.flatMap((id) => {
    const kept = cache.get(key(id));
    return kept && kept.readAtMs + FRESH_MS > nowMs ? [[id, kept.row] as const] : [];
  });
  // Kept beside the cache, which others empty while the rest is read.
  const seats = new Map(known);
  const stale = ids.filter((id) => !seats.has(id));
  if (stale.length > 0) {
    const before = stale.map((id) => cache.get(key(id)));
    const rows = await readSeats(client, scope.schoolId, stale);
    if (cache.size > MAX_CACHED) cache.clear();
    for (const [index, id] of stale.entries()) {
      const row = rows.get(id) ?? null;
      seats.set(id, row);
      // Another entry: forgotten meanwhile, so this may have been read too early to be kept.
      if (cache.get(key(id)) === before[index]) cache.set(key(id), { row, readAtMs: nowMs });
    }
  }
  return ids.flatMap((id) => {
    const row = seats.get(id);
    if (!row) return [];
    return [{ id, capacity: row.capacity, seatsAvailable: seatsAvailableOf(row), status: statusOf(row, scope.now) }];
  });
}

/** Makes the next question for a section's seats read the database; called by who has just changed them. */
export function forgetLiveSeats(schoolId: string, sectionId: string, client: Db): void {
  seatCache(client).set(`${schoolId} ${sectionId}`, { row: null, readAtMs: -Infinity });
}

async function readSeats(client: Db, schoolId: string, ids: string[]): Promise<Map<string, SeatRow>> {
  const rows = await client.$queryRaw<SeatRow[]>(Prisma.sql`
    SELECT s.id, s.capacity, s.seats_taken AS "seatsTaken", ${windowSql}
    FROM ${sectionsSql} ${joinFurtherTerms}
    WHERE s.school_id = ${schoolId} AND s.id = ANY(${ids}::text[])`);
  return new Map(rows.map((row) => [row.id, row]));
}

function seatCache(client: Db): Map<string, CachedSeats> {
  const caches = singleton("catalog.seats", () => new WeakMap<Db, Map<string, CachedSeats>>());
  const existing = caches.get(client);
  if (existing) return existing;
  const made = new Map<string, CachedSeats>();
  caches.set(client, made);
  return made;
}
