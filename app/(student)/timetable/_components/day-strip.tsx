import { useTranslations } from "next-intl";
import type { WeekView } from "@/lib/timetable/schema";

/** On a phone: one link for each day with its number of classes, to jump to the day's list. */
export function DayStrip({ view }: { view: WeekView }) {
  const t = useTranslations("timetable");
  const tDay = useTranslations("sections.dayShort");
  return (
    <nav aria-label={t("days")} data-no-print className="mb-4 md:hidden">
      <ul className="grid auto-cols-fr grid-flow-col gap-1">
        {view.days.map((day) => (
          <li key={day.date}>
            <a
              href={`#${day.day.toLowerCase()}`}
              aria-current={day.isToday ? "date" : undefined}
              className="flex min-h-14 flex-col items-center justify-center rounded-md border border-border bg-surface aria-[current]:border-accent aria-[current]:text-accent"
            >
              <span className="text-sm font-medium">{tDay(day.day)}</span>
              <span aria-hidden="true" className="text-sm text-muted tabular">
                {day.classes.length}
              </span>
              <span className="sr-only">{t("classes", { count: day.classes.length })}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
