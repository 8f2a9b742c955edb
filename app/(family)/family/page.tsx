import { Users } from "@/components/ui/icon";
import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { ChildCard } from "@/components/attendance/child-card";
import { FamilyWatch } from "@/components/attendance/family-watch";
import { clockText, dayText } from "@/components/attendance/times";
import { PushCard } from "@/components/notification/push/push-card";
import { EmptyState } from "@/components/patterns/empty-state";
import { PageHeader } from "@/components/patterns/page-header";
import { ReadAt } from "@/components/patterns/read-at";
import { Alert } from "@/components/ui/alert";
import { familyDay } from "@/lib/attendance/history/family-queries";
import { pushPublicKey } from "@/lib/notification/queries";
import { pageContext, titleIsFor } from "@/lib/web/page/page-guard";

export async function generateMetadata(): Promise<Metadata> {
  await titleIsFor(["GUARDIAN"]);
  const t = await getTranslations("family");
  return { title: t("title") };
}

/** The guardian's first page: each child today in one sentence. */
export default async function FamilyPage() {
  const ctx = await pageContext("/family", ["GUARDIAN"]);
  const [t, tState, locale, day] = await Promise.all([
    getTranslations("family"),
    getTranslations("calendar.state"),
    getLocale(),
    familyDay(ctx),
  ]);
  const time = clockText(day.asOf);
  return (
    <>
      <PageHeader
        title={t("title")}
        eyebrow={
          <span className="flex flex-wrap gap-x-3">
            {dayText(day.date, locale)}
            <ReadAt at={ctx.now.toISOString()} notCurrent={t("notCurrent", { time })}>
              {t("asOf", { time })}
            </ReadAt>
          </span>
        }
        description={t("intro")}
      />
      {day.dayOff === null ? null : (
        <Alert className="mb-4 max-w-5xl">{tState("noSchoolToday", { title: day.dayOff })}</Alert>
      )}
      {day.children.length === 0 ? (
        <EmptyState icon={Users} title={t("noChildrenTitle")}>
          {t("noChildrenBody")}
        </EmptyState>
      ) : (
        <div className="grid max-w-5xl gap-4 lg:grid-cols-2">
          {day.children.map((child) => (
            <ChildCard key={child.id} child={child} date={day.date} />
          ))}
        </div>
      )}
      <FamilyWatch version={day.version} />
      <PushCard publicKey={pushPublicKey()} news="absence" className="mt-6 max-w-5xl" />
    </>
  );
}
