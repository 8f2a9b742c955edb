import type { ReactNode } from "react";

/** Region whose changes are read out when the reader is idle. It must be on the page before its text changes. */
export function LiveRegion({
  visible = false,
  className,
  children,
}: {
  visible?: boolean | undefined;
  className?: string | undefined;
  children?: ReactNode | undefined;
}) {
  return (
    <div role="status" aria-live="polite" aria-atomic="true" className={visible ? className : "sr-only"}>
      {children}
    </div>
  );
}
