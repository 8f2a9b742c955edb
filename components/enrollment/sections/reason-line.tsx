import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { type SectionAddress, sectionHref } from "@/components/catalog/section-address";
import { TextLink } from "@/components/ui/text-link";
import type { Conflict } from "@/lib/enrollment/schema";
import type { SectionView } from "@/lib/timetable/schema";
import { dateWords } from "@/messages/dates";
import { clock } from "../week/clock";

const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;

/** The words of a conflict: with what, on which day, at what time. */
export function conflictWords({ code, day, startMinute }: Conflict, dayName: (day: (typeof DAYS)[number]) => string) {
  const name = DAYS[day - 1];
  return { section: code, day: name ? dayName(name) : "", time: clock(startMinute) };
}

export interface ReasonLineProps {
  view: SectionView;
  timeZone: string;
  now: Date;
  /** The list that the links go back to. */
  list: SectionAddress;
  /** Leaves the day and time of an overlap to screen readers where a table has no room for it. */
  isShort?: boolean;
}

/** Why the student cannot take a section, in one line that names what stands against it. For server components. */
export function ReasonLine({ view, timeZone, now, list, isShort = false }: ReasonLineProps) {
  const t = useTranslations("enrollment.reasons");
  const tDay = useTranslations("sections.dayLong");
  const locale = useLocale();
  const linkTo = (id: string) =>
    function SectionLink(code: ReactNode) {
      return <TextLink href={sectionHref(id, list)}>{code}</TextLink>;
    };
  const [blocker] = view.section.blockers;

  if (blocker === "enrollment_closed") {
    if (view.opensAt === null || new Date(view.opensAt) <= now) return <>{t("closed")}</>;
    const date = dateWords(new Date(view.opensAt), locale, {
      weekday: "short",
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      timeZone,
    });
    return <>{t("opens", { date })}</>;
  }
  if (blocker === "already_enrolled" && view.sameCourseAs) {
    const { sectionId, code } = view.sameCourseAs;
    return <>{t.rich("sameCourse", { section: code, link: linkTo(sectionId) })}</>;
  }
  if (blocker === "time_conflict" && view.conflict) {
    const when = (words: ReactNode) => (
      <span className={isShort ? "md:sr-only min-[1440px]:not-sr-only" : undefined}>{words}</span>
    );
    const words = { ...conflictWords(view.conflict, tDay), link: linkTo(view.conflict.sectionId), when };
    return <>{t.rich("conflict", words)}</>;
  }
  if (blocker === "section_full") return <>{t("full")}</>;
  return <>{t("other")}</>;
}
