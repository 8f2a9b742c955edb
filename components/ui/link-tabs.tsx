import clsx from "clsx";
import Link from "next/link";

export interface LinkTabsProps {
  label: string;
  tabs: readonly { href: string; label: string; count?: number | undefined; current: boolean }[];
  className?: string | undefined;
}

/** Views of one thing as links: the address says which one is open, and they work without script. */
export function LinkTabs({ label, tabs, className }: LinkTabsProps) {
  return (
    <nav aria-label={label} className={clsx("overflow-x-auto border-b border-border", className)}>
      <ul className="flex min-w-max gap-1">
        {tabs.map((tab) => (
          <li key={tab.href}>
            <Link
              href={tab.href}
              scroll={false}
              aria-current={tab.current ? "page" : undefined}
              className="-mb-px flex min-h-11 items-center gap-2 rounded-t-md border-b-2 border-transparent px-3 text-sm font-medium text-muted -outline-offset-2 hover:text-text aria-[current]:border-accent aria-[current]:text-text"
            >
              {tab.label}
              {tab.count === undefined ? null : <span className="font-normal text-faint tabular">{tab.count}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
