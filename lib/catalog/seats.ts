import { db, type Db, Prisma, type Tx } from "@/lib/platform/db";
import { singleton } from "@/lib/platform/singleton";
import type { LiveSeats } from "./schema";
import { seatsAvailableOf, type SectionWindow, statusOf } from "./sections-rules";

/**
 * Takes up to `wanted` seats of a section and returns how many it got: the guarded write that decides who is in. The
 * condition is part of the write, so that even a writer without the section's lock cannot over-fill it; 0 means full.
 */
export async function takeSeats(tx: Tx, sectionId: string, wanted: number): Promise<number> {
  if (wanted <= 0) return 0;
  const [row] = await tx.$queryRaw<{ granted: number }[]>`
    WITH seat AS (
      SELECT id, LEAST(${wanted}::int, capacity - seats_taken) AS granted
      FROM section WHERE id = ${sectionId} AND seats_taken < capacity FOR NO KEY UPDATE
    )
    UPDATE section s SET seats_taken = s.seats_taken + seat.granted
    FROM seat WHERE s.id = seat.id AND s.seats_taken + seat.granted <= s.capacity
    RETURNING seat.granted`;
  return row?.granted ?? 0;
}

/** Gives one seat back. The caller has just ended a live enrollment of this section and holds the section's lock. */
export async function freeSeat(tx: Tx, sectionId: string): Promise<void> {
  const freed = await tx.$executeRaw`
    UPDATE section SET seats_taken = seats_taken - 1 WHERE id = ${sectionId} AND seats_taken > 0`;
  if (freed !== 1) throw new Error("seats: freed a seat that was not taken");
}

type SeatRow = SectionWindow & { id: string; capacity: number; seatsTaken: number };
type CachedSeats = { row: SeatRow | null; readAtMs: number };

/** How old live seats may be. Open pages ask every 2 s; this keeps a thousand of them from being a thousand queries. */
const FRESH_MS = 500;
const MAX_CACHED = 20_000;

/**
 * Seats of sections of one school now, at most half a second old; ids of others are left out. For display only: what
 * decides is `takeSeats`.
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
    SELECT s.id, s.capacity, s.seats_taken AS "seatsTaken", s.state::text AS state,
      t.enrollment_opens_at AS "opensAt", LEAST(t.enrollment_closes_at, c.ended_at) AS "closesAt",
      to_char(t.ends_on, 'YYYY-MM-DD') AS "termEndsOn", o.time_zone AS "timeZone"
    FROM section s JOIN course c ON c.id = s.course_id JOIN term t ON t.id = s.term_id JOIN school o ON o.id = s.school_id
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
