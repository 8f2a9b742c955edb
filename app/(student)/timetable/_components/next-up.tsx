import { useTranslations } from "next-intl";
import { clock } from "@/components/enrollment/week/clock";
import { TextLink } from "@/components/ui/text-link";
import type { WeekView } from "@/lib/timetable/schema";
import { InMinutes } from "./in-minutes";

/** What is on now, each in one line: what, until when, where. */
export function OnNow({ view }: { view: WeekView }) {
  const t = useTranslations("timetable");
  const running = view.days.flatMap(({ classes }) => classes.filter(({ isNow }) => isNow));
  return running.map((item) => {
    const facts = { title: item.title, time: clock(item.endMinute) };
    return (
      <p key={item.id} className="mb-1" data-no-print>
        <TextLink quiet href={`/sections/${item.sectionId}`} className="font-medium">
          {item.location === null ? t("onNowNoPlace", facts) : t("onNow", { ...facts, place: item.location })}
        </TextLink>
      </p>
    );
  });
}

/** The next class in one line: what, when, where, and in how many minutes when it is soon. */
export function NextUp({ view, now }: { view: WeekView; now: Date }) {
  const t = useTranslations("timetable");
  const tDay = useTranslations("sections.dayLong");
  const { next } = view;
  if (next === null) return <p className="mb-4 text-muted">{t("noMore")}</p>;
  const minutes = (Date.parse(next.startsAt) - now.getTime()) / 60_000;
  const time = next.isToday
    ? clock(next.startMinute)
    : t("dayTime", { day: tDay(next.day), time: clock(next.startMinute) });
  const text =
    next.location === null
      ? t("nextUpNoPlace", { title: next.title, time })
      : t("nextUp", { title: next.title, time, place: next.location });
  return (
    <p className="mb-4" data-no-print>
      <TextLink quiet href={`/sections/${next.sectionId}`} className="font-medium">
        {text}
      </TextLink>
      {/* A page that is read again counts from its own moment. */}
      <InMinutes key={now.getTime()} minutes={minutes} words={t.raw("inMinutes")} />
    </p>
  );
}
