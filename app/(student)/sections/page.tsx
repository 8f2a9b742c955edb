import { SearchX } from "lucide-react";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { LiveNotice, LiveSeatsProvider } from "@/components/catalog/live-seats";
import { addressOf, sectionsHref } from "@/components/catalog/section-address";
import { SectionFilters } from "@/components/catalog/section-filters";
import { DropDialog } from "@/components/enrollment/drop-dialog";
import { SectionList } from "@/components/enrollment/section-list";
import { SectionsBesideWeek } from "@/components/enrollment/sections-beside-week";
import { PageHeader } from "@/components/patterns/page-header";
import { LinkButton } from "@/components/ui/link-button";
import { browseSections } from "@/lib/enrollment/list-sections";
import { getMe } from "@/lib/identity/get-me";
import { isInvalidCursor, readSectionQuery } from "./_components/section-query";
import { NoSections } from "./_components/no-sections";
import { dropAction, enrollAction } from "./actions";
import { pageContext } from "@/lib/web/page-guard";
import type { PageInput } from "@/lib/web/page-props";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("sections"))("pageTitle") };
}

/** The section browser: filters in the address, the list of courses with live seats, enroll and drop in the row. */
export default async function SectionsPage({ searchParams }: PageInput) {
  const query = readSectionQuery(await searchParams);
  const address = addressOf(query);
  const ctx = await pageContext(sectionsHref(address), ["STUDENT"]);
  const [browser, { school }, t, locale] = await Promise.all([
    browseSections(ctx, query).catch((error: unknown) => {
      if (isInvalidCursor(error)) redirect(sectionsHref({ ...address, cursor: undefined }));
      throw error;
    }),
    getMe(ctx),
    getTranslations("sections"),
    getLocale(),
  ]);
  const { views, choices, total, nextCursor, week } = browser;
  const renderedAt = ctx.now.toISOString();
  return (
    <LiveSeatsProvider ids={views.map((view) => view.section.id)} renderedAt={renderedAt}>
      <PageHeader
        title={t("title")}
        meta={
          <LiveNotice
            renderedAt={renderedAt}
            timeZone={school.timeZone}
            locale={locale}
            words={{ fresh: t("live.fresh"), asOf: t.raw("live.asOf"), stale: t.raw("live.stale") }}
          />
        }
      />
      <SectionFilters address={address} choices={choices} total={total} />
      {views.length === 0 ? (
        <NoSections address={address} choices={choices} icon={SearchX} />
      ) : (
        <SectionsBesideWeek views={views} week={week}>
          <SectionList views={views} timeZone={school.timeZone} now={ctx.now} action={enrollAction} />
        </SectionsBesideWeek>
      )}
      {nextCursor === null && query.cursor === undefined ? null : (
        <nav aria-label={t("pages")} className="mt-4 flex flex-wrap gap-2">
          {query.cursor === undefined ? null : (
            <LinkButton href={sectionsHref({ ...address, cursor: undefined })}>{t("first")}</LinkButton>
          )}
          {nextCursor === null ? null : (
            <LinkButton href={sectionsHref({ ...address, cursor: nextCursor })}>{t("next")}</LinkButton>
          )}
        </nav>
      )}
      {views.map((view) => (
        <DropDialog key={view.section.id} view={view} action={dropAction} />
      ))}
    </LiveSeatsProvider>
  );
}
