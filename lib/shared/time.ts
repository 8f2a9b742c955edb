import { Temporal } from "temporal-polyfill";

/** Days as the contract writes them; index 0 is Monday. */
export const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
export type Day = (typeof DAYS)[number];

/** `Day` of an ISO day number (1 is Monday … 7 is Sunday). */
export function dayOf(isoDay: number): Day {
  const day = DAYS[isoDay - 1];
  if (!day) throw new RangeError(`no such ISO day: ${isoDay}`);
  return day;
}

/** Minutes from local midnight as `HH:MM`; 1440 is written `24:00`. */
export function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** `HH:MM` (00:00 … 24:00) as minutes from local midnight, or null when it is not a clock time. */
export function minuteOf(clock: string): number | null {
  const match = /^(\d{1,2}):(\d{2})$/.exec(clock.trim());
  if (!match) return null;
  const minute = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && minute <= 1440 ? minute : null;
}

/** True for an IANA zone that this runtime knows. An offset (`+02:00`) is none: databases read its sign the other way. */
export function isTimeZone(zone: string): boolean {
  if (!/^[a-z]/i.test(zone)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

const MINUTE_MS = 60_000;
/** What was asked for is asked for again: the same classes on every page. Some 100 bytes each. */
const KEPT_OFFSETS = 5_000;
const offsets = new Map<string, Map<number, number>>();
let kept = 0;

/** How far a zone's clock is ahead of UTC at an instant, in milliseconds. No zone changes its clock within a minute. */
function offsetMs(instant: Date, zone: string): number {
  const minute = Math.floor(instant.getTime() / MINUTE_MS);
  const known = offsets.get(zone)?.get(minute);
  if (known !== undefined) return known;
  const zoned = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone);
  const offset = zoned.offsetNanoseconds / 1e6;
  if (kept >= KEPT_OFFSETS) {
    offsets.clear();
    kept = 0;
  }
  const ofZone = offsets.get(zone) ?? new Map<number, number>();
  offsets.set(zone, ofZone.set(minute, offset));
  kept += 1;
  return offset;
}

/** The local clock of an instant in a zone, as if it were UTC's. */
const localClock = (instant: Date, zone: string) => new Date(instant.getTime() + offsetMs(instant, zone)).toISOString();

/** The local date (`YYYY-MM-DD`) of an instant in a zone. */
export function localDateOf(instant: Date, zone: string): string {
  return localClock(instant, zone).slice(0, -"T00:00:00.000Z".length);
}

/** Minutes from local midnight, as the clock on the wall shows them, of an instant in a zone. */
export function localMinuteOf(instant: Date, zone: string): number {
  const [hour, minute] = localClock(instant, zone).slice(-"00:00:00.000Z".length).split(":").map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
}

/**
 * The instant of a local date and minute in a zone. In a spring gap the clock moves on by the gap, in an autumn overlap
 * the earlier reading is taken ("compatible" of the Temporal proposal). Minute 1440 is the next midnight.
 */
export function instantOf(localDate: string, minute: number, zone: string): Date {
  const date = Temporal.PlainDate.from(localDate).add({ days: Math.floor(minute / 1440) });
  const time = Temporal.PlainTime.from({ hour: Math.floor((minute % 1440) / 60), minute: minute % 60 });
  return new Date(date.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds);
}

/** From the first to the last moment of local dates, both inclusive, in a zone: half-open. */
export function spanOfDays(from: string, to: string, zone: string): { startsAt: Date; endsAt: Date } {
  return { startsAt: instantOf(from, 0, zone), endsAt: instantOf(to, 1440, zone) };
}

/** An instant as ISO 8601 with the zone's offset at that moment, for example `2026-11-22T09:00:00+01:00`. */
export function isoInZone(instant: Date, zone: string): string {
  const offset = offsetMs(instant, zone);
  const hours = clockOf(Math.round(Math.abs(offset) / MINUTE_MS));
  return `${localClock(instant, zone).slice(0, -".000Z".length)}${offset < 0 ? "-" : "+"}${hours}`;
}

/** A `date` column (UTC midnight) as `YYYY-MM-DD`. */
export function dateText(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** `YYYY-MM-DD` as the UTC midnight that a `date` column wants; null when there is no such day. */
export function dateFromText(text: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const date = new Date(`${text}T00:00:00.000Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text ? null : date;
}
