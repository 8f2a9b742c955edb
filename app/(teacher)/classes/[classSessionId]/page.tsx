import { ArrowLeft, Users } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getMessages, getTranslations } from "next-intl/server";
import { ClassGrid } from "@/components/attendance/class-grid/class-grid";
import { nextClass } from "@/components/attendance/class-grid/next-class";
import { sheetRows } from "@/components/attendance/class-grid/sheet-api";
import { ClassStateTag } from "@/components/attendance/class-state-tag";
import { clockText, dayText } from "@/components/attendance/times";
import { EmptyState } from "@/components/patterns/empty-state";
import { PageHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { Icon } from "@/components/ui/icon";
import { TextLink } from "@/components/ui/text-link";
import { attendanceSheet, teacherDay } from "@/lib/attendance/queries";
import { OPENS_BEFORE_MS } from "@/lib/attendance/rules";
import { schoolOfActor } from "@/lib/attendance/school-of-actor";
import { isoInZone } from "@/lib/shared/time";
import { orNotFound } from "@/lib/web/or-not-found";
import { pageContext } from "@/lib/web/page-guard";
import { PlainSheet } from "./_components/plain-sheet";

type Props = {
  params: Promise<{ classSessionId: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};
const TOLD_FAILURES = ["attendance_locked", "version_conflict", "student_not_enrolled"] as const;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { classSessionId } = await params;
  const ctx = await pageContext(`/classes/${classSessionId}`, ["TEACHER"]);
  const [t, locale, sheet] = await Promise.all([
    getTranslations("attendance.sheet"),
    getLocale(),
    attendanceSheet(ctx, classSessionId).catch(() => null),
  ]);
  if (!sheet) return {};
  const { section, date } = sheet.classSession;
  return { title: t("titleOf", { title: section.title, date: dayText(date, locale, "short") }) };
}

/**
 * The class grid; without script, the same sheet as a form. There is no skeleton before it: what is streamed after one
 * stays hidden from a browser without script, and the list needs no more than some milliseconds.
 */
export default async function ClassPage({ params, searchParams }: Props) {
  const { classSessionId } = await params;
  const path = `/classes/${classSessionId}`;
  const ctx = await pageContext(path, ["TEACHER"]);
  const [t, locale, messages, sheet, school, day, query] = await Promise.all([
    getTranslations("attendance.sheet"),
    getLocale(),
    getMessages(),
    attendanceSheet(ctx, classSessionId).catch(orNotFound),
    schoolOfActor(ctx),
    teacherDay(ctx),
    searchParams,
  ]);
  const { classSession } = sheet;
  const opensAt = isoInZone(new Date(Date.parse(classSession.startsAt) - OPENS_BEFORE_MS), school.timeZone);
  const failed = typeof query["failed"] === "string" ? query["failed"] : undefined;
  const failure = TOLD_FAILURES.find((code) => code === failed) ?? "other";
  return (
    <>
      <PageHeader
        eyebrow={
          <TextLink href="/today" quiet className="inline-flex min-h-8 items-center gap-1 pointer-coarse:min-h-11">
            <Icon icon={ArrowLeft} size="sm" className="rtl:-scale-x-100" />
            {t("back")}
          </TextLink>
        }
        title={classSession.section.title}
        meta={classSession.state === "OPEN" ? undefined : <ClassStateTag session={classSession} opensAt={opensAt} />}
        description={[
          dayText(classSession.date, locale),
          `${clockText(classSession.startsAt)}–${clockText(classSession.endsAt)}`,
          classSession.section.code,
          classSession.location,
        ]
          .filter(Boolean)
          .join(" · ")}
      />
      {sheet.lock ? (
        <Alert tone="warning" className="mb-4">
          {t(`lock.${sheet.lock}`, { time: clockText(opensAt) })}
        </Alert>
      ) : null}
      {failed !== undefined ? (
        <Alert tone="error" role="alert" className="mb-4">
          {t(`plain.failed.${failure}`)}
        </Alert>
      ) : null}
      {query["done"] === "finished" || query["done"] === "saved" ? (
        <Alert tone="success" role="status" className="mb-4">
          {t(`plain.${query["done"]}`)}
        </Alert>
      ) : null}
      {sheet.roster.length === 0 ? (
        <EmptyState icon={Users} title={t("emptyTitle")}>
          {t("emptyBody")}
        </EmptyState>
      ) : (
        <>
          <ClassGrid
            key={`${classSession.id} ${sheet.lock}`}
            classSessionId={classSession.id}
            teacherId={ctx.actor.userId}
            rows={sheetRows(sheet, ctx.actor.userId)}
            version={sheet.version}
            isFinal={classSession.state === "FINALIZED"}
            readOnly={sheet.lock !== null}
            startsAt={classSession.startsAt}
            endsAt={classSession.endsAt}
            timeZone={school.timeZone}
            locale={locale}
            next={nextClass(day.sessions, classSession.id)}
            signInHref={`/login?from=${encodeURIComponent(path)}`}
            strings={messages.attendance.grid}
          />
          <noscript>
            <PlainSheet sheet={sheet} />
          </noscript>
        </>
      )}
    </>
  );
}
