import clsx from "clsx";
import type { ReactNode } from "react";
import { Icon, type IconGlyph } from "@/components/ui/icon";

export interface EmptyStateProps {
  icon?: IconGlyph | undefined;
  title: string;
  /** What will be here, or which filter to take away. */
  children?: ReactNode | undefined;
  action?: ReactNode | undefined;
  /** Without its own paper, inside a card or table. */
  bare?: boolean | undefined;
  /** 1 where it is the whole page. */
  level?: 1 | 2 | 3 | undefined;
}

/** Nothing here: says why and what to do, and looks different from an error. */
export function EmptyState({ icon, title, children, action, bare = false, level = 2 }: EmptyStateProps) {
  const Heading = `h${level}` as const;
  return (
    <div
      className={clsx(
        "grid justify-items-center gap-2 px-6 py-12 text-center",
        !bare && "rounded-lg border border-dashed border-control/60",
      )}
    >
      {icon === undefined ? null : (
        <span className="mb-1 inline-flex size-11 items-center justify-center rounded-full bg-sunken text-muted">
          <Icon icon={icon} />
        </span>
      )}
      <Heading className={level === 1 ? "text-2xl" : "text-lg"}>{title}</Heading>
      {children === undefined ? null : <div className="max-w-form text-muted">{children}</div>}
      {action === undefined ? null : <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
