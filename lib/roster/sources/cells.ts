import { minuteOf, dateFromText, DAYS } from "@/lib/shared/time";
import type { CountedCode, ProblemCode, Problems } from "../problems";

// What the database cannot store or a screen cannot show.
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;
const EMAIL = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/;

/** What people write into a cell that has nothing to say; compared in lower case. */
const NOTHING = new Set(["n/a", "n.a.", "#n/a", "none", "null", "-", "--", "–", "—"]);

/** A weekly meeting as the file writes it; minutes from local midnight. */
/** Days without school, both dates included. */
export type HolidayCell = { startsOn: string; endsOn: string; title: string };

export type MeetingCell = { day: number; startMinute: number; endMinute: number };

/** The cells of one row by column name. Each reader reports what is wrong and then answers with a harmless value. */
export class Cells {
  constructor(
    readonly file: string,
    readonly line: number,
    private readonly record: readonly string[],
    private readonly columns: ReadonlyMap<string, number>,
    readonly problems: Problems,
  ) {}

  /** True when the file has the column at all. */
  has(column: string): boolean {
    return this.columns.has(column.toLowerCase());
  }

  /** The cell as it stands, trimmed; empty when the column is not there. */
  raw(column: string): string {
    const index = this.columns.get(column.toLowerCase());
    return index === undefined ? "" : (this.record[index] ?? "");
  }

  fail(column: string, code: ProblemCode, values?: Record<string, string | number>): void {
    this.problems.error({ file: this.file, line: this.line, column, code, ...(values ? { values } : {}) });
  }

  warn(column: string, code: ProblemCode, values?: Record<string, string | number>): void {
    this.problems.warn({ file: this.file, line: this.line, column, code, ...(values ? { values } : {}) });
  }

  /** A cell that may be empty. What only says so in words (`N/A`, `-`, `none`) is empty too, with a note. */
  optional(column: string): string {
    const value = this.raw(column);
    if (!NOTHING.has(value.toLowerCase())) return value;
    this.warn(column, "saysNothing", { value });
    return "";
  }

  /** Text that may be empty. */
  text(column: string, maxLength: number): string {
    return this.checkedText(column, this.optional(column), maxLength);
  }

  private checkedText(column: string, value: string, maxLength: number): string {
    if (value.length > maxLength) this.fail(column, "tooLong", { limit: maxLength });
    else if (CONTROL.test(value) || !value.isWellFormed()) this.fail(column, "controlCharacter");
    else return value;
    return "";
  }

  requiredText(column: string, maxLength: number): string {
    const value = this.raw(column);
    if (value === "") this.fail(column, "required");
    return this.checkedText(column, value, maxLength);
  }

  /** A sourcedId or a reference to one. */
  id(column: string): string {
    return this.requiredText(column, 255);
  }

  /** Several ids separated by commas; none is fine. */
  ids(column: string): string[] {
    return idsIn(this.text(column, 20_000));
  }

  /** Several ids separated by commas, at least one. */
  requiredIds(column: string): string[] {
    const ids = idsIn(this.checkedText(column, this.raw(column), 20_000));
    if (ids.length === 0) this.fail(column, "required");
    return ids;
  }

  /** Notes that a reference of this row was left out; the report counts them. */
  leaveOut(column: string, code: CountedCode, id: string): void {
    this.problems.countLeftOut({ file: this.file, line: this.line, column, code, id });
  }

  /** True when the row ends the thing: `tobedeleted`. */
  ended(): boolean {
    const status = this.optional("status").toLowerCase();
    if (status === "tobedeleted" || status === "inactive") return true;
    if (status !== "" && status !== "active") this.fail("status", "status");
    return false;
  }

  flag(column: string, absent: boolean): boolean {
    const value = this.optional(column).toLowerCase();
    if (value === "") return absent;
    if (value !== "true" && value !== "false") this.fail(column, "flag");
    return value === "true";
  }

  oneOf<T extends string>(column: string, allowed: readonly T[]): T | null {
    const value = this.raw(column).toLowerCase();
    const found = allowed.find((candidate) => candidate.toLowerCase() === value);
    if (found === undefined) this.fail(column, "oneOf", { allowed: allowed.join(", ") });
    return found ?? null;
  }

