import clsx from "clsx";
import type { ReactNode } from "react";

export interface StatTileProps {
  label: string;
  value: ReactNode;
  /** What the number is made of, or compared with. */
  hint?: ReactNode | undefined;
  /** `hero`: the figure of a wall or projector. */
  size?: "normal" | "hero" | undefined;
}

/** One figure with its name; put several in a `StatRow`. */
export function StatTile({ label, value, hint, size = "normal" }: StatTileProps) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5 bg-surface px-4 py-3">
      <dt className="text-sm text-muted">{label}</dt>
      <dd className={clsx("font-semibold tabular", size === "hero" ? "text-5xl" : "text-2xl")}>{value}</dd>
      {hint === undefined ? null : <dd className="text-sm text-muted">{hint}</dd>}
    </div>
  );
}

/** Figures beside each other, divided by hair lines; a description list to screen readers. */
export function StatRow({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-border bg-border max-sm:[&>:last-child:nth-child(odd)]:col-span-2 sm:grid-cols-[repeat(auto-fit,minmax(10rem,1fr))]">
      {children}
    </dl>
  );
}
