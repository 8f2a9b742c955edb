import clsx from "clsx";
import { useFormatter, useLocale, useTranslations } from "next-intl";
import Link from "next/link";
import type { CSSProperties } from "react";
import { ArrowRight, Ban, Icon, TriangleAlert } from "@/components/ui/icon";
import type { WeekClass, WeekDay, WeekView } from "@/lib/timetable/schema";
import { dayWords } from "@/messages/dates";
import { clock } from "./clock";
import { hueEdge } from "./course-hue";
import { NowLine } from "./now-line";

/**
 * A week as a list for each day, from Monday on, whatever it looks like. From 768 px and on paper the same lists are drawn
 * as a grid of hours, each day in its column, so there is one tab stop a class, and the focus goes as the eye does.
 */
export function WeekGrid({ view }: { view: WeekView }) {
  const hours = Array.from({ length: view.lastHour - view.firstHour }, (_, index) => view.firstHour + index);
  const grid = {
    "--hours": hours.length,
    "--hour": `${view.hourHeight}rem`,
    "--days": view.days.length,
  } as CSSProperties;
  return (
    <div
      style={grid}
      className="md:grid md:grid-cols-[3rem_repeat(var(--days),minmax(0,1fr))] md:rounded-lg md:border md:border-border md:bg-surface print:grid print:grid-cols-[3rem_repeat(var(--days),minmax(0,1fr))] print:border-0 print:[--hour:min(3.25rem,calc(38.5rem/var(--hours)))]!"
    >
      <div aria-hidden="true" className="relative row-start-1 max-md:hidden print:block">
        <div className="h-12" />
        {hours.map((hour) => (
          <div key={hour} className="h-(--hour) pe-2 text-end text-xs text-muted tabular">
            <span className="relative -top-2">{clock(hour * 60)}</span>
          </div>
        ))}
      </div>
      {view.days.map((day, index) => (
        <DayColumn key={day.date} day={day} column={index + 2} view={view} />
      ))}
    </div>
  );
}

