import { Users } from "lucide-react";
import type { Metadata } from "next";
import { getLocale, getMessages, getTranslations } from "next-intl/server";
import { cache } from "react";
import { ClassGrid } from "@/components/attendance/class-grid/class-grid";
import { noticeOf } from "@/components/attendance/class-grid/state/grace-notice";
import { nextClass } from "@/components/attendance/class-grid/sync/next-class";
import { alertsOf, sheetRows } from "@/components/attendance/class-grid/sync/sheet-api";
import { ClassChangeNote } from "@/components/attendance/class-change-note";
import { ClassStateTag } from "@/components/attendance/class-state-tag";
import { clockText, dayText } from "@/components/attendance/times";
import { EmptyState } from "@/components/patterns/empty-state";
import { Alert } from "@/components/ui/alert";
import { graceSecondsOf } from "@/lib/attendance/grace/grace";
import { TextLink } from "@/components/ui/text-link";
import { attendanceSheet, classSessions } from "@/lib/attendance/sheet/queries";
import { OPENS_BEFORE_MS } from "@/lib/attendance/sheet/rules";
import { schoolOfActor } from "@/lib/identity/people/school-of-actor";
import { isoInZone } from "@/lib/shared/time";
import { orNotFound } from "@/lib/web/page/or-not-found";
import { pageContext } from "@/lib/web/page/page-guard";
import { reachOf } from "./_components/alert-reach";
import { ClassHead } from "./_components/class-head";
import { PlainGrace } from "./_components/plain-grace";
import { PlainSheet } from "./_components/plain-sheet";

type Props = {
  params: Promise<{ classSessionId: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};
const TOLD_FAILURES = ["attendance_locked", "version_conflict", "student_not_enrolled", "reopen"] as const;

/** Asked once a request: title and page show the same. */
const sheetOf = cache(async (classSessionId: string) => {
  const ctx = await pageContext(`/classes/${classSessionId}`, ["TEACHER"]);
  return attendanceSheet(ctx, classSessionId);
});
/** More classes than anybody teaches on a day. */
const CLASSES_OF_A_DAY = 200;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { classSessionId } = await params;
  await pageContext(`/classes/${classSessionId}`, ["TEACHER"]); // outside of what may fail: it decides about the title
  const [t, locale, sheet] = await Promise.all([
    getTranslations("attendance.sheet"),
    getLocale(),
    sheetOf(classSessionId).catch(() => null),
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
  const [t, tChange, locale, messages, sheet, school, day, query] = await Promise.all([
    getTranslations("attendance.sheet"),
    getTranslations("calendar.change"),
    getLocale(),
    getMessages(),
    sheetOf(classSessionId).catch(orNotFound),
    schoolOfActor(ctx),
    classSessions(ctx, { limit: CLASSES_OF_A_DAY }),
    searchParams,
  ]);
  const { classSession } = sheet;
  const isFinal = classSession.state === "FINALIZED";
  const isPending = sheet.alertsAt !== null && Date.parse(sheet.alertsAt) > ctx.now.getTime();
  const alerts = isPending ? alertsOf({ finalizedAt: classSession.finalizedAt, alertsAt: sheet.alertsAt }) : null;
  const reach = isFinal ? await reachOf(ctx, sheet) : null;
  const opensAt = isoInZone(new Date(Date.parse(classSession.startsAt) - OPENS_BEFORE_MS), school.timeZone);
  const failed = typeof query["failed"] === "string" ? query["failed"] : undefined;
  const done = (["finished", "saved", "reopened", "notified"] as const).find((word) => word === query["done"]);
  const failure = TOLD_FAILURES.find((code) => code === failed) ?? "other";
  return (
    <>
      <ClassHead
        back={t("back")}
        title={classSession.section.title}
        meta={classSession.state === "OPEN" ? undefined : <ClassStateTag session={classSession} opensAt={opensAt} />}
        description={[
          dayText(classSession.date, locale),
          `${clockText(classSession.startsAt)}–${clockText(classSession.endsAt)}`,
          classSession.section.code,
          classSession.location,
          sheet.finishedWith === null ? null : t("finishedWith", { count: sheet.finishedWith }),
        ]
          .filter(Boolean)
          .join(" · ")}
      />
      {sheet.lock ? (
        <Alert tone="warning" className="mb-4">
          {t(`lock.${sheet.lock}`, { time: clockText(opensAt) })}
        </Alert>
      ) : null}
      {classSession.notExpected === "HISTORY" && sheet.lock === null ? (
        <Alert tone="info" className="mb-4">
          {t("history")}
        </Alert>
      ) : null}
      {failed !== undefined ? (
        <Alert tone="error" role="alert" className="mb-4">
          {t(`plain.failed.${failure}`)}
        </Alert>
      ) : null}
      {done ? (
        <Alert tone="success" role="status" className="mb-4">
          {t(`plain.${done === "finished" && alerts ? "finishedGrace" : done}`)}
        </Alert>
      ) : null}
      {sheet.roster.length === 0 ? (
        <EmptyState icon={Users} title={t("emptyTitle")}>
          {Date.parse(classSession.endsAt) <= ctx.now.getTime() ? t("emptyPast") : t("emptyBody")}
        </EmptyState>
      ) : (
        <>
          <ClassGrid
            key={`${classSession.id} ${sheet.lock}`}
            classSessionId={classSession.id}
            teacherId={ctx.actor.userId}
            rows={sheetRows(sheet, ctx.actor.userId)}
            version={sheet.version}
            isFinal={isFinal}
            alerts={alerts}
            graceSeconds={graceSecondsOf(school)}
            reach={reach}
            readOnly={sheet.lock !== null}
            startsAt={classSession.startsAt}
            endsAt={classSession.endsAt}
            title={classSession.section.title}
            detail={[
              `${clockText(classSession.startsAt)}–${clockText(classSession.endsAt)}`,
              classSession.section.code,
              classSession.location,
            ]
              .filter(Boolean)
              .join(" · ")}
            timeZone={school.timeZone}
            locale={locale}
            next={nextClass(day.items, classSession.id)}
            signInHref={`/login?from=${encodeURIComponent(path)}`}
            strings={messages.attendance.grid}
          />
          <noscript>
            {alerts && !sheet.lock ? (
              <PlainGrace classSessionId={classSession.id} {...{ alerts, reach, locale }} />
            ) : null}
            <PlainSheet
              sheet={sheet}
              notice={noticeOf(messages.attendance.grid, {
                isFinal,
                alertsAt: alerts?.at ?? null,
                graceSeconds: graceSecondsOf(school),
                locale,
              })}
            />
          </noscript>
        </>
      )}
      <p className="mt-6 flex flex-wrap items-center gap-x-4" data-no-print>
        <ClassChangeNote session={classSession} />
        {classSession.state === "FINALIZED" ? null : (
          <TextLink
            href={`/classes/${classSession.id}/change`}
            className="inline-flex min-h-8 items-center pointer-coarse:min-h-11"
          >
            {tChange("link")}
          </TextLink>
        )}
      </p>
    </>
  );
}
