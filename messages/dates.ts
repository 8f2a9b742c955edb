/** The regional style in which each language writes dates. English is of no country: day before month, 24-hour clock. */
const STYLES: Record<string, string> = { en: "en-GB" };

/** A person reads few kinds of dates in few zones; what is left out of a full memory is only made anew. */
const MOST_FORMATS = 200;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) {
    if (formats.size >= MOST_FORMATS) formats.clear();
    format = new Intl.DateTimeFormat(STYLES[locale] ?? locale, options);
    formats.set(key, format);
  }
  return format;
}

/**
 * A date or an instant in words, in the one style of the language: every date that people see comes from here, so that
 * "25 Nov" stands nowhere beside "Nov 25". `timeZone` is needed: the school's, or UTC for a local date.
 */
export function dateWords(
  at: Date | number,
  locale: string,
  options: Intl.DateTimeFormatOptions & { timeZone: string },
): string {
  const parts = formatOf(locale, options.hour === undefined ? options : { ...options, hourCycle: "h23" }).formatToParts(
    at,
  );
  // Newer versions of the style write "Wed, 18 Nov" and older "Wed 18 Nov": the server and a browser must agree.
  return parts
    .map(({ type, value }, index) => (type === "literal" && parts[index - 1]?.type === "weekday" ? " " : value))
    .join("");
}

/** A local date (`YYYY-MM-DD`) in words. */
export function dayWords(date: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  return dateWords(new Date(`${date}T00:00:00Z`), locale, { ...options, timeZone: "UTC" });
}

/** An instant as the clock of a zone shows it: `00:05`; `24:05` is never said. */
export function clockWords(at: Date | number, locale: string, timeZone: string): string {
  return dateWords(at, locale, { timeZone, hour: "2-digit", minute: "2-digit" });
}
