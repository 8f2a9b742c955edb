import { getTranslations } from "next-intl/server";
import Link from "next/link";
import type { ReactNode } from "react";
import { Badge } from "@/components/ui/badge";
import { Ellipsis, Icon } from "@/components/ui/icon";
import { menuItemClass, Popover } from "@/components/ui/popover";
import { VisuallyHidden } from "@/components/ui/visually-hidden";
import { AccountMenu, type ShellUser, type SignOutAction } from "./account-menu";
import { NavLink } from "./nav-link";
import { SchoolMark } from "./school-mark";
import { navForRoles, type ShellNavItem } from "./shell-nav";

/** A phone has room for five; with more, the last of the five is "More". */
const tabLimit = 5;

export interface AppShellProps {
  user: ShellUser;
  schoolName: string;
  signOutAction: SignOutAction;
  /** Left out: the places of the person's roles. */
  nav?: readonly ShellNavItem[] | undefined;
  /** Path of the page; left out: the address decides. */
  current?: string | undefined;
  /** Unread items of the inbox. */
  unreadCount?: number | undefined;
  children: ReactNode;
}

/**
 * Frame of every signed-in page: school, navigation (tab bar below 1024 px, rail above), account, and `main`, which the
 * skip link of the root layout leads to. One navigation in the markup, drawn in two ways.
 */
export async function AppShell({
  user,
  schoolName,
  signOutAction,
  nav,
  current,
  unreadCount = 0,
  children,
}: AppShellProps) {
  const t = await getTranslations("ui");
  const items = nav ?? navForRoles(user.roles, (key) => t(`nav.${key}`));
  const overflow = items.length > tabLimit ? items.slice(tabLimit - 1) : [];

  // Said once: the figure that is seen is the one that is read out.
  const unread = t.rich("shell.unread", {
    count: unreadCount > 99 ? "99+" : String(unreadCount),
    hidden: (words) => <VisuallyHidden>{words}</VisuallyHidden>,
  });

  const content = (item: ShellNavItem) => (
    <>
      <Icon icon={item.icon} />
      <span className="lg:flex-1">{item.label}</span>
      {item.href === "/inbox" && unreadCount > 0 ? (
        <Badge tone="ink" className="max-lg:absolute max-lg:start-[calc(50%+0.25rem)] max-lg:top-1">
          {unread}
        </Badge>
      ) : null}
    </>
  );

  return (
    <div className="lg:grid lg:grid-cols-[15rem_minmax(0,1fr)] print:block!">
      <div className="contents lg:sticky lg:top-0 lg:flex lg:h-dvh lg:flex-col lg:gap-2 lg:border-e lg:border-border lg:bg-surface lg:p-3 print:hidden!">
        <header className="flex h-14 items-center justify-between gap-3 border-b border-border bg-surface ps-4 pe-2 lg:contents">
          <Link
            href="/"
            aria-label={t("shell.home", { school: schoolName })}
            className="flex min-h-11 min-w-0 items-center gap-2.5 rounded-md lg:order-1 lg:px-2"
          >
            <SchoolMark />
            <span className="line-clamp-2 text-sm leading-tight font-semibold text-balance">{schoolName}</span>
          </Link>
          <div className="shrink-0 lg:order-3">
            <AccountMenu user={user} signOutAction={signOutAction} />
          </div>
        </header>
        <nav
          aria-label={t("shell.mainNavigation")}
          data-tab-bar
          className="tall:max-lg:fixed tall:max-lg:inset-x-0 tall:max-lg:bottom-0 tall:max-lg:z-30 max-lg:border-y max-lg:border-border max-lg:bg-surface tall:max-lg:pb-[env(safe-area-inset-bottom,0px)] lg:order-2 lg:min-h-0 lg:flex-1 lg:overflow-y-auto lg:pt-2"
        >
          <ul className="max-lg:mx-auto max-lg:grid max-lg:max-w-form max-lg:auto-cols-fr max-lg:grid-flow-col lg:grid lg:gap-0.5">
            {items.map((item, index) => (
              <li
                key={item.href}
                className={overflow.length > 0 && index >= tabLimit - 1 ? "max-lg:hidden" : undefined}
              >
                <NavLink href={item.href} exact={item.exact} current={current} className="nav-place">
                  {content(item)}
                </NavLink>
              </li>
            ))}
            {overflow.length > 0 ? (
              <li className="lg:hidden">
                <Popover
                  id="more-places"
                  variant="quiet"
                  triggerClassName="h-14 w-full flex-col gap-0.5! rounded-none px-0! text-xs! leading-4 text-muted! -outline-offset-2"
                  trigger={
                    <>
                      <Icon icon={Ellipsis} />
                      {t("shell.more")}
                    </>
                  }
                >
                  <ul>
                    {overflow.map((item) => (
                      <li key={item.href}>
                        <NavLink
                          href={item.href}
                          exact={item.exact}
                          current={current}
                          className={`relative aria-[current]:bg-accent-soft aria-[current]:text-accent ${menuItemClass}`}
                        >
                          <Icon icon={item.icon} size="sm" />
                          {item.label}
                          {item.href === "/inbox" && unreadCount > 0 ? (
                            <Badge tone="ink" className="ms-auto">
                              {unread}
                            </Badge>
                          ) : null}
                        </NavLink>
                      </li>
                    ))}
                  </ul>
                </Popover>
              </li>
            ) : null}
          </ul>
        </nav>
      </div>
      <main
        id="main"
        tabIndex={-1}
        className="min-w-0 px-4 pt-5 pb-[calc(var(--shell-bottom)+2.5rem)] md:px-6 lg:px-8 lg:pt-8 print:p-0"
      >
        <div className="mx-auto w-full max-w-[80rem]">{children}</div>
      </main>
    </div>
  );
}
