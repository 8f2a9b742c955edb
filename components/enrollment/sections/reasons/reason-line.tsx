import { useLocale, useTranslations } from "next-intl";
import type { SectionAddress } from "@/components/catalog/section-address";
import type { Conflict } from "@/lib/enrollment/schema";
import type { SectionView } from "@/lib/timetable/schema";
import { dateWords } from "@/messages/dates";
import { clock } from "../../week/clock";
import { type Reason, ReasonWords } from "./reason-words";

const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;

/** The words of a conflict: with what, on which day, at what time. */
export function conflictWords({ code, day, startMinute }: Conflict, dayName: (day: (typeof DAYS)[number]) => string) {
  const name = DAYS[day - 1];
  return { section: code, day: name ? dayName(name) : "", time: clock(startMinute) };
}

/**
 * Why the student cannot take a section, in one line that names what stands against it: the section that does in <link>,
 * the day and time of an overlap in <when>. For server components.
 */
export function useReasons({ timeZone, now }: { timeZone: string; now: Date }) {
  const t = useTranslations("enrollment.reasons");
  const tDay = useTranslations("sections.dayLong");
  const locale = useLocale();
  const marks = {
    link: (words: string) => `<link>${words}</link>`,
    when: (words: string) => `<when>${words}</when>`,
  };
  return (view: SectionView): Reason => {
    const [blocker] = view.section.blockers;
    const plain = (words: string) => ({ words, sectionId: null });
    if (blocker === "enrollment_closed") {
      if (view.opensAt === null || new Date(view.opensAt) <= now) return plain(t("closed"));
      const date = dateWords(new Date(view.opensAt), locale, {
        weekday: "short",
        day: "numeric",
        month: "short",
        hour: "2-digit",
        minute: "2-digit",
        timeZone,
      });
      return plain(t("opens", { date }));
    }
    if (blocker === "already_enrolled" && view.sameCourseAs) {
      const { sectionId, code } = view.sameCourseAs;
      return { words: t.markup("sameCourse", { section: code, link: marks.link }), sectionId };
    }
    if (blocker === "time_conflict" && view.conflict) {
      const words = t.markup("conflict", { ...conflictWords(view.conflict, tDay), ...marks });
      return { words, sectionId: view.conflict.sectionId };
    }
    return plain(t(blocker === "section_full" ? "full" : "other"));
  };
}

export interface ReasonLineProps {
  view: SectionView;
  timeZone: string;
  now: Date;
  /** The list that the links go back to. */
  list: SectionAddress;
}

/** The same as text, with its link. For server components. */
export function ReasonLine({ view, timeZone, now, list }: ReasonLineProps) {
  return <ReasonWords reason={useReasons({ timeZone, now })(view)} list={list} />;
}
