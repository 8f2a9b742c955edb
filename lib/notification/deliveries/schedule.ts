import { Temporal } from "temporal-polyfill";
import { instantOf, localDateOf, minuteOf } from "@/lib/shared/time";
import type { Digest, QuietHours } from "../schema";

/** When the daily summary goes out, in minutes from local midnight. */
const DIGEST_MINUTE = 18 * 60;
/** The least time a push may still be worth: news from a minute before midnight must not die in transit. */
const MIN_LIFE_MS = 60 * 60_000;

export type HoldReason = "quiet_hours" | "digest";
export type Schedule = { notBefore: Date; expiresAt: Date; hold: HoldReason | null };

/**
 * When a push goes out: at once, when the quiet hours end, or with the summary at 18:00 (and after quiet hours that
 * cover it). It is worth sending until the local day in which it goes out has ended, at least an hour. Quiet hours have
 * their own zone; the summary uses it too, else the school's.
 */
export function scheduleOf(
  now: Date,
  setting: { quietHours: QuietHours | null; digest: Digest },
  schoolZone: string,
): Schedule {
  const zone = setting.quietHours?.timeZone ?? schoolZone;
  const wanted = setting.digest === "daily" ? nextLocal(now, DIGEST_MINUTE, zone) : now;
  const quietEnd = setting.quietHours ? quietHoursEnd(wanted, setting.quietHours) : null;
  const notBefore = quietEnd ?? wanted;
  return {
    notBefore,
    expiresAt: new Date(Math.max(endOfLocalDay(notBefore, zone).getTime(), notBefore.getTime() + MIN_LIFE_MS)),
    hold: setting.digest === "daily" ? "digest" : quietEnd ? "quiet_hours" : null,
  };
}

/**
 * The instant at which the quiet hours around `at` end, or null when `at` is not in them. The start belongs to them, the
 * end does not; a start later than the end spans midnight. A local end that the clock skips in spring is the moment it
 * skips; one that comes twice in autumn is the first that is still ahead.
 */
export function quietHoursEnd(at: Date, hours: QuietHours): Date | null {
  const start = minuteOf(hours.start);
  const end = minuteOf(hours.end);
  if (start === null || end === null || start === end) return null;
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(hours.timeZone);
  const minute = local.hour * 60 + local.minute;
  const spansMidnight = start > end;
  const quiet = spansMidnight ? minute >= start || minute < end : minute >= start && minute < end;
  if (!quiet) return null;
  const date = minute < end ? local.toPlainDate() : local.toPlainDate().add({ days: 1 });
  return firstAfter(at, date, end, hours.timeZone);
}

/** The first instant after `at` at which the local clock shows `minute`. */
function nextLocal(at: Date, minute: number, zone: string): Date {
  const today = instantOf(localDateOf(at, zone), minute, zone);
  if (today > at) return today;
  const tomorrow = Temporal.PlainDate.from(localDateOf(at, zone)).add({ days: 1 });
  return instantOf(tomorrow.toString(), minute, zone);
}

function firstAfter(at: Date, date: Temporal.PlainDate, minute: number, zone: string): Date {
  const plain = date.toPlainDateTime({ hour: Math.floor(minute / 60), minute: minute % 60 });
  const readings = (["earlier", "later"] as const).map(
    (disambiguation) => new Date(plain.toZonedDateTime(zone, { disambiguation }).epochMilliseconds),
  );
  return readings.find((reading) => reading > at) ?? new Date(at.getTime() + 60_000);
}

function endOfLocalDay(at: Date, zone: string): Date {
  return instantOf(localDateOf(at, zone), 1440, zone);
}
