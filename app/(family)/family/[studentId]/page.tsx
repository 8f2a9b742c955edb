import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { cache } from "react";
import { AttendanceHistory } from "@/components/attendance/attendance-history";
import { clockText } from "@/components/attendance/times";
import { PageHeader } from "@/components/patterns/page-header";
import { ReadAt } from "@/components/patterns/read-at";
import { ArrowLeft, Icon } from "@/components/ui/icon";
import { TextLink } from "@/components/ui/text-link";
import { attendanceMonth } from "@/lib/attendance/history/family-queries";
import { orNotFound } from "@/lib/web/page/or-not-found";
import { pageContext } from "@/lib/web/page/page-guard";

type Props = {
  params: Promise<{ studentId: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

/** Asked once a request: title and page show the same. */
const monthOf = cache(async (studentId: string, wanted: string | undefined) => {
  const ctx = await pageContext(`/family/${studentId}`, ["GUARDIAN"]);
  return attendanceMonth(ctx, studentId, wanted);
});

async function wantedMonth(searchParams: Props["searchParams"]): Promise<string | undefined> {
  const { month } = await searchParams;
  return typeof month === "string" ? month : undefined;
}

export async function generateMetadata({ params, searchParams }: Props): Promise<Metadata> {
  const { studentId } = await params;
  await pageContext(`/family/${studentId}`, ["GUARDIAN"]); // outside of what may fail: it decides about the title
  const [t, month] = await Promise.all([
    getTranslations("family"),
    monthOf(studentId, await wantedMonth(searchParams)).catch(() => null),
  ]);
  return month?.student ? { title: t("historyTitle", { name: month.student.name }) } : {};
}

/**
 * The attendance of one of the guardian's own students, month by month; somebody else's student is not found. No skeleton
 * before it: what is streamed after one stays hidden from a browser without script.
 */
export default async function ChildPage({ params, searchParams }: Props) {
  const { studentId } = await params;
  const path = `/family/${studentId}`;
  const ctx = await pageContext(path, ["GUARDIAN"]);
  const [t, data] = await Promise.all([
    getTranslations("family"),
    monthOf(studentId, await wantedMonth(searchParams)).catch(orNotFound),
  ]);
  const time = clockText(data.asOf);
  return (
    <>
      <PageHeader
        eyebrow={
          <TextLink href="/family" quiet className="inline-flex min-h-8 items-center gap-1 pointer-coarse:min-h-11">
            <Icon icon={ArrowLeft} size="sm" className="rtl:-scale-x-100" />
            {t("backHome")}
          </TextLink>
        }
        title={t("historyTitle", { name: data.student?.name ?? "" })}
        description={
          <ReadAt at={ctx.now.toISOString()} notCurrent={t("notCurrent", { time })}>
            {t("asOf", { time })}
          </ReadAt>
        }
      />
      <AttendanceHistory
        path={path}
        month={data.month}
        today={data.today}
        items={data.items}
        waiting={data.waiting}
        term={data.term}
      />
    </>
  );
}
