import { CalendarDays } from "@/components/ui/icon";
import type { Metadata } from "next";
import { getLocale, getMessages, getTranslations } from "next-intl/server";
import { UnsentSheets } from "@/components/attendance/class-grid/unsent-sheets";
import { ClassChangeLink } from "@/components/attendance/class-change-link";
import { ClassChangeNote } from "@/components/attendance/class-change-note";
import { ClassList } from "@/components/attendance/class-list";
import { KeepDay } from "@/components/attendance/offline/keep-day";
import { ClassStateTag } from "@/components/attendance/class-state-tag";
import { clockText, dayText } from "@/components/attendance/times";
import { EmptyState } from "@/components/patterns/empty-state";
import { PageHeader, SectionHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { LinkButton } from "@/components/ui/link-button";
import { teacherDay, type TeacherDay } from "@/lib/attendance/sheet/queries";
import { OPENS_BEFORE_MS } from "@/lib/attendance/sheet/rules";
import { isoInZone } from "@/lib/shared/time";
import { pageContext, titleIsFor } from "@/lib/web/page/page-guard";

export async function generateMetadata(): Promise<Metadata> {
  await titleIsFor(["TEACHER"]);
  const t = await getTranslations("attendance.today");
  return { title: t("title") };
}

/** The teacher's day: the class now or next with one button, the day's list, and what was left unfinished. */
export default async function TodayPage() {
  const ctx = await pageContext("/today", ["TEACHER"]);
  const [t, tState, locale, messages, day] = await Promise.all([
    getTranslations("attendance.today"),
    getTranslations("calendar.state"),
    getLocale(),
    getMessages(),
    teacherDay(ctx),
  ]);
  const opensAt = ({ startsAt }: { startsAt: string }) =>
    isoInZone(new Date(Date.parse(startsAt) - OPENS_BEFORE_MS), day.timeZone);
  const next = day.current;
  return (
    <>
      <PageHeader title={t("title")} eyebrow={dayText(day.date, locale)} description={t("announced")} />
      <KeepDay
        personId={ctx.actor.userId}
        day={{
          date: dayText(day.date, locale),
          classes: day.sessions.map(({ id, section, startsAt, location }) => ({
            id,
            time: clockText(startsAt),
            title: section.title,
            detail: [section.code, location].filter(Boolean).join(" · "),
          })),
        }}
        strings={{ nameInList: messages.attendance.grid.nameInList }}
      />
      <div className="grid max-w-4xl gap-8">
        <UnsentSheets
          teacherId={ctx.actor.userId}
          titles={Object.fromEntries(
            [...day.sessions, ...day.earlier].map(({ id, section }) => [id, `${section.title} · ${section.code}`]),
          )}
          strings={messages.attendance.today.unsent}
          locale={locale}
        />
        {day.dayOff === null ? null : <Alert>{tState("noSchoolToday", { title: day.dayOff })}</Alert>}
        {next ? <CurrentClass current={next} opensAt={opensAt(next.session)} /> : null}
        {day.sessions.length + day.movedAway.length > 0 ? (
          <section>
            <SectionHeader id="day" title={t("dayTitle")} />
            <ClassList label="day" sessions={[...day.sessions, ...day.movedAway]} opensAt={opensAt} seenOn={day.date} />
          </section>
        ) : (
          <EmptyState icon={CalendarDays} title={t("noClassesTitle")}>
            {next ? t("noClassesNext", { date: dayText(next.session.date, locale) }) : t("noClassesNone")}
          </EmptyState>
        )}
        {day.earlier.length > 0 ? (
          <section>
            <SectionHeader
              id="earlier"
              title={t("earlierTitle")}
              actions={<p className="text-sm text-muted">{t("earlierCount", { count: day.earlier.length })}</p>}
            />
            <ClassList label="earlier" sessions={day.earlier} opensAt={opensAt} withDate />
          </section>
        ) : null}
      </div>
    </>
  );
}

async function CurrentClass({
  current: { session, isNow, isToday },
  opensAt,
}: {
  current: NonNullable<TeacherDay["current"]>;
  opensAt: string;
}) {
  const [t, locale] = await Promise.all([getTranslations("attendance.today"), getLocale()]);
  const label = isNow ? t("now") : isToday ? t("next") : t("nextOn", { date: dayText(session.date, locale) });
  const canMark = session.state === "OPEN" && session.notExpected === null;
  return (
    <Card
      as="section"
      aria-labelledby="current"
      className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-center"
    >
      <div className="grid gap-1.5">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted tabular">
          <Badge tone={isNow ? "accent" : "neutral"}>{label}</Badge>
          <span>
            <time dateTime={session.startsAt}>{clockText(session.startsAt)}</time>–
            <time dateTime={session.endsAt}>{clockText(session.endsAt)}</time>
          </span>
        </p>
        <h2 id="current" className="text-xl">
          {session.section.title}
        </h2>
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
          {[session.section.code, session.location, t("students", { count: session.enrolled })]
            .filter(Boolean)
            .join(" · ")}
          <ClassStateTag session={session} opensAt={opensAt} />
        </p>
        <ClassChangeNote session={session} />
        <p className="text-sm">
          <ClassChangeLink classSessionId={session.id} />
        </p>
      </div>
      <LinkButton
        href={`/classes/${session.id}`}
        variant={canMark ? "primary" : "secondary"}
        size="lg"
        aria-describedby="current"
        className="sm:min-w-40"
      >
        {canMark ? t("mark") : t("open")}
      </LinkButton>
    </Card>
  );
}
