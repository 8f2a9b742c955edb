import { type Db, db, type Tx } from "@/lib/platform/db/client";
import { schoolOf } from "@/lib/identity/people/people";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { decodeCursor, encodeCursor } from "@/lib/shared/schema";
import { dateFromText, dateText, localDateOf } from "@/lib/shared/time";
import type { CalendarQuery, DayOff } from "../schema";
import { say } from "@/lib/shared/say";

type Row = Omit<DayOff, "startsOn" | "endsOn"> & { startsOn: Date; endsOn: Date };

/** A day off with what its source knows it by. */
export type StoredDayOff = DayOff & { uid: string | null; version: number };

/** The days off of a school that touch local dates `from` to `to` (both included), by date. */
export async function daysOffBetween(
  client: Db | Tx,
  schoolId: string,
  range: { from: string; to: string },
): Promise<DayOff[]> {
  const rows = await client.$queryRaw<Row[]>`
    SELECT id, starts_on AS "startsOn", ends_on AS "endsOn", title, source::text AS source FROM school_day_off
    WHERE school_id = ${schoolId} AND starts_on <= ${range.to}::date AND ends_on >= ${range.from}::date
    ORDER BY starts_on, ends_on, id`;
  return rows.map(dayOffOf);
}

/** All days off of one source, or of all, for comparing; by date. */
export async function storedDaysOff(
  client: Db | Tx,
  schoolId: string,
  source?: DayOff["source"],
): Promise<StoredDayOff[]> {
  const rows = await client.schoolDayOff.findMany({
    where: { schoolId, ...(source ? { source } : {}) },
    select: { id: true, startsOn: true, endsOn: true, title: true, source: true, uid: true, version: true },
    orderBy: [{ startsOn: "asc" }, { id: "asc" }],
  });
  return rows.map((row) => ({ ...row, ...dayOffOf(row) }));
}

/** The actor's school calendar: days off from `from` (today when left out) to `to` (a year later), for every role. */
export async function schoolCalendar(
  ctx: Context,
  query: CalendarQuery,
  client: Db = db(),
): Promise<{ items: DayOff[]; nextCursor: string | null }> {
  const { schoolId } = ctx.actor;
  const from = query.from ?? localDateOf(ctx.now, (await schoolOf(client, schoolId)).timeZone);
  const all = await daysOffBetween(client, schoolId, { from, to: query.to ?? yearAfter(from) });
  const start = query.cursor === undefined ? 0 : placeAfter(all, query.cursor);
  const items = all.slice(start, start + query.limit);
  const last = items.at(-1);
  return { items, nextCursor: last && start + query.limit < all.length ? encodeCursor([last.id]) : null };
}

function placeAfter(all: readonly DayOff[], cursor: string): number {
  const place = all.findIndex(({ id }) => id === decodeCursor(cursor, 1)?.[0]);
  if (place >= 0) return place + 1;
  throw new AppError("invalid_request", {
    detail: say("detail.restart"),
    errors: [{ path: "query.cursor", code: "unknown_cursor", message: say("field.nextCursor") }],
  });
}

function yearAfter(date: string): string {
  const day = dateFromText(date);
  return day ? dateText(new Date(day.getTime() + 366 * 86_400_000)) : date;
}

function dayOffOf({ id, startsOn, endsOn, title, source }: Row): DayOff {
  return { id, startsOn: dateText(startsOn), endsOn: dateText(endsOn), title, source };
}
