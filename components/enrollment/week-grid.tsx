import clsx from "clsx";
import { Ban, TriangleAlert } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import Link from "next/link";
import type { CSSProperties } from "react";
import { Icon } from "@/components/ui/icon";
import type { WeekClass, WeekDay, WeekView } from "@/lib/enrollment/schema";
import { NowLine } from "./now-line";

const hues = {
  1: "border-s-course-1",
  2: "border-s-course-2",
  3: "border-s-course-3",
  4: "border-s-course-4",
  5: "border-s-course-5",
  6: "border-s-course-6",
} as const;

/** Minutes from local midnight as a clock time. */
export function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/**
 * A week as a list for each day. From 768 px and on paper the same lists are drawn as a grid of hours, so there is one
 * reading order and one tab stop a class, whatever it looks like.
 */
export function WeekGrid({ view }: { view: WeekView }) {
  const hours = Array.from({ length: view.lastHour - view.firstHour }, (_, index) => view.firstHour + index);
  const grid = {
    "--hours": hours.length,
    gridTemplateColumns: `3rem repeat(${view.days.length}, minmax(0, 1fr))`,
  } as CSSProperties;
  return (
    <div
      style={grid}
      className="[--hour:4.25rem] max-md:grid-cols-1! md:grid md:rounded-lg md:border md:border-border md:bg-surface print:grid print:border-0 print:[--hour:3.25rem]"
    >
      <div aria-hidden="true" className="relative max-md:hidden print:block">
        <div className="h-12" />
        {hours.map((hour) => (
          <div key={hour} className="h-(--hour) pe-2 text-end text-xs text-muted tabular">
            <span className="relative -top-2">{clock(hour * 60)}</span>
          </div>
        ))}
      </div>
      {view.days.map((day) => (
        <DayColumn key={day.date} day={day} view={view} />
      ))}
    </div>
  );
}

function DayColumn({ day, view }: { day: WeekDay; view: WeekView }) {
  const t = useTranslations("timetable");
  const tDay = useTranslations("sections.dayLong");
  const format = useFormatter();
  const date = format.dateTime(new Date(`${day.date}T00:00:00Z`), { day: "numeric", month: "short", timeZone: "UTC" });
  const heading = `day-${day.day.toLowerCase()}`;
  return (
    <section
      id={day.day.toLowerCase()}
      aria-labelledby={heading}
      className={clsx(
        "min-w-0 scroll-mt-4 max-md:mb-6 md:border-s md:border-border print:mb-0 print:border-s",
        day.isToday && "md:bg-accent-soft/40",
      )}
    >
      <h2
        id={heading}
        className="flex items-baseline gap-2 text-base md:h-12 md:flex-col md:items-start md:justify-center md:gap-0 md:border-b md:border-border md:px-2 md:text-sm max-md:mb-2 print:h-12 print:flex-col"
      >
        <span>
          {tDay(day.day)}
          {day.isToday ? <span className="ms-2 text-sm font-medium text-accent">{t("today")}</span> : null}
        </span>
        <span className="text-sm font-normal text-muted md:text-xs">{date}</span>
      </h2>
      <div className="relative md:h-[calc(var(--hours)*var(--hour))] md:bg-[repeating-linear-gradient(to_bottom,var(--border)_0_1px,transparent_1px_var(--hour))] print:h-[calc(var(--hours)*var(--hour))]">
        {day.isToday ? (
          <NowLine
            minute={view.nowMinute}
            firstMinute={view.firstHour * 60}
            lastMinute={view.lastHour * 60}
            label={t("now")}
          />
        ) : null}
        {day.classes.length === 0 ? (
          <p className="text-sm text-muted md:sr-only">{t("noClasses")}</p>
        ) : (
          <ol className="max-md:grid max-md:gap-2">
            {day.classes.map((item) => (
              <ClassBlock key={item.id} item={item} firstHour={view.firstHour} />
            ))}
          </ol>
        )}
      </div>
    </section>
  );
}

function ClassBlock({ item, firstHour }: { item: WeekClass; firstHour: number }) {
  const t = useTranslations("timetable");
  const time = `${clock(item.startMinute)}–${clock(item.endMinute)}`;
  const place = {
    "--from": (item.startMinute - firstHour * 60) / 60,
    "--long": (item.endMinute - item.startMinute) / 60,
    "--lane": item.lane,
    "--lanes": item.lanes,
  } as CSSProperties;
  return (
    <li
      style={place}
      className="md:absolute md:top-[calc(var(--from)*var(--hour))] md:h-[calc(var(--long)*var(--hour))] md:w-[calc(100%/var(--lanes))] md:start-[calc(100%/var(--lanes)*var(--lane))] md:p-0.5 print:absolute"
    >
      <Link
        href={`/sections/${item.sectionId}`}
        className={clsx(
          "block h-full overflow-hidden rounded-md border border-s-4 border-border bg-surface px-3 py-2 -outline-offset-2 hover:bg-sunken md:px-2 md:py-1",
          hues[(((item.hue - 1) % 6) + 1) as keyof typeof hues],
          item.isCancelled && "border-dashed bg-sunken text-muted",
        )}
      >
        <span className="flex flex-wrap items-baseline justify-between gap-x-2">
          <span className={clsx("font-medium md:text-sm md:leading-4", item.isCancelled && "line-through")}>
            {item.code}
          </span>
          <span className="text-sm tabular md:hidden print:hidden">{time}</span>
          <span className="text-xs text-muted max-md:hidden print:inline">{item.location}</span>
        </span>
        {item.isCancelled ? (
          <span className="flex items-center gap-1 text-sm font-medium md:text-xs">
            <Icon icon={Ban} size="sm" className="md:size-3!" />
            {t("cancelled")}
          </span>
        ) : null}
        <span className={clsx("block text-sm md:truncate md:text-xs", item.isCancelled && "line-through")}>
          {item.title}
        </span>
        <span className="block text-xs text-muted tabular max-md:hidden print:block">{time}</span>
        {item.location === null ? null : (
          <span className="block text-sm text-muted md:hidden print:hidden">{item.location}</span>
        )}
        {item.lanes > 1 ? (
          <span className="flex items-center gap-1 text-sm font-medium md:text-xs">
            <Icon icon={TriangleAlert} size="sm" className="md:size-3!" />
            {t("overlap")}
          </span>
        ) : null}
      </Link>
    </li>
  );
}
