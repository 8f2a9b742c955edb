import { dayWords } from "@/messages/dates";

/** Clock time of an ISO 8601 instant that carries the school's offset, as it stands in it: `10:05`. */
export function clockText(iso: string): string {
  return iso.slice(11, 16);
}

/** A local date in words, for example `Tuesday 17 November`; `short` for tables: `Tue 17 Nov`. */
export function dayText(date: string, locale: string, length: "long" | "short" = "long"): string {
  return dayWords(date, locale, { weekday: length, day: "numeric", month: length });
}

/** A month (`2026-11`) in words: `November 2026`. */
export function monthText(month: string, locale: string): string {
  return dayWords(`${month}-01`, locale, { month: "long", year: "numeric" });
}
