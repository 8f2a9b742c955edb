import { Check, Clock, FileCheck, X } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { ATTENDANCE_STATUSES, type AttendanceStatus, type HistoryItem } from "@/lib/attendance/schema";
import { dayText, monthText } from "./times";

const looks = {
  PRESENT: { icon: Check, className: "bg-heat-present text-heat-present-on" },
  LATE: { icon: Clock, className: "bg-heat-late text-heat-late-on" },
  EXCUSED: { icon: FileCheck, className: "bg-heat-excused text-heat-excused-on" },
  ABSENT: { icon: X, className: "bg-heat-absent text-heat-absent-on" },
} as const;
/** What a day shows when its classes differ: the mark that says most. */
const loudest = ["ABSENT", "LATE", "EXCUSED", "PRESENT"] as const;

/**
 * A month as a table of weeks. A day shows its loudest mark by sign, lightness and words; every day on which something
 * else than "present" happened is a link to its classes in the list.
 */
export function MonthCalendar({
  month,
  today,
  items,
}: {
  month: string;
  today: string;
  items: readonly HistoryItem[];
}) {
  const t = useTranslations("attendance.history");
  const ui = useTranslations("ui");
  const locale = useLocale();
  const byDate = Map.groupBy(items, ({ date }) => date);
  const weekday = new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" });
  const weekdayLong = new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" });
  // 5 January 1970 was a Monday.
  const monday = (index: number) => new Date(Date.UTC(1970, 0, 5 + index));
  return (
    <figure className="max-w-form">
      <table className="w-full table-fixed border-separate border-spacing-1 text-sm">
        <caption className="sr-only">{t("month", { month: monthText(month, locale) })}</caption>
        <thead>
          <tr>
            {Array.from({ length: 7 }, (_, index) => (
              <th key={index} scope="col" className="pb-1 text-center text-xs font-medium text-muted">
                <abbr title={weekdayLong.format(monday(index))} className="no-underline">
                  {weekday.format(monday(index))}
                </abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week, index) => (
            <tr key={index}>
              {week.map((date, place) => (
                <td key={place} className="h-11 p-0 align-middle">
                  {date === null ? null : (
                    <Day
                      date={date}
                      isToday={date === today}
                      statuses={(byDate.get(date) ?? []).map(({ status }) => status)}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <figcaption className="mt-3">
        <span className="sr-only">{t("legend")}</span>
        <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-muted">
          {ATTENDANCE_STATUSES.map((status) => {
            const { icon: Glyph, className } = looks[status];
            return (
              <li key={status} className="inline-flex items-center gap-1.5">
                <span className={`inline-flex size-5 items-center justify-center rounded-sm ${className}`}>
                  <Glyph className="size-3.5" strokeWidth={3} aria-hidden="true" />
                </span>
                {ui(`attendanceStatus.${status}`)}
              </li>
            );
          })}
        </ul>
      </figcaption>
    </figure>
  );
}

function Day({ date, isToday, statuses }: { date: string; isToday: boolean; statuses: readonly AttendanceStatus[] }) {
  const t = useTranslations("attendance.history");
  const locale = useLocale();
  const worst = loudest.find((status) => statuses.includes(status));
  const number = Number(date.slice(8));
  const edge = isToday ? "ring-2 ring-accent" : "";
  const frame = `relative flex h-11 w-full items-start justify-start rounded-md px-1.5 py-0.5 tabular ${edge}`;
  if (!worst)
    return (
      <span aria-current={isToday ? "date" : undefined} className={`${frame} text-faint`}>
        {number}
      </span>
    );
  const day = dayText(date, locale);
  const { icon: Glyph, className } = looks[worst];
  const content = (
    <>
      <span aria-hidden="true" className="font-medium">
        {number}
      </span>
      <Glyph className="absolute end-1 bottom-1 size-3.5" strokeWidth={3} aria-hidden="true" />
    </>
  );
  if (worst === "PRESENT")
    return (
      <span aria-current={isToday ? "date" : undefined} className={`${frame} ${className}`}>
        {content}
        <span className="sr-only">{t("dayAllPresent", { date: day })}</span>
      </span>
    );
  const summary = loudest
    .filter((status) => status !== "PRESENT" && statuses.includes(status))
    .map((status) => t(`summary.${status}`, { count: statuses.filter((own) => own === status).length }))
    .join(", ");
  return (
    <a
      href={`#day-${date}`}
      aria-current={isToday ? "date" : undefined}
      className={`${frame} ${className} underline underline-offset-2`}
    >
      {content}
      <span className="sr-only">{t("daySummary", { date: day, summary })}</span>
    </a>
  );
}

/** The weeks of a month from Monday, with null for days of the months beside it. */
function weeksOf(month: string): (string | null)[][] {
  const [year = 1970, number = 1] = month.split("-").map(Number);
  const days = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const before = (new Date(Date.UTC(year, number - 1, 1)).getUTCDay() + 6) % 7;
  const cells = Array.from({ length: Math.ceil((before + days) / 7) * 7 }, (_, index) => {
    const day = index - before + 1;
    return day < 1 || day > days ? null : `${month}-${String(day).padStart(2, "0")}`;
  });
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}
