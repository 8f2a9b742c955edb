import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { pack } from "@/components/patterns/data/packed";
import type { PlanWeek, SectionView } from "@/lib/timetable/schema";
import { useSectionGhosts } from "./section-ghosts";
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
  const tUi = useTranslations("ui");
  const tSections = useTranslations("sections");
  const ghostOf = useSectionGhosts();
  return (
    <WeekPreview
      packed={pack({ week, ghosts: Object.fromEntries(views.map((view) => [view.section.id, ghostOf(view)])) })}
      words={{
        title: t("week.title"),
        total: t("week.total", week.taken),
        hint: views.length === 0 ? "" : t("week.hint"),
        empty: views.length === 0 ? "" : t("week.empty"),
        full: t("reasons.full"),
        close: tUi("close"),
        days: DAYS.map((day) => tSections(`dayShort.${day}`)),
      }}
    >
      {children}
    </WeekPreview>
  );
}
