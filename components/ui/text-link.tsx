import clsx from "clsx";
import Link from "next/link";
import type { ComponentProps } from "react";

/** A link in running text or a table. `quiet` has no line until hovered, for lists where every row is a link. */
export function TextLink({ quiet = false, className, ...rest }: ComponentProps<typeof Link> & { quiet?: boolean }) {
  return <Link {...rest} className={clsx(quiet ? "quiet-link" : "text-link", className)} />;
}
