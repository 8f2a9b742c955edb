import { createTranslator } from "next-intl";
import { dateWords } from "@/messages/dates";
import notifications from "@/messages/en/notifications.json";

const STATUSES = ["PRESENT", "ABSENT", "LATE", "EXCUSED"] as const;
export type Status = (typeof STATUSES)[number];

/** The catalogue's sentences about notifications. */
export const t = createTranslator({ locale: "en", messages: { notifications }, namespace: "notifications" });

/** A stored status, as far as it is one. */
export function statusOf(text: string | undefined): Status {
  return STATUSES.find((status) => status === text) ?? "PRESENT";
}

/** When a class was, in its school's own time: `Tue 18 Nov`, `11:00`. */
export function classTime(data: Record<string, string>): { day: string; time: string } {
  return { day: dayText(data["date"] ?? ""), time: (data["startsAt"] ?? "").slice(11, 16) };
}

/** Which class it was: `BIO210-1, Tue 18 Nov, 11:00`. */
export function classText(data: Record<string, string>): string {
  return t("item.classBody", { code: data["sectionCode"] ?? "", ...classTime(data) });
}

/** A local date as people write it, without the year: `Tue 18 Nov`. */
export function dayText(date: string): string {
  const instant = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(instant.getTime())) return date;
  return dateWords(instant, "en", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
}
