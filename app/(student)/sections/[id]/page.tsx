import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { cache } from "react";
import { LiveNotice, LiveSeatsProvider, LiveStatusTag } from "@/components/catalog/live-seats";
import { DropDialog } from "@/components/enrollment/sections/drop-dialog";
import { addressOf, type SectionAddress, sectionsHref } from "@/components/catalog/section-address";
import { seatsOf } from "@/components/enrollment/sections/section-action";
import { PageHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { Card } from "@/components/ui/card";
import { TextLink } from "@/components/ui/text-link";
import { getSection } from "@/lib/timetable/get-section";
import { AppError } from "@/lib/shared/errors";
import { idSchema } from "@/lib/shared/schema";
import { pageContext } from "@/lib/web/page/page-guard";
import type { PageInput } from "@/lib/web/page/page-props";
import { refusalKey } from "../_components/refusal";
import { InYourWeek } from "../_components/in-your-week";
import { OtherSections } from "../_components/other-sections";
import { SectionFacts } from "../_components/section-facts";
import { readSectionQuery } from "../_components/section-query";
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

/** The list in whose page the link to this one stood; what does not make sense in it is left out. */
function listOf(value: string | string[] | undefined): SectionAddress {
  const query = new URLSearchParams((Array.isArray(value) ? value[0] : value) ?? "");
  return addressOf(readSectionQuery(Object.fromEntries(query)));
}

/** One section: when, where, who, how many seats, and the one act on it. */
export default async function SectionPage({ params, searchParams }: PageInput<"id">) {
  const [{ ctx, view }, { problem, list: listed }, t, tSections, tUi, locale] = await Promise.all([
    sectionOfPage((await params).id),
    searchParams,
    getTranslations("enrollment"),
    getTranslations("sections"),
    getTranslations("ui.sectionStatus"),
    getLocale(),
  ]);
  const { section } = view;
  const renderedAt = ctx.now.toISOString();
  const list = listOf(listed);
  const ids = [section.id, ...view.siblings.map((sibling) => sibling.section.id)];
  return (
    <LiveSeatsProvider ids={ids} renderedAt={renderedAt}>
      <p className="mb-3">
        <TextLink href={sectionsHref(list)} className="inline-flex min-h-8 items-center pointer-coarse:min-h-11">
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
        <div className="grid gap-6">
          {view.description === null ? null : (
            <Card as="section" padding="md">
              <h2 className="mb-2 text-lg">{tSections("detail.description")}</h2>
              <p className="max-w-reading whitespace-pre-line wrap-anywhere">{view.description}</p>
            </Card>
          )}
          <SectionFacts view={view} />
          <OtherSections view={view} list={list} now={ctx.now} />
        </div>
        <div className="grid gap-6 max-lg:-order-1">
          <YourPlace view={view} list={list} now={ctx.now} enroll={enrollAction} drop={plainDropAction}>
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
          <InYourWeek view={view} />
        </div>
      </div>
      <DropDialog view={view} action={dropAction} />
    </LiveSeatsProvider>
  );
}