function DayColumn({ day, column, view }: { day: WeekDay; column: number; view: WeekView }) {
  const t = useTranslations("timetable");
  const tDay = useTranslations("sections.dayLong");
  const tState = useTranslations("calendar.state");
  const date = dayWords(day.date, useLocale(), { day: "numeric", month: "short" });
  const heading = `day-${day.day.toLowerCase()}`;
  return (
    <section
      id={day.day.toLowerCase()}
      aria-labelledby={heading}
      style={{ "--column": column } as CSSProperties}
      className={clsx(
        "col-start-(--column) row-start-1 min-w-0 scroll-mt-4 max-md:mb-6 md:border-s md:border-border print:mb-0 print:border-s",
        day.isToday && "md:bg-accent-soft/40 print:bg-transparent",
      )}
    >
      <h2
        id={heading}
        className="flex items-baseline gap-2 text-base md:h-12 md:flex-col md:items-start md:justify-center md:gap-0 md:border-b md:border-border md:px-2 md:text-sm max-md:mb-2 print:h-12 print:flex-col print:gap-0 print:px-2 print:text-sm"
      >
        <span>
          {tDay(day.day)}
          {day.isToday ? <span className="ms-2 text-sm font-medium text-accent print:hidden">{t("today")}</span> : null}
        </span>
        <span className="text-sm font-normal text-muted md:text-xs">{date}</span>
      </h2>
      <div className="relative md:h-[calc(var(--hours)*var(--hour))] md:bg-[repeating-linear-gradient(to_bottom,var(--border)_0_1px,transparent_1px_var(--hour))] print:h-[calc(var(--hours)*var(--hour))]">
        {day.isToday ? (
          <NowLine
            key={view.nowMinute} // a page that is read again counts from its own moment
            minute={view.nowMinute}
            firstMinute={view.firstHour * 60}
            lastMinute={view.lastHour * 60}
            label={t("now")}
          />
        ) : null}
        {day.classes.length === 0 ? (
          <p className={clsx("text-sm text-muted", day.dayOff === null && "md:sr-only print:hidden", "md:p-2")}>
            {day.dayOff === null ? t("noClasses") : tState("noSchool", { title: day.dayOff })}
          </p>
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
  const format = useFormatter();
  const time = `${clock(item.startMinute)}–${clock(item.endMinute)}`;
  const isNarrow = item.lanes > 1;
  const place = {
    "--from": (item.startMinute - firstHour * 60) / 60,
    "--long": (item.drawnEndMinute - item.startMinute) / 60,
    "--lane": item.lane,
    "--lanes": item.lanes,
  } as CSSProperties;
  const change = useChangeWords(item.change);
  const remark =
    change ??
    (item.isCancelled
      ? t("cancelled")
      : item.overlaps.length > 0
        ? t("overlaps", { sections: format.list(item.overlaps) })
        : null);
  const isMoved = item.change !== null && item.change.kind !== "noSchool" && item.change.kind !== "cancelled";
  return (
    <li style={place} className="week-place">
      <Link
        href={`/sections/${item.sectionId}`}
        data-class={item.id}
        className={clsx("week-class", hueEdge(item.hue), item.isCancelled && "border-dashed bg-sunken text-muted")}
      >
        <span className="flex flex-wrap items-baseline justify-between gap-x-2 md:flex-nowrap md:justify-start print:flex-nowrap">
          <span
            className={clsx(
              "font-medium md:shrink-0 md:text-sm md:leading-4 print:text-xs print:leading-4",
              isNarrow && "md:truncate md:shrink",
              item.isCancelled && "line-through",
            )}
          >
            {item.code}
          </span>
          {item.isNow ? (
            <span data-no-print className="rounded-full bg-accent-soft px-1.5 text-xs font-medium text-accent">
              {t("now")}
            </span>
          ) : null}
          <span className={clsx("text-sm tabular md:text-xs md:text-muted print:text-xs", isNarrow && "md:hidden")}>
            {time}
          </span>
          {item.isShort ? <OneLine item={item}>{remark}</OneLine> : null}
        </span>
        {isNarrow ? <span className="hidden truncate text-xs text-muted tabular md:block">{time}</span> : null}
        {/* Before the title: in a short class the last lines may not be in view, and this one must be. */}
        {remark === null ? null : (
          <Remark icon={isMoved ? ArrowRight : item.isCancelled ? Ban : TriangleAlert} isHidden={item.isShort}>
            {remark}
          </Remark>
        )}
        <span
          className={clsx(
            "block text-sm md:truncate md:text-xs md:leading-4 print:text-xs print:leading-4",
            item.isCancelled && "line-through",
            item.isShort && "md:hidden print:hidden",
          )}
        >
          {item.title}
        </span>
        {item.location === null ? null : (
          <span
            className={clsx("block truncate text-sm text-muted md:text-xs md:leading-4 print:text-xs", {
              "md:hidden print:hidden": item.isShort,
            })}
          >
            {item.location}
          </span>
        )}
      </Link>
    </li>
  );
}

/** What became of a class, in words; null when it is as planned. */
function useChangeWords(change: WeekClass["change"]): string | null {
  const t = useTranslations("calendar.state");
  const locale = useLocale();
  if (change === null) return null;
  switch (change.kind) {
    case "noSchool":
      return t("noSchool", { title: change.reason ?? "" });
    case "cancelled":
      return change.reason === null ? t("cancelled") : t("cancelledWhy", { reason: change.reason });
    case "newRoom":
      return t("newRoom");
    case "movedFrom":
    case "movedTo": {
      const day = dayWords(change.date, locale, { weekday: "short", day: "numeric", month: "short" });
      return t(change.kind, { day, time: clock(change.startMinute) });
    }
  }
}

/** What follows code and time in the one line of a short class; the list of a phone has lines enough. */
function OneLine({ item, children }: { item: WeekClass; children: string | null }) {
  return (
    <span className="hidden min-w-0 truncate text-xs md:inline print:inline">
      {children ?? [item.title, item.location].filter((part) => part !== null).join(" · ")}
    </span>
  );
}

function Remark({ icon, isHidden, children }: { icon: typeof Ban; isHidden: boolean; children: string }) {
  return (
    <span
      className={clsx(
        "flex items-center gap-1 text-sm font-medium text-text md:items-start md:text-xs print:text-xs",
        isHidden && "md:hidden print:hidden",
      )}
    >
      <Icon icon={icon} size="sm" className="md:mt-0.5 md:size-3! print:size-3!" />
      <span className="min-w-0 md:line-clamp-2">{children}</span>
    </span>
  );
}
