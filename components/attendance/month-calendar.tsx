import { Check, Clock, FileCheck, X } from "@/components/ui/icon";
import { useLocale, useTranslations } from "next-intl";
import { LOUDEST, monthDay } from "./month-day";
import { ATTENDANCE_STATUSES, type AttendanceStatus, type HistoryItem } from "@/lib/attendance/schema";
import { dateWords } from "@/messages/dates";
import { dayText, monthText } from "./times";

// The colours of the tags in the list beside it. A day of which the mark is not the whole keeps to the outline.
const looks = {
  PRESENT: {
    icon: Check,
    whole: "border-transparent bg-present-tint text-present-fg",
    part: "border-present-fg text-present-fg",
  },
  LATE: { icon: Clock, whole: "border-transparent bg-late-tint text-late-fg", part: "border-late-fg text-late-fg" },
  EXCUSED: {
    icon: FileCheck,
    whole: "border-transparent bg-excused-tint text-excused-fg",
    part: "border-excused-fg text-excused-fg",
  },
  ABSENT: {
    icon: X,
    whole: "border-transparent bg-absent-solid text-absent-on",
    part: "border-absent-fg text-absent-fg",
  },
} as const;

/**
 * A month as a table of weeks. A day shows its loudest mark by sign, colour and words, filled when all its classes have it
 * and as an outline with how many of how many when not; every day on which something
 * else than "present" happened is a link to its classes in the list.
 */
export function MonthCalendar({
  month,
  today,
  items,
  waiting,
}: {
  month: string;
  today: string;
  items: readonly HistoryItem[];
  /** By date: classes that have no mark that counts. */
  waiting: Readonly<Record<string, number>>;
}) {
  const t = useTranslations("attendance.history");
  const ui = useTranslations("ui");
  const locale = useLocale();
  const byDate = Map.groupBy(items, ({ date }) => date);
  // 5 January 1970 was a Monday.
  const weekday = (index: number, length: "short" | "long") =>
    dateWords(Date.UTC(1970, 0, 5 + index), locale, { weekday: length, timeZone: "UTC" });
  return (
    <figure className="max-w-form">
      <table className="w-full table-fixed border-separate border-spacing-x-0.5 border-spacing-y-1 text-sm">
        <caption className="sr-only">{t("month", { month: monthText(month, locale) })}</caption>
        <thead>
          <tr>
            {Array.from({ length: 7 }, (_, index) => (
              <th key={index} scope="col" className="pb-1 text-center text-xs font-medium text-muted">
                <abbr title={weekday(index, "long")} className="no-underline">
                  {weekday(index, "short")}
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
                      waiting={waiting[date] ?? 0}
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
            const { icon: Glyph, whole } = looks[status];
            return (
              <li key={status} className="inline-flex items-center gap-1.5">
                <span className={`inline-flex size-5 items-center justify-center rounded-sm border ${whole}`}>
                  <Glyph className="size-3.5" bold aria-hidden="true" />
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

function Day({
  date,
  isToday,
  statuses,
  waiting,
}: {
  date: string;
  isToday: boolean;
  statuses: readonly AttendanceStatus[];
  waiting: number;
}) {
  const t = useTranslations("attendance.history");
  const locale = useLocale();
  const shown = monthDay(statuses, waiting);
  const number = Number(date.slice(8));
  if (!shown)
    return (
      <span aria-current={isToday ? "date" : undefined} className="month-day border-transparent text-faint">
        {number}
      </span>
    );
  const { status, count, total, isWhole } = shown;
  const { icon: Glyph, whole, part } = looks[status];
  const summary = [
    ...LOUDEST.filter((own) => statuses.includes(own) && (own !== "PRESENT" || status === "PRESENT")).map((own) =>
      t(`summary.${own}`, { count: statuses.filter((other) => other === own).length, total }),
    ),
    ...(waiting > 0 ? [t("summary.UNMARKED", { count: waiting })] : []),
  ].join(", ");
  const words =
    isWhole && status === "PRESENT"
      ? t("dayAllPresent", { date: dayText(date, locale) })
      : t("daySummary", { date: dayText(date, locale), summary });
  const content = (
    <>
      <span aria-hidden="true" className="font-medium">
        {number}
      </span>
      <span aria-hidden="true" className="absolute end-1 bottom-1 flex items-center gap-0.5 text-xs leading-none">
        {isWhole ? null : `${count}/${total}`}
        <Glyph className="size-3.5" bold />
      </span>
      <span className="sr-only">{words}</span>
    </>
  );
  const className = `month-day ${isWhole ? whole : part}`;
  if (status === "PRESENT")
    return (
      <span aria-current={isToday ? "date" : undefined} className={className}>
        {content}
      </span>
    );
  return (
    <a
      href={`#day-${date}`}
      aria-current={isToday ? "date" : undefined}
      className={`${className} underline underline-offset-2`}
    >
      {content}
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
