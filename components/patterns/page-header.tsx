import { getTranslations } from "next-intl/server";
import Link from "next/link";
import type { ReactNode } from "react";
import { ChevronRight, Icon } from "@/components/ui/icon";

export interface PageHeaderProps {
  title: ReactNode;
  /** A line above the title: where this is ("Grade 8 · Mathematics"). */
  eyebrow?: ReactNode | undefined;
  description?: ReactNode | undefined;
  /** Tags or figures beside the title. */
  meta?: ReactNode | undefined;
  actions?: ReactNode | undefined;
  /** Admin pages only. */
  breadcrumbs?: readonly { href: string; label: string }[] | undefined;
}

/** The one `h1` of a page, with what can be done here at its end. */
export async function PageHeader({ title, eyebrow, description, meta, actions, breadcrumbs = [] }: PageHeaderProps) {
  const t = await getTranslations("ui");
  return (
    <div className="mb-6 grid gap-3">
      {breadcrumbs.length === 0 ? null : (
        <nav aria-label={t("breadcrumbs")}>
          <ol className="flex flex-wrap items-center gap-1 text-sm text-muted">
            {breadcrumbs.map((crumb) => (
              <li key={crumb.href} className="flex items-center gap-1">
                <Link href={crumb.href} className="rounded-sm py-1 hover:text-text hover:underline">
                  {crumb.label}
                </Link>
                <Icon icon={ChevronRight} size="sm" className="text-faint rtl:-scale-x-100" />
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="grid min-w-0 gap-1">
          {eyebrow === undefined ? null : <p className="text-sm text-muted">{eyebrow}</p>}
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1 className="text-2xl lg:text-3xl">{title}</h1>
            {meta}
          </div>
          {description === undefined ? null : <p className="max-w-reading text-muted">{description}</p>}
        </div>
        {actions === undefined ? null : (
          <div data-no-print className="flex flex-wrap items-center gap-2">
            {actions}
          </div>
        )}
      </div>
    </div>
  );
}

/** Head of a part of a page. */
export function SectionHeader({ title, id, actions }: { title: ReactNode; id?: string; actions?: ReactNode }) {
  return (
    <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
      <h2 id={id} className="text-lg">
        {title}
      </h2>
      {actions}
    </div>
  );
}
