import { dateFromText, dateText } from "@/lib/shared/time";
import { MAX_DAY_OFF_TITLE, MAX_DAYS_OFF } from "@/lib/catalog/schema";
import { type IcalEvent, type IcalProblem, type IcalProperty, icalText, readIcal } from "./read-ical";

/** A holiday of a file: local dates, both included, and what the file knows it by. */
export type Holiday = { uid: string; startsOn: string; endsOn: string; title: string };
export type LeftOutWhy = "timed" | "repeats" | "cancelled" | "noTitle" | "tooLong" | "twice";
/** An event that is no day off, or none that we can read: where, what it is called, and why. */
export type LeftOut = { line: number; title: string; why: LeftOutWhy };
export type HolidayFile = { holidays: Holiday[]; leftOut: LeftOut[]; outside: number };

const DAY_MS = 86_400_000;

/**
 * The holidays of an iCalendar file that touch `range` (local dates, both included), by date: events of whole days, with
 * an exclusive DTEND, a DURATION in days or weeks, or neither; and events from midnight to midnight, as some programs write
 * whole days. An event that repeats every year on its date is read once a year; what repeats otherwise, has a time, or is
 * cancelled is left out, each with its line. Pure. Returns the problems instead when the file is broken.
 */
export function holidaysOfIcal(
  text: string,
  range: { from: string; to: string },
): HolidayFile | { problems: IcalProblem[] } {
  const { events, problems } = readIcal(text);
  if (problems.length > 0) return { problems };
  const file: HolidayFile = { holidays: [], leftOut: [], outside: 0 };
  const found = new Map<string, Holiday>();
  for (const event of events) {
    const title = [...icalText(valueOf(event, "SUMMARY") ?? "")].slice(0, MAX_DAY_OFF_TITLE).join("").trim();
    const leave = (why: LeftOutWhy) => file.leftOut.push({ line: event.line, title, why });
    const days = daysOf(event);
    if (days === "timed") leave("timed");
    else if ("code" in days) problems.push(days);
    else if (valueOf(event, "STATUS")?.trim().toUpperCase() === "CANCELLED") leave("cancelled");
    else if (title === "") leave("noTitle");
    else if (days.count > MAX_DAYS_OFF) leave("tooLong");
    else {
      const years = yearsOf(event, days.startsOn, range);
      if (years === null) {
        leave("repeats");
        continue;
      }
      const uid = (valueOf(event, "UID")?.trim() || `${days.startsOn} ${title}`).slice(0, 200);
      let inside = 0;
      for (const startsOn of years) {
        const endsOn = plus(startsOn, days.count - 1);
        if (endsOn < range.from || startsOn > range.to) continue;
        inside += 1;
        const key = years.length > 1 || hasRule(event) ? `${uid} ${startsOn}` : uid;
        if (found.has(key)) leave("twice");
        else found.set(key, { uid: key, startsOn, endsOn, title });
      }
      if (inside === 0) file.outside += 1;
    }
  }
  if (problems.length > 0) return { problems };
  file.holidays = [...found.values()].sort((a, b) => (a.startsOn < b.startsOn ? -1 : a.startsOn > b.startsOn ? 1 : 0));
  return file;
}

type Days = { startsOn: string; count: number };

function daysOf(event: IcalEvent): Days | "timed" | IcalProblem {
  const start = propertyOf(event, "DTSTART");
  if (!start) return { line: event.line, code: "noStart" };
  const end = propertyOf(event, "DTEND");
  const [first, after] = [momentOf(start), end ? momentOf(end) : null];
  if (first === null) return { line: start.line, code: "badDate" };
  if (end && after === null) return { line: end.line, code: "badDate" };
  const duration = daysOfDuration(valueOf(event, "DURATION"));
  if (first === "timed" || after === "timed" || duration === "timed") return "timed";
  if (after === null) {
    // Without an end an event at midnight is a moment, a date is a day.
    if (duration === null && start.value.includes("T")) return "timed";
    return { startsOn: first, count: duration ?? 1 };
  }
  if (end && after < first) return { line: end.line, code: "endBeforeStart" };
  return { startsOn: first, count: Math.max(1, (Date.parse(after) - Date.parse(first)) / DAY_MS) };
}

/** A date, also as local midnight; `timed`: another moment; null: neither. */
function momentOf({ value }: IcalProperty): string | "timed" | null {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{6})(Z?))?$/.exec(value.trim());
  const date = match ? `${match[1]}-${match[2]}-${match[3]}` : "";
  if (!match || !dateFromText(date) || date < "1900-01-01" || date > "2999-12-31") return null;
  return match[4] === undefined || (match[4] === "000000" && match[5] === "") ? date : "timed";
}

function daysOfDuration(value: string | undefined): number | "timed" | null {
  if (value === undefined) return null;
  const match = /^\+?P(?:(\d{1,3})W|(\d{1,3})D(?:T0[HMS])?)$/.exec(value.trim().toUpperCase());
  const days = match ? Number(match[1] ?? 0) * 7 + Number(match[2] ?? 0) : 0;
  return days > 0 ? days : "timed";
}

const hasRule = (event: IcalEvent) => propertyOf(event, "RRULE") !== undefined;

/** The dates on which it begins: its own, or one a year within `range`; null when it repeats in a way we do not read. */
function yearsOf(event: IcalEvent, startsOn: string, range: { from: string; to: string }): string[] | null {
  if (["RDATE", "EXDATE", "RECURRENCE-ID", "EXRULE"].some((name) => propertyOf(event, name))) return null;
  const rule = valueOf(event, "RRULE");
  if (rule === undefined) return [startsOn];
  const parts = new Map(
    rule
      .trim()
      .toUpperCase()
      .split(";")
      .map((part): [string, string] => [part.split("=")[0] ?? "", part.split("=")[1] ?? ""]),
  );
  const [year = "", month = "", day = ""] = startsOn.split("-");
  const isPlain =
    parts.get("FREQ") === "YEARLY" &&
    (parts.get("INTERVAL") ?? "1") === "1" &&
    Number(parts.get("BYMONTH") ?? month) === Number(month) &&
    Number(parts.get("BYMONTHDAY") ?? day) === Number(day) &&
    [...parts.keys()].every((key) =>
      ["FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "COUNT", "UNTIL", "WKST"].includes(key),
    );
  const count = Number(parts.get("COUNT") ?? "9999");
  const until = parts.get("UNTIL") ?? "99991231";
  if (!isPlain || !Number.isSafeInteger(count) || !/^\d{8}/.test(until)) return null;
  const last = `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}`;
  const dates: string[] = [];
  // The year before too: a holiday around New Year began in it.
  const firstYear = Math.max(Number(year), Number(range.from.slice(0, 4)) - 1);
  for (let n = firstYear; n <= Number(range.to.slice(0, 4)) && n - Number(year) < count; n += 1) {
    const date = `${String(n)}-${month}-${day}`;
    if (date <= last && dateFromText(date)) dates.push(date); // 29 February is in leap years alone
  }
  return dates;
}

function propertyOf(event: IcalEvent, name: string): IcalProperty | undefined {
  return event.properties.find((property) => property.name === name);
}

function valueOf(event: IcalEvent, name: string): string | undefined {
  return propertyOf(event, name)?.value;
}

function plus(date: string, days: number): string {
  return dateText(new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS));
}
