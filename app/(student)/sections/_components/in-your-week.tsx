import { useTranslations } from "next-intl";
import { useSectionGhosts } from "@/components/enrollment/week/section-ghosts";
import { WeekDrawing } from "@/components/enrollment/week/week-drawing";
import { Card } from "@/components/ui/card";
import type { SectionPageView } from "@/lib/timetable/get-section";

const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;

/** The student's week with this section as it would stand there; the same in words above it. */
export function InYourWeek({ view }: { view: SectionPageView }) {
  const t = useTranslations("sections");
  const tWeek = useTranslations("enrollment.week");
  const ghost = useSectionGhosts()(view);
  return (
    <Card as="section" padding="md" data-ghost={ghost.kind} data-no-print="">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <h2 className="text-lg">{t("detail.week")}</h2>
        <p className="text-sm text-muted tabular">{tWeek("total", view.week.taken)}</p>
      </div>
      {/* That one is in it is said beside the button already. */}
      {ghost.kind === "mine" ? null : <p className="mb-2 text-sm">{ghost.verdict}</p>}
      <WeekDrawing
        week={view.week}
        ghost={ghost}
        meetings={view.week.meetings[view.section.id] ?? []}
        days={DAYS.map((day) => t(`dayShort.${day}`))}
        className="h-[calc(var(--hours)*2.5rem)]"
      />
    </Card>
  );
}
