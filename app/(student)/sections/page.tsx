import { SearchX } from "@/components/ui/icon";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { LiveNotice, LiveSeatsProvider } from "@/components/catalog/live-seats";
import { addressOf, sectionsHref } from "@/components/catalog/section-address";
import { SectionFilters } from "@/components/catalog/section-filters";
import { DropDialog } from "@/components/enrollment/sections/drop-dialog";
import { SectionList } from "@/components/enrollment/sections/section-list";
import { SectionsBesideWeek } from "@/components/enrollment/week/sections-beside-week";
import { LinkButton } from "@/components/ui/link-button";
import { browseSections } from "@/lib/timetable/list-sections";
import { getMe } from "@/lib/identity/people/get-me";
import { isInvalidCursor, readSectionQuery } from "./_components/section-query";
import { NoSections } from "./_components/no-sections";
import { Respelled } from "./_components/respelled";
import { dropAction, enrollAction } from "./actions";
import { pageContext, titleIsFor } from "@/lib/web/page/page-guard";
import type { PageInput } from "@/lib/web/page/page-props";

export async function generateMetadata(): Promise<Metadata> {
  await titleIsFor(["STUDENT"]);
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
  const { views, choices, total, nextCursor, week, helps, respelled } = browser;
  const renderedAt = ctx.now.toISOString();
  return (
    <LiveSeatsProvider ids={views.map((view) => view.section.id)} renderedAt={renderedAt}>
      <SectionFilters
        address={address}
        choices={choices}
        total={total}
        taken={week.taken.count}
        heading={
          <>
            <h1 className="me-1 text-2xl">{t("title")}</h1>
            <LiveNotice
              renderedAt={renderedAt}
              timeZone={school.timeZone}
              locale={locale}
              words={{ fresh: t("live.fresh"), asOf: t.raw("live.asOf"), stale: t.raw("live.stale") }}
            />
          </>
        }
      />
      {respelled === null ? null : <Respelled changes={respelled} />}
      {/* The week stays where nothing is found: its button is there as well. */}
      <SectionsBesideWeek views={views} week={week}>
        {views.length === 0 ? (
          <NoSections address={address} choices={choices} helps={helps} icon={SearchX} />
        ) : (
          <SectionList views={views} timeZone={school.timeZone} now={ctx.now} action={enrollAction} list={address} />
        )}
      </SectionsBesideWeek>
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
