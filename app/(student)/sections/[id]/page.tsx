import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { cache } from "react";
import { LiveNotice, LiveSeatsProvider, LiveStatusTag } from "@/components/catalog/live-seats";
import { DropDialog } from "@/components/enrollment/drop-dialog";
import { seatsOf } from "@/components/enrollment/section-action";
import { PageHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { TextLink } from "@/components/ui/text-link";
import { getSection } from "@/lib/enrollment/get-section";
import { AppError } from "@/lib/shared/errors";
import { idSchema } from "@/lib/shared/schema";
import { pageContext } from "@/lib/web/page-guard";
import type { PageInput } from "@/lib/web/page-props";
import { refusalKey } from "../_components/refusal";
import { SectionFacts } from "../_components/section-facts";
import { YourPlace } from "../_components/your-place";
import { dropAction, enrollAction, plainDropAction } from "../actions";

const sectionOfPage = cache(async (id: string) => {
  const ctx = await pageContext(`/sections/${encodeURIComponent(id)}`, ["STUDENT"]);
  if (!idSchema.safeParse(id).success) notFound();
  try {
    return { ctx, view: await getSection(ctx, { id }) };
  } catch (error) {
    if (error instanceof AppError && error.status === 404) notFound();
    throw error;
  }
});

export async function generateMetadata({ params }: PageInput<"id">): Promise<Metadata> {
  const { view } = await sectionOfPage((await params).id);
  return { title: `${view.section.code} ${view.section.course.title}` };
}

/** One section: when, where, who, how many seats, and the one act on it. */
export default async function SectionPage({ params, searchParams }: PageInput<"id">) {
  const [{ ctx, view }, { problem }, t, tSections, tUi, locale] = await Promise.all([
    sectionOfPage((await params).id),
    searchParams,
    getTranslations("enrollment"),
    getTranslations("sections"),
    getTranslations("ui.sectionStatus"),
    getLocale(),
  ]);
  const { section } = view;
  const renderedAt = ctx.now.toISOString();
  return (
    <LiveSeatsProvider ids={[section.id]} renderedAt={renderedAt}>
      <p className="mb-3">
        <TextLink href="/sections" className="inline-flex min-h-8 items-center pointer-coarse:min-h-11">
          {tSections("detail.back")}
        </TextLink>
      </p>
      <PageHeader
        eyebrow={section.course.code}
        title={`${section.code} ${section.course.title}`}
        meta={
          <LiveStatusTag
            initial={seatsOf(view)}
            words={{ OPEN: tUi("OPEN"), WAITLIST: tUi("WAITLIST"), FULL: tUi("FULL"), CLOSED: tUi("CLOSED") }}
          />
        }
      />
      {problem === undefined ? null : (
        <Alert tone="error" role="alert" title={t("problemTitle")} className="mb-4">
          {t(`refused.${refusalKey(Array.isArray(problem) ? problem[0] : problem)}`)}
        </Alert>
      )}
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem] lg:items-start">
        <SectionFacts view={view} />
        <YourPlace view={view} now={ctx.now} enroll={enrollAction} drop={plainDropAction}>
          <LiveNotice
            renderedAt={renderedAt}
            timeZone={view.timeZone}
            locale={locale}
            words={{
              fresh: tSections("live.fresh"),
              asOf: tSections.raw("live.asOf"),
              stale: tSections.raw("live.stale"),
            }}
          />
        </YourPlace>
      </div>
      <DropDialog view={view} action={dropAction} />
    </LiveSeatsProvider>
  );
}
