import { minuteOf, dateFromText, DAYS } from "@/lib/shared/time";
import type { ProblemCode, Problems } from "./problems";

// What the database cannot store or a screen cannot show.
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;
const EMAIL = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/;

/** A weekly meeting as the file writes it; minutes from local midnight. */
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

  text(column: string, maxLength: number): string {
    const value = this.raw(column);
    if (value.length > maxLength) this.fail(column, "tooLong", { limit: maxLength });
    else if (CONTROL.test(value) || !value.isWellFormed()) this.fail(column, "controlCharacter");
    else return value;
    return "";
  }

  requiredText(column: string, maxLength: number): string {
    if (this.raw(column) === "") this.fail(column, "required");
    return this.text(column, maxLength);
  }

  /** A sourcedId or a reference to one. */
  id(column: string): string {
    return this.requiredText(column, 255);
  }

  /** Several ids separated by commas. */
  ids(column: string): string[] {
    const ids = this.text(column, 20_000).split(",");
    return [...new Set(ids.map((id) => id.trim()).filter((id) => id !== ""))];
  }

  /** True when the row ends the thing: `tobedeleted`. */
  ended(): boolean {
    const status = this.raw("status").toLowerCase();
    if (status === "tobedeleted" || status === "inactive") return true;
    if (status !== "" && status !== "active") this.fail("status", "status");
    return false;
  }

  flag(column: string, absent: boolean): boolean {
    const value = this.raw(column).toLowerCase();
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
    const value = this.raw(column);
    if (value === "") return null;
    if (/^\d{1,9}$/.test(value) && Number(value) <= max) return Number(value);
    this.fail(column, "count", { limit: max });
    return null;
  }

  /** A decimal number with at most two digits after the point, or null when the cell is empty. */
  decimal(column: string, max: number): string | null {
    const value = this.raw(column);
    if (value === "") return null;
    if (/^\d{1,6}(\.\d{1,2})?$/.test(value) && Number(value) <= max) return Number(value).toFixed(2);
    this.fail(column, "decimal", { limit: max });
    return null;
  }

  /** An e-mail address, lower-cased; empty when there is none. Only ASCII, so that equal looks mean equal. */
  email(column: string): string {
    const value = this.raw(column);
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
    return [...meetings.values()].sort((a, b) => a.day - b.day || a.startMinute - b.startMinute);
  }

  /** 0/1 a week, or null for every week. */
  weeks(column: string): string | null {
    const value = this.raw(column);
    if (value === "") return null;
    if (/^[01]{1,60}$/.test(value)) return value;
    this.fail(column, "weeks");
    return null;
  }
}
