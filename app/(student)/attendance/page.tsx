import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AttendanceHistory } from "@/components/attendance/attendance-history";
import { PageHeader } from "@/components/patterns/page-header";
import { attendanceMonth } from "@/lib/attendance/history/family-queries";
import { pageContext, titleIsFor } from "@/lib/web/page/page-guard";

export async function generateMetadata(): Promise<Metadata> {
  await titleIsFor(["STUDENT"]);
  const t = await getTranslations("attendance.mine");
  return { title: t("title") };
}

/** A student's own attendance, month by month. */
export default async function AttendancePage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const ctx = await pageContext("/attendance", ["STUDENT"]);
  const wanted = (await searchParams)["month"];
  const [t, data] = await Promise.all([
    getTranslations("attendance.mine"),
    attendanceMonth(ctx, null, typeof wanted === "string" ? wanted : undefined),
  ]);
  return (
    <>
      <PageHeader title={t("title")} />
      <AttendanceHistory
        path="/attendance"
        month={data.month}
        today={data.today}
        items={data.items}
        waiting={data.waiting}
        term={data.term}
      />
    </>
  );
}
