"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

/** Whether a place of the navigation holds the page: the page itself or one beneath it. */
export function isCurrent(href: string, pathname: string): "page" | "true" | undefined {
  if (pathname === href) return "page";
  return href !== "/" && pathname.startsWith(`${href}/`) ? "true" : undefined;
}

/** Link of the navigation that knows whether it is the current one. A client leaf because a layout is not told the path. */
export function NavLink({
  href,
  current,
  className,
  children,
}: {
  href: string;
  /** Path of the page, when the caller knows better than the address (previews). */
  current?: string | undefined;
  className: string;
  children: ReactNode;
}) {
  const pathname = usePathname();
  return (
    <Link href={href} aria-current={isCurrent(href, current ?? pathname)} className={className}>
      {children}
    </Link>
  );
}