  date(column: string): string {
    const value = this.raw(column);
    if (value === "") this.fail(column, "required");
    else if (!dateFromText(value) || value < "1900-01-01") this.fail(column, "date");
    else return value;
    return "2000-01-01";
  }

  /** A whole number, or null when the cell is empty. */
  count(column: string, max: number): number | null {
    const value = this.optional(column);
    if (value === "") return null;
    if (/^\d{1,9}$/.test(value) && Number(value) <= max) return Number(value);
    this.fail(column, "count", { limit: max });
    return null;
  }

  /** A decimal number with at most two digits after the point, or null when the cell is empty. */
  decimal(column: string, max: number): string | null {
    const value = this.optional(column);
    if (value === "") return null;
    if (/^\d{1,6}(\.\d{1,2})?$/.test(value) && Number(value) <= max) return Number(value).toFixed(2);
    this.fail(column, "decimal", { limit: max });
    return null;
  }

  /** An e-mail address, lower-cased; empty when there is none. Only ASCII, so that equal looks mean equal. */
  email(column: string): string {
    const value = this.optional(column);
    if (value === "") return "";
    const email = /^[\x20-\x7e]*$/.test(value) ? value.toLowerCase() : "";
    if (email.length <= 254 && EMAIL.test(email)) return email;
    this.fail(column, "email");
    return "";
  }

  /** `MO 09:00-10:50;WE 13:00-14:50`, sorted by day and time. */
  meetings(column: string): MeetingCell[] {
    const value = this.text(column, 2_000);
    const meetings = new Map<string, MeetingCell>();
    for (const part of value.split(";")) {
      const written = part.trim();
      if (written === "") continue;
      const match = /^([A-Za-z]{2})\s+(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})$/.exec(written);
      const day = DAYS.findIndex((name) => name === match?.[1]?.toUpperCase()) + 1;
      const startMinute = minuteOf(match?.[2] ?? "");
      const endMinute = minuteOf(match?.[3] ?? "");
      if (day === 0 || startMinute === null || endMinute === null) {
        this.fail(column, "meetingForm");
      } else if (endMinute <= startMinute) {
        this.fail(column, "meetingOrder");
      } else {
        const key = `${day} ${startMinute}`;
        const same = meetings.get(key);
        if (same && same.endMinute !== endMinute) this.fail(column, "meetingTwice");
        meetings.set(key, { day, startMinute, endMinute });
      }
    }
    const sorted = [...meetings.values()].sort((a, b) => a.day - b.day || a.startMinute - b.startMinute);
    if (sorted.some((meeting, index) => overlaps(sorted[index - 1], meeting))) this.fail(column, "meetingOverlap");
    return sorted;
  }

  /** `2026-11-26 Thanksgiving Day;2026-12-21..2027-01-03 Winter break`, by first day. */
  holidays(column: string): HolidayCell[] {
    const holidays = new Map<string, HolidayCell>();
    for (const part of this.text(column, 20_000).split(";")) {
      const written = part.trim();
      if (written === "") continue;
      const match = /^(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?\s+(\S.{0,99})$/.exec(written);
      const [, startsOn = "", endsOn = startsOn, title = ""] = match ?? [];
      if (
        !match ||
        !dateFromText(startsOn) ||
        !dateFromText(endsOn) ||
        startsOn < "1900-01-01" ||
        endsOn > "2999-12-31"
      )
        this.fail(column, "holidayForm");
      else if (endsOn < startsOn) this.fail(column, "holidayOrder");
      else if (holidays.has(startsOn)) this.fail(column, "holidayTwice", { date: startsOn });
      else holidays.set(startsOn, { startsOn, endsOn, title });
    }
    return [...holidays.values()].sort((a, b) => (a.startsOn < b.startsOn ? -1 : 1));
  }

  /** 0/1 a week, or null for every week. */
  weeks(column: string): string | null {
    const value = this.optional(column);
    if (value === "") return null;
    if (/^[01]{1,60}$/.test(value)) return value;
    this.fail(column, "weeks");
    return null;
  }
}

function idsIn(text: string): string[] {
  return [
    ...new Set(
      text
        .split(",")
        .map((id) => id.trim())
        .filter((id) => id !== ""),
    ),
  ];
}

// Sorted by start, so that each needs to be compared with the one before it alone.
function overlaps(before: MeetingCell | undefined, meeting: MeetingCell): boolean {
  return before?.day === meeting.day && meeting.startMinute < before.endMinute;
}
