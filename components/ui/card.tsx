import clsx from "clsx";
import type { HTMLAttributes } from "react";

export interface CardProps extends HTMLAttributes<HTMLElement> {
  as?: "div" | "section" | "article" | "li" | undefined;
  /** Inner space: `none` for a card that holds a table or list with its own. */
  padding?: "none" | "sm" | "md" | undefined;
}

const paddings = { none: "", sm: "p-4", md: "p-4 sm:p-5" } as const;

/** Paper with an edge, no shadow: things that lie still. */
export function Card({ as: Tag = "div", padding = "md", className, ...rest }: CardProps) {
  return (
    <Tag
      {...rest}
      className={clsx("min-w-0 rounded-lg border border-border bg-surface", paddings[padding], className)}
    />
  );
}
