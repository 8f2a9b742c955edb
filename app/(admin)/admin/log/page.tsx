import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { momentIn } from "@/components/notification/moments";
import { DataTable } from "@/components/patterns/data-table";
import { EmptyState } from "@/components/patterns/empty-state";
import { FilterBar } from "@/components/patterns/forms/filter-bar";
import { queryOf } from "@/components/patterns/forms/filter-query";
import { PageHeader } from "@/components/patterns/page-header";
import { SearchX } from "@/components/ui/icon";
import { LinkButton } from "@/components/ui/link-button";
import { SelectField } from "@/components/ui/select";
import { TextLink } from "@/components/ui/text-link";
import { auditLog } from "@/lib/identity/office/audit-log";
import { auditLogInput, LOG_AREAS } from "@/lib/identity/office/schema";
import { AppError } from "@/lib/shared/errors";
import { pageContext, pageMe, titleIsFor } from "@/lib/web/page/page-guard";
import type { PageInput } from "@/lib/web/page/page-props";
import { actionWords } from "../people/_components/action-words";

const PAGE = "/admin/log";

export async function generateMetadata(): Promise<Metadata> {
  await titleIsFor(["ADMIN"]);
  return { title: (await getTranslations("log"))("metaTitle") };
}

/** Who did what and when, newest first. */
export default async function LogPage({ searchParams }: PageInput) {
  const input = auditLogInput.parse(await searchParams);
  const { cursor, area } = input;
  const query = queryOf(Object.entries({ area }));
  const first = query === "" ? PAGE : `${PAGE}?${query}`;
  const ctx = await pageContext(first, ["ADMIN"]);
  const [{ lines, nextCursor }, { school }, t, office, locale] = await Promise.all([
    auditLog(ctx, input).catch((error: unknown) => {
      if (error instanceof AppError && error.code === "invalid_request") redirect(first);
      throw error;
    }),
    pageMe(ctx),
    getTranslations("log"),
    getTranslations("people.office"),
    getLocale(),
  ]);
  const person = (who: { id: string; name: string } | null, none: string) =>
    who === null ? none : <TextLink href={`/admin/people/${who.id}`}>{who.name}</TextLink>;
  const pageAt = (at: string) =>
    `${PAGE}?${new URLSearchParams([...new URLSearchParams(query), ["cursor", at]]).toString()}`;
  return (
    <>
      <PageHeader
        breadcrumbs={[{ href: "/admin/people", label: office("title") }]}
        title={t("title")}
        description={t("description")}
      />
      <FilterBar action={PAGE} label={t("filters")} query={query}>
        <SelectField name="area" label={t("area")} defaultValue={area ?? ""} className="min-w-0 basis-56">
          <option value="">{t("allAreas")}</option>
          {LOG_AREAS.map((name) => (
            <option key={name} value={name}>
              {t(`areas.${name}`)}
            </option>
          ))}
        </SelectField>
      </FilterBar>
      <DataTable
        caption={t("list")}
        rows={lines}
        rowKey={({ id }) => id}
        density="compact"
        empty={
          <EmptyState icon={SearchX} title={t("noneTitle")}>
            {t("noneBody")}
          </EmptyState>
        }
        columns={[
          { key: "what", header: t("what"), primary: true, cell: ({ action }) => actionWords(t, action) },
          { key: "when", header: t("when"), cell: ({ at }) => momentIn(at, school.timeZone, locale) },
          { key: "who", header: t("who"), cell: ({ by }) => person(by, t("nobody")) },
          { key: "whom", header: t("whom"), cell: ({ to }) => person(to, "–") },
          { key: "address", header: t("address"), cell: ({ address }) => address ?? "–" },
        ]}
      />
      {nextCursor === null && cursor === undefined ? null : (
        <nav aria-label={t("pages")} className="mt-4 flex flex-wrap gap-2">
          {cursor === undefined ? null : <LinkButton href={first}>{t("first")}</LinkButton>}
          {nextCursor === null ? null : <LinkButton href={pageAt(nextCursor)}>{t("next")}</LinkButton>}
        </nav>
      )}
    </>
  );
}
