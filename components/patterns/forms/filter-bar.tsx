import { getTranslations } from "next-intl/server";
import Link from "next/link";
import type { ReactNode } from "react";
import { Icon, X } from "@/components/ui/icon";
import { LiveRegion } from "@/components/ui/live-region";
import { SubmitButton } from "@/components/ui/submit-button";
import { FilterForm } from "./filter-form";

export interface FilterBarProps {
  /** Where the form goes: the page itself. Filters are its query, so that the address holds them. */
  action: string;
  label: string;
  /** Fields; each named as in the query. A box that can be unticked has a hidden field of its name before it. */
  children: ReactNode;
  /** What the page is filtered by now, as `queryOf` writes it. */
  query?: string | undefined;
  /** What the page takes when the query does not name it, as a query: "availability=open". */
  defaults?: string | undefined;
  submitLabel?: string | undefined;
  /** What is filtered now; each link leads to the page without that one. */
  active?: readonly { label: string; hrefWithout: string }[] | undefined;
  clearHref?: string | undefined;
  /** The title of the page; then it and the results stand in one line above the fields. */
  heading?: ReactNode | undefined;
  /** "24 sections"; read out when it changes. */
  resultText?: string | undefined;
}

/**
 * Filters that apply as they change, with what is active as removable chips and the number of results in words. Without
 * script a GET form with a button.
 */
export async function FilterBar({
  action,
  label,
  children,
  query = "",
  defaults,
  submitLabel,
  active = [],
  clearHref,
  heading,
  resultText,
}: FilterBarProps) {
  const t = await getTranslations("ui");
  return (
    <FilterForm
      action={action}
      label={label}
      query={query}
      defaults={defaults}
      unreachable={t("filtersWait")}
      heading={heading}
      fields={
        <>
          {/* The form's own button: Enter submits by it. It is in view only where nothing applies by itself. */}
          <button type="submit" hidden />
          {children}
          <noscript>
            <SubmitButton variant="secondary" className="min-h-11">
              {submitLabel ?? t("showResults")}
            </SubmitButton>
          </noscript>
        </>
      }
    >
      {resultText === undefined ? null : (
        <LiveRegion visible className="me-2 text-sm text-muted tabular">
          {resultText}
        </LiveRegion>
      )}
      {active.length === 0 ? null : (
        <ul aria-label={t("activeFilters")} className="flex flex-wrap gap-2">
          {active.map((filter) => (
            <li key={filter.label}>
              <Link
                href={filter.hrefWithout}
                scroll={false}
                aria-label={t("removeFilter", { filter: filter.label })}
                className="inline-flex min-h-8 items-center gap-1.5 rounded-full border border-border bg-surface ps-3 pe-2 text-sm hover:bg-sunken pointer-coarse:min-h-11"
              >
                {filter.label}
                <Icon icon={X} size="sm" className="text-muted" />
              </Link>
            </li>
          ))}
        </ul>
      )}
      {active.length === 0 || clearHref === undefined ? null : (
        <Link
          href={clearHref}
          scroll={false}
          className="inline-flex min-h-8 items-center rounded-sm px-1 text-sm text-accent underline pointer-coarse:min-h-11"
        >
          {t("clearAll")}
        </Link>
      )}
    </FilterForm>
  );
}
