/** Clock time of an ISO 8601 instant that carries the school's offset, as it stands in it: `10:05`. */
export function clockText(iso: string): string {
  return iso.slice(11, 16);
}

/** A local date in words, for example `Tuesday, November 17`; `short` for tables. */
export function dayText(date: string, locale: string, length: "long" | "short" = "long"): string {
  return new Intl.DateTimeFormat(locale, {
    weekday: length,
    day: "numeric",
    month: length,
    timeZone: "UTC",
  }).format(new Date(`${date}T00:00:00Z`));
}

/** A month (`2026-11`) in words: `November 2026`. */
export function monthText(month: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" }).format(
    new Date(`${month}-01T00:00:00Z`),
  );
}
