"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

/** Whether a place of the navigation holds the page: the page itself or, unless `exact`, one beneath it. */
export function isCurrent(href: string, pathname: string, exact = false): "page" | "true" | undefined {
  if (pathname === href) return "page";
  return !exact && href !== "/" && pathname.startsWith(`${href}/`) ? "true" : undefined;
}

/** Link of the navigation that knows whether it is the current one. A client leaf because a layout is not told the path. */
export function NavLink({
  href,
  exact,
  current,
  className,
  children,
}: {
  href: string;
  /** Pages beneath it have a place of their own. */
  exact?: boolean | undefined;
  /** Path of the page, when the caller knows better than the address (previews). */
  current?: string | undefined;
  className: string;
  children: ReactNode;
}) {
  const pathname = usePathname();
  return (
    <Link href={href} aria-current={isCurrent(href, current ?? pathname, exact)} className={className}>
      {children}
    </Link>
  );
}
