import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { DataTable } from "@/components/patterns/data-table";
import { EmptyState } from "@/components/patterns/empty-state";
import { FilterBar } from "@/components/patterns/forms/filter-bar";
import { queryOf } from "@/components/patterns/forms/filter-query";
import { PageHeader } from "@/components/patterns/page-header";
import { Plus, SearchX } from "@/components/ui/icon";
import { TextField } from "@/components/ui/input";
import { LinkButton } from "@/components/ui/link-button";
import { SelectField } from "@/components/ui/select";
import { TextLink } from "@/components/ui/text-link";
import { findPeople } from "@/lib/identity/office/find-people";
import { findPeopleInput, PERSON_STATES } from "@/lib/identity/office/schema";
import { AppError } from "@/lib/shared/errors";
import { ROLES } from "@/lib/shared/context";
import { pageContext, titleIsFor } from "@/lib/web/page/page-guard";
import type { PageInput } from "@/lib/web/page/page-props";
import { StateBadge } from "./_components/state-badge";

const PAGE = "/admin/people";

export async function generateMetadata(): Promise<Metadata> {
  await titleIsFor(["ADMIN"]);
  return { title: (await getTranslations("people.office"))("metaTitle") };
}

/** Everybody of the school: search by name or e-mail, by role and by how the account is. */
export default async function PeoplePage({ searchParams }: PageInput) {
  const input = findPeopleInput.parse(await searchParams);
  const { cursor, ...filters } = input;
  const query = queryOf(Object.entries(filters));
  const first = query === "" ? PAGE : `${PAGE}?${query}`;
  const ctx = await pageContext(first, ["ADMIN"]);
  const [{ people, total, nextCursor }, t, ui] = await Promise.all([
    findPeople(ctx, input).catch((error: unknown) => {
      if (error instanceof AppError && error.code === "invalid_request") redirect(first);
      throw error;
    }),
    getTranslations("people.office"),
    getTranslations("ui"),
  ]);
  const pageAt = (at: string) =>
    `${PAGE}?${new URLSearchParams([...new URLSearchParams(query), ["cursor", at]]).toString()}`;
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          <>
            <LinkButton href="/admin/log">{t("log")}</LinkButton>
            <LinkButton href={`${PAGE}/new`} variant="primary">
              <Plus className="size-4" />
              {t("add")}
            </LinkButton>
          </>
        }
      />
      <FilterBar action={PAGE} label={t("filters")} query={query} resultText={t("results", { count: total })}>
        <TextField
          name="q"
          type="search"
          label={t("search")}
          placeholder={t("searchHint")}
          defaultValue={filters.q ?? ""}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          className="min-w-0 grow basis-full sm:basis-56"
        />
        <SelectField
          name="role"
          label={t("role")}
          defaultValue={filters.role ?? ""}
          className="min-w-0 grow basis-40 sm:grow-0"
        >
          <option value="">{t("anyRole")}</option>
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {ui(`role.${role}`)}
            </option>
          ))}
        </SelectField>
        <SelectField
          name="state"
          label={t("stateLabel")}
          defaultValue={filters.state ?? ""}
          className="min-w-0 grow basis-40 sm:grow-0"
        >
          <option value="">{t("anyState")}</option>
          {PERSON_STATES.map((state) => (
            <option key={state} value={state}>
              {t(`state.${state}`)}
            </option>
          ))}
        </SelectField>
      </FilterBar>
      <DataTable
        caption={t("list")}
        rows={people}
        rowKey={({ id }) => id}
        density="compact"
        empty={
          <EmptyState icon={SearchX} title={t("noneTitle")}>
            {t("noneBody")}
          </EmptyState>
        }
        columns={[
          {
            key: "name",
            header: t("name"),
            primary: true,
            cell: ({ id, name }) => <TextLink href={`${PAGE}/${id}`}>{name}</TextLink>,
          },
          { key: "roles", header: t("roles"), cell: ({ roles }) => roles.map((role) => ui(`role.${role}`)).join(", ") },
          {
            key: "email",
            header: t("email"),
            cell: ({ email }) => <span className="wrap-anywhere">{email ?? t("noEmailShort")}</span>,
          },
          { key: "state", header: t("stateLabel"), cell: ({ state }) => <StateBadge state={state} /> },
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
