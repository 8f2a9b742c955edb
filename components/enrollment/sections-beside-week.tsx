import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { PlanWeek, SectionView } from "@/lib/enrollment/schema";
import type { SectionGhost } from "./section-ghost";
import { conflictWords } from "./reason-line";
import { WeekPreview } from "./week-preview";

const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;

/** The list with the student's week beside it, and its words. For server components. */
export function SectionsBesideWeek({
  views,
  week,
  children,
}: {
  views: readonly SectionView[];
  week: PlanWeek;
  children: ReactNode;
}) {
  const t = useTranslations("enrollment");
  const tSections = useTranslations("sections");
  const ghostOf = ({ section, enrollmentId, conflict }: SectionView): SectionGhost => {
    const { startsOn: termStartsOn, endsOn: termEndsOn } = section.term;
    const common = { code: section.code, termStartsOn, termEndsOn };
    if (enrollmentId !== null) return { ...common, kind: "mine", verdict: t("youAreIn") };
    if (conflict !== null)
      return {
        ...common,
        kind: "overlaps",
        verdict: t(
          "reasons.conflictPlain",
          conflictWords(conflict, (day) => tSections(`dayLong.${day}`)),
        ),
      };
    if (section.meetings.length === 0) return { ...common, kind: "untimed", verdict: tSections("noTime") };
    return { ...common, kind: "fits", verdict: t("fits") };
  };
  return (
    <WeekPreview
      week={week}
      ghosts={Object.fromEntries(views.map((view) => [view.section.id, ghostOf(view)]))}
      words={{
        title: t("week.title"),
        hint: t("week.hint"),
        empty: t("week.empty"),
        days: DAYS.map((day) => tSections(`dayShort.${day}`)),
      }}
    >
      {children}
    </WeekPreview>
  );
}
