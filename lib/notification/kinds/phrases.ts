import { dateWords } from "@/messages/dates";
import { localeFrom } from "@/messages/locale";
import { translator } from "@/messages/translator";

const STATUSES = ["PRESENT", "ABSENT", "LATE", "EXCUSED"] as const;
export type Status = (typeof STATUSES)[number];

/** The sentences about notifications in a language. */
export const phrases = (locale: string) => translator(locale, "notifications");

/** A stored status, as far as it is one. */
export function statusOf(text: string | undefined): Status {
  return STATUSES.find((status) => status === text) ?? "PRESENT";
}

/** When a class was, in its school's own time: `Tue 18 Nov`, `11:00`. */
export function classTime(data: Record<string, string>, locale: string): { day: string; time: string } {
  return { day: dayText(data["date"] ?? "", locale), time: (data["startsAt"] ?? "").slice(11, 16) };
}

/** Which class it was: `BIO210-1, Tue 18 Nov, 11:00`. */
export function classText(data: Record<string, string>, locale: string): string {
  return phrases(locale)("item.classBody", { code: data["sectionCode"] ?? "", ...classTime(data, locale) });
}

/** A local date as people write it, without the year: `Tue 18 Nov`. */
export function dayText(date: string, locale: string): string {
  const instant = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(instant.getTime())) return date;
  const style = { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" } as const;
  return dateWords(instant, localeFrom(locale), style);
}
