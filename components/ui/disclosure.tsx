import clsx from "clsx";
import type { ReactNode } from "react";
import { ChevronRight, Icon } from "./icon";

/** Part that opens in place, without script. `name` makes those that share it close each other. */
export function Disclosure({
  summary,
  name,
  open,
  className,
  children,
}: {
  summary: ReactNode;
  name?: string | undefined;
  open?: boolean | undefined;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <details name={name} open={open} className={clsx("group", className)}>
      <summary className="flex min-h-9 w-fit items-center gap-1.5 rounded-md pe-2 font-medium text-accent pointer-coarse:min-h-11">
        <Icon
          icon={ChevronRight}
          size="sm"
          className="transition-transform group-open:rotate-90 rtl:-scale-x-100 rtl:group-open:-rotate-90"
        />
        {summary}
      </summary>
      <div className="pt-1 ps-5.5 pb-2">{children}</div>
    </details>
  );
}
