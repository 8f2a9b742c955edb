import { useTranslations } from "next-intl";
import { clock } from "@/components/enrollment/week-grid";
import { TextLink } from "@/components/ui/text-link";
import type { WeekView } from "@/lib/enrollment/schema";

const SOON_MINUTES = 120;

/** The next class in one line: what, when, where, and in how many minutes when it is soon. */
export function NextUp({ view, now }: { view: WeekView; now: Date }) {
  const t = useTranslations("timetable");
  const tDay = useTranslations("sections.dayLong");
  const { next } = view;
  if (next === null) return <p className="mb-4 text-muted">{t("noMore")}</p>;
  const minutes = Math.ceil((Date.parse(next.startsAt) - now.getTime()) / 60_000);
  const time = next.isToday ? clock(next.startMinute) : `${tDay(next.day)} ${clock(next.startMinute)}`;
  const text =
    next.location === null
      ? t("nextUpNoPlace", { title: next.title, time })
      : t("nextUp", { title: next.title, time, place: next.location });
  return (
    <p className="mb-4" data-no-print>
      <TextLink quiet href={`/sections/${next.sectionId}`} className="font-medium">
        {text}
      </TextLink>
      {minutes <= SOON_MINUTES ? <span className="text-muted">, {t("inMinutes", { minutes })}</span> : null}
    </p>
  );
}
