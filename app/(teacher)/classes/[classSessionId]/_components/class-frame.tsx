import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { cache, type ReactNode } from "react";
import { ClassChangeLink } from "@/components/attendance/class-change-link";
import { ClassChangeNote } from "@/components/attendance/class-change-note";
import { ClassStateTag } from "@/components/attendance/class-state-tag";
import { clockText, dayText } from "@/components/attendance/times";
import { Users } from "@/components/ui/icon";
import { EmptyState } from "@/components/patterns/empty-state";
import { Alert } from "@/components/ui/alert";
import type { SheetDto } from "@/lib/attendance/schema";
import { attendanceSheet } from "@/lib/attendance/sheet/queries";
import { OPENS_BEFORE_MS } from "@/lib/attendance/sheet/rules";
import type { Context } from "@/lib/shared/context";
import { isoInZone } from "@/lib/shared/time";
import { pageContext } from "@/lib/web/page/page-guard";
import { ClassHead } from "./class-head";

/** The sheet of a class; asked once a request: title and page show the same. */
export const sheetOf = cache(async (classSessionId: string): Promise<SheetDto> => {
  const ctx = await pageContext(`/classes/${classSessionId}`, ["TEACHER"]);
  return attendanceSheet(ctx, classSessionId);
});

/** The title of a class's pages. */
export async function classMetadata(classSessionId: string): Promise<Metadata> {
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

/** What both pages of a class share: its head, what stands in the way of marking it, and the way to change it. */
export async function ClassFrame({
  sheet,
  ctx,
  timeZone,
  children,
}: {
  sheet: SheetDto;
  ctx: Context;
  timeZone: string;
  /** The list; an empty class has none. */
  children: ReactNode;
}) {
  const [t, locale] = await Promise.all([getTranslations("attendance.sheet"), getLocale()]);
  const { classSession } = sheet;
  const opensAt = isoInZone(new Date(Date.parse(classSession.startsAt) - OPENS_BEFORE_MS), timeZone);
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
      {sheet.roster.length === 0 ? (
        <EmptyState icon={Users} title={t("emptyTitle")}>
          {Date.parse(classSession.endsAt) <= ctx.now.getTime() ? t("emptyPast") : t("emptyBody")}
        </EmptyState>
      ) : (
        children
      )}
      <p className="mt-6 flex flex-wrap items-center gap-x-4" data-no-print>
        <ClassChangeNote session={classSession} />
        {classSession.state === "FINALIZED" ? null : <ClassChangeLink classSessionId={classSession.id} />}
      </p>
    </>
  );
}
