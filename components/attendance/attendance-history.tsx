import { useLocale, useTranslations } from "next-intl";
import { EmptyState } from "@/components/patterns/empty-state";
import { SectionHeader } from "@/components/patterns/page-header";
import { AttendanceTag } from "@/components/patterns/status-tags";
import { Disclosure } from "@/components/ui/disclosure";
import { CalendarDays, ChevronLeft, ChevronRight, Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import type { HistoryItem } from "@/lib/attendance/schema";
import { MonthCalendar } from "./month-calendar";
import { clockText, dayText, monthText } from "./times";

/** A student's attendance: the term in one sentence, the month day by day, and its classes as a list. */
export function AttendanceHistory({
  path,
  month,
  today,
  items,
  waiting,
  term,
}: {
  /** Address of the page; months are its query. */
  path: string;
  month: string;
  today: string;
  items: readonly HistoryItem[];
  /** By date: classes that have no mark that counts. */
  waiting: Readonly<Record<string, number>>;
  term: { total: number; absent: number; late: number };
}) {
  const t = useTranslations("attendance.history");
  const locale = useLocale();
  const name = monthText(month, locale);
  const exceptions = items.filter(({ status }) => status !== "PRESENT");
  return (
    <div className="grid gap-6">
      <TermSentence term={term} />
      <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,26rem)_minmax(0,1fr)]">
        <section aria-labelledby="month">
          <SectionHeader
            id="month"
            title={name}
            actions={
              <div className="flex gap-2">
                <LinkButton href={`${path}?month=${shiftMonth(month, -1)}`} iconOnly aria-label={t("previousMonth")}>
                  <Icon icon={ChevronLeft} className="rtl:-scale-x-100" />
                </LinkButton>
                {month < today.slice(0, 7) ? (
                  <LinkButton href={`${path}?month=${shiftMonth(month, 1)}`} iconOnly aria-label={t("nextMonth")}>
                    <Icon icon={ChevronRight} className="rtl:-scale-x-100" />
                  </LinkButton>
                ) : null}
              </div>
            }
          />
          <MonthCalendar month={month} today={today} items={items} waiting={waiting} />
        </section>
        {items.length === 0 ? (
          <EmptyState icon={CalendarDays} title={t("emptyTitle", { month: name })}>
            {t("emptyBody")}
          </EmptyState>
        ) : (
          <section aria-labelledby="exceptions" className="grid gap-3">
            <SectionHeader id="exceptions" title={t("exceptionsTitle")} />
            {exceptions.length === 0 ? (
              <p className="text-muted">{t("noExceptions", { month: name })}</p>
            ) : (
              <MarkList label="exceptions" items={exceptions} isTarget />
            )}
            <Disclosure summary={<span id="all-classes">{t("allClasses", { count: items.length })}</span>}>
              <MarkList label="all-classes" items={items} />
            </Disclosure>
          </section>
        )}
      </div>
    </div>
  );
}

/** "This term: missed 3 of 62 classes (5%)." and how often late. */
export function TermSentence({ term }: { term: { total: number; absent: number; late: number } }) {
  const t = useTranslations("attendance.history");
  if (term.total === 0) return <p className="text-muted">{t("noneYet")}</p>;
  const percent = (100 * term.absent) / term.total;
  // One class of three hundred is not "0 %": nobody would believe the rest.
  const share = percent > 0 && percent < 1 ? t("shareTiny") : t("share", { percent: Math.round(percent) });
  return (
    <p className="text-muted tabular">
      {t("missed", { missed: term.absent, total: term.total, share })}{" "}
      {term.late > 0 ? t("late", { count: term.late }) : null}
    </p>
  );
}

function MarkList({
  label,
  items,
  isTarget = false,
}: {
  label: string;
  items: readonly HistoryItem[];
  /** The days of the calendar lead here. */
  isTarget?: boolean;
}) {
  const locale = useLocale();
  return (
    <ul aria-labelledby={label} className="overflow-clip rounded-lg border border-border bg-surface">
      {items.map((item, index) => (
        <li
          key={item.classSessionId}
          id={isTarget && items[index - 1]?.date !== item.date ? `day-${item.date}` : undefined}
          className="history-row"
        >
          <span className="line-clamp-2 font-medium">{item.section.title}</span>
          <span className="row-span-2">
            <AttendanceTag status={item.status} minutesLate={item.minutesLate} />
          </span>
          <span className="text-sm text-muted tabular">
            {dayText(item.date, locale, "short")}, <time dateTime={item.startsAt}>{clockText(item.startsAt)}</time>–
            <time dateTime={item.endsAt}>{clockText(item.endsAt)}</time>
          </span>
        </li>
      ))}
    </ul>
  );
}

function shiftMonth(month: string, by: number): string {
  const [year = 1970, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}
