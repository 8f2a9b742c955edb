import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { TextLink } from "@/components/ui/text-link";
import type { Conflict, SectionView } from "@/lib/enrollment/schema";
import { clock } from "./clock";

const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;

/** True when the line has something to say that the status tag does not. */
export function hasReason(view: SectionView): boolean {
  return view.enrollmentId === null && view.section.blockers.some((blocker) => blocker !== "section_full");
}

/** The words of a conflict: with what, on which day, at what time. */
export function conflictWords({ code, day, startMinute }: Conflict, dayName: (day: (typeof DAYS)[number]) => string) {
  const name = DAYS[day - 1];
  return { section: code, day: name ? dayName(name) : "", time: clock(startMinute) };
}

/** Why the student cannot take a section, in one line that names what stands against it. For server components. */
export function ReasonLine({ view, timeZone, now }: { view: SectionView; timeZone: string; now: Date }) {
  const t = useTranslations("enrollment.reasons");
  const tDay = useTranslations("sections.dayLong");
  const format = useFormatter();
  const linkTo = (id: string) =>
    function SectionLink(code: ReactNode) {
      return <TextLink href={`/sections/${id}`}>{code}</TextLink>;
    };
  const [blocker] = view.section.blockers;

  if (blocker === "enrollment_closed") {
    if (view.opensAt === null || new Date(view.opensAt) <= now) return <>{t("closed")}</>;
    const date = format.dateTime(new Date(view.opensAt), {
      weekday: "short",
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone,
    });
    return <>{t("opens", { date })}</>;
  }
  if (blocker === "already_enrolled" && view.sameCourseAs) {
    const { sectionId, code } = view.sameCourseAs;
    return <>{t.rich("sameCourse", { section: code, link: linkTo(sectionId) })}</>;
  }
  if (blocker === "time_conflict" && view.conflict) {
    return <>{t.rich("conflict", { ...conflictWords(view.conflict, tDay), link: linkTo(view.conflict.sectionId) })}</>;
  }
  if (blocker === "section_full") return <>{t("full")}</>;
  return <>{t("other")}</>;
}
