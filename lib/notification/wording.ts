import { createTranslator } from "next-intl";
import type { Person } from "@/lib/identity/people";
import notifications from "@/messages/en/notifications.json";
import type { NotificationKind } from "./payload";

/** A notification as stored, as far as its words need it. */
export type Worded = {
  kind: NotificationKind;
  userId: string;
  studentId: string | null;
  data: Record<string, string>;
};

const STATUSES = ["PRESENT", "ABSENT", "LATE", "EXCUSED"] as const;
export type Status = (typeof STATUSES)[number];

/** Dates of these words. An alert is told in one language, whoever reads it; British, for the day before the month. */
const DATES = "en-GB";
const t = createTranslator({ locale: "en", messages: { notifications }, namespace: "notifications" });

/** A stored status, as far as it is one. */
export function statusOf(text: string | undefined): Status {
  return STATUSES.find((status) => status === text) ?? "PRESENT";
}

/**
 * Title and body of a notification for its recipient. Names come from `people` at the time of reading and are never
 * stored with the notification; the class is told by its own local date and time.
 */
export function wordsOf(notification: Worded, people: ReadonlyMap<string, Person>): { title: string; body: string } {
  const { data } = notification;
  const section = data["sectionTitle"] ?? "";
  const code = data["sectionCode"] ?? "";
  const own = notification.studentId === notification.userId;
  const name = people.get(notification.studentId ?? "")?.givenName ?? "";
  const classBody = () => t("item.classBody", { code, ...classTime(data) });
  switch (notification.kind) {
    case "attendance_marked_absent":
      return { title: own ? t("item.absentOwn", { section }) : t("item.absent", { name, section }), body: classBody() };
    case "attendance_corrected": {
      const to = statusOf(data["to"]);
      const title = own ? t(`item.correctedOwn.${to}`, { section }) : t(`item.corrected.${to}`, { name, section });
      return { title, body: classBody() };
    }
    case "student_enrolled":
      return { title: t("item.enrolled", { section }), body: t("item.sectionBody", { code }) };
    case "waitlist_promoted":
      return { title: t("item.promoted", { section }), body: t("item.sectionBody", { code }) };
    case "student_dropped":
      return { title: t("item.dropped", { section }), body: t("item.sectionBody", { code }) };
    case "test":
      return { title: t("push.title"), body: t("push.test") };
  }
}

/** When a class was, in its school's own time: `Tue 18 Nov`, `11:00`. */
export function classTime(data: Record<string, string>): { day: string; time: string } {
  return { day: dayText(data["date"] ?? ""), time: (data["startsAt"] ?? "").slice(11, 16) };
}

/** A local date as people write it, without the year: `Tue 18 Nov`. */
export function dayText(date: string): string {
  const instant = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(instant.getTime())) return date;
  const parts = new Intl.DateTimeFormat(DATES, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
  return parts.format(instant).replace(",", "");
}
