import { clockWords, dateWords } from "@/messages/dates";

/** An instant as the clock of a zone shows it: `00:05`. */
export function clockIn(iso: string, timeZone: string, locale: string): string {
  return clockWords(new Date(iso), locale, timeZone);
}

/** An instant with its day: `24 Nov, 00:05`. */
export function momentIn(iso: string, timeZone: string, locale: string): string {
  return dateWords(new Date(iso), locale, {
    timeZone,
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
}
