import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { cache } from "react";
import { clock } from "@/components/enrollment/week/clock";
import { WeekGrid } from "@/components/enrollment/week/week-grid";
import { EmptyState } from "@/components/patterns/empty-state";
import { PageHeader } from "@/components/patterns/page-header";
import { CalendarDays, ChevronLeft, ChevronRight, Icon } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { getWeek } from "@/lib/timetable/get-week";
import type { WeekView } from "@/lib/timetable/schema";
import { getMe } from "@/lib/identity/people/get-me";
import { pageContext } from "@/lib/web/page/page-guard";
import type { PageInput } from "@/lib/web/page/page-props";
import { dayWords } from "@/messages/dates";
import { DayStrip } from "./_components/day-strip";
import { NextUp, OnNow } from "./_components/next-up";
import { PaperHead } from "./_components/paper-head";
import { WithoutTime } from "./_components/without-time";
import "./paper.css";

const weekOfPage = cache(async (week: string | undefined) => {
  const path = week === undefined ? "/timetable" : `/timetable?week=${encodeURIComponent(week)}`;
  const ctx = await pageContext(path, ["STUDENT"]);
  return { ctx, view: await getWeek(ctx, { week }) };
});

const single = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

async function rangeText(view: WeekView): Promise<string> {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("timetable")]);
  const date = (text: string) => dayWords(text, locale, { day: "numeric", month: "short" });
  return t("weekOf", { from: date(view.days[0]?.date ?? ""), to: date(view.days.at(-1)?.date ?? "") });
}

export async function generateMetadata({ searchParams }: PageInput): Promise<Metadata> {
  const { view } = await weekOfPage(single((await searchParams).week));
  return { title: (await getTranslations("timetable"))("pageTitle", { week: await rangeText(view) }) };
}

/** The student's week: what comes next, then the days. Works and prints without script. */
export default async function TimetablePage({ searchParams }: PageInput) {
  const { ctx, view } = await weekOfPage(single((await searchParams).week));
  const [t, tDay, range, { name, school }, locale] = await Promise.all([
    getTranslations("timetable"),
    getTranslations("sections.dayLong"),
    rangeText(view),
    getMe(ctx),
    getLocale(),
  ]);
  return (
    <div data-paper="week">
      <PaperHead
        title={t("pageTitle", { week: range })}
        school={school.name}
        name={name}
        now={ctx.now.toISOString()}
        timeZone={view.timeZone}
        locale={locale}
        words={t.raw("printed")}
      />
      <div className="print:hidden">
        <PageHeader
          title={t("title")}
          description={range}
          actions={
            <>
              <LinkButton href={`/timetable?week=${view.previousWeek}`} iconOnly aria-label={t("previous")}>
                <Icon icon={ChevronLeft} className="rtl:-scale-x-100" />
              </LinkButton>
              {view.isThisWeek ? null : <LinkButton href="/timetable">{t("thisWeek")}</LinkButton>}
              <LinkButton href={`/timetable?week=${view.nextWeek}`} iconOnly aria-label={t("next")}>
                <Icon icon={ChevronRight} className="rtl:-scale-x-100" />
              </LinkButton>
            </>
          }
        />
      </div>
      {!view.isEnrolled ? (
        <EmptyState
          icon={CalendarDays}
          title={t("noSections")}
          action={
            <LinkButton variant="primary" href="/sections">
              {t("findSections")}
            </LinkButton>
          }
        >
          {t("noSectionsBody")}
        </EmptyState>
      ) : view.classCount === 0 ? (
        <EmptyState
          icon={CalendarDays}
          title={t("emptyWeek")}
          action={
            view.next === null ? undefined : (
              <LinkButton href={`/timetable?week=${view.next.week}`}>{t("goToWeek")}</LinkButton>
            )
          }
        >
          {view.next === null
            ? t("noMore")
            : t("nextClass", {
                day: tDay(view.next.day),
                time: clock(view.next.startMinute),
                title: view.next.title,
              })}
        </EmptyState>
      ) : (
        <>
          {view.isThisWeek ? <OnNow view={view} /> : null}
          {view.isThisWeek ? <NextUp view={view} now={ctx.now} /> : null}
          <DayStrip view={view} />
          <WeekGrid view={view} />
        </>
      )}
      <WithoutTime sections={view.withoutTime} />
    </div>
  );
}
