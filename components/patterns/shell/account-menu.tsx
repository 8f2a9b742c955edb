import clsx from "clsx";
import { getTranslations } from "next-intl/server";
import { Avatar } from "@/components/ui/avatar";
import { ChevronsUpDown, Icon, LogOut, Monitor, Moon, Settings, Sun } from "@/components/ui/icon";
import { menuItemClass, Popover } from "@/components/ui/popover";
import { VisuallyHidden } from "@/components/ui/visually-hidden";
import { setTheme } from "./set-theme";
import type { ShellRole } from "./shell-nav";
import { readTheme } from "./theme";

export interface ShellUser {
  name: string;
  roles: readonly ShellRole[];
}

/** A server action, or the address of a POST route. */
export type SignOutAction = string | ((form: FormData) => void | Promise<void>);

/** Who is signed in, the theme of this device, and the way out; all of it works without script. */
export async function AccountMenu({ user, signOutAction }: { user: ShellUser; signOutAction: SignOutAction }) {
  const [t, theme] = await Promise.all([getTranslations("ui"), readTheme()]);
  const roles = user.roles.map((role) => t(`role.${role}`)).join(", ");
  const choices = [
    { value: "light", icon: Sun, label: t("shell.themeLight") },
    { value: "dark", icon: Moon, label: t("shell.themeDark") },
    { value: "system", icon: Monitor, label: t("shell.themeSystem") },
  ] as const;

  return (
    <Popover
      id="account-menu"
      variant="quiet"
      triggerClassName="max-lg:rounded-full max-lg:px-1 lg:w-full lg:justify-start lg:px-2 lg:py-1.5"
      className="w-64"
      trigger={
        <>
          <Avatar name={user.name} />
          <VisuallyHidden>{t("shell.account")}</VisuallyHidden>
          <span className="min-w-0 flex-1 text-start leading-tight max-lg:sr-only lg:grid">
            <span className="truncate text-sm font-medium">{user.name}</span>
            <span className="truncate text-xs font-normal text-muted">{roles}</span>
          </span>
          <Icon icon={ChevronsUpDown} size="sm" className="hidden text-faint lg:block" />
        </>
      }
    >
      <div className="px-2.5 py-2 lg:hidden">
        <p className="font-medium">{user.name}</p>
        <p className="text-sm text-muted">{roles}</p>
      </div>
      {/* A plain link: with the page the menu goes, which would stay open over another. */}
      <a href="/account" className={`${menuItemClass} mb-1.5`}>
        <Icon icon={Settings} size="sm" className="text-muted" />
        {t("shell.myAccount")}
      </a>
      <form action={setTheme} className="border-t border-border p-2.5">
        <fieldset>
          <legend className="mb-1.5 text-xs font-medium text-muted">{t("shell.theme")}</legend>
          <div className="grid grid-cols-[1fr_1fr] gap-1.5">
            {choices.map((choice) => (
              <button
                key={choice.value}
                name="theme"
                value={choice.value}
                aria-pressed={theme === choice.value}
                className={clsx("theme-choice", choice.value === "system" && "col-span-2")}
              >
                <Icon icon={choice.icon} size="sm" />
                {choice.label}
              </button>
            ))}
          </div>
        </fieldset>
      </form>
      <form
        action={signOutAction}
        data-sign-out
        {...(typeof signOutAction === "string" ? { method: "post" } : {})}
        className="border-t border-border pt-1.5"
      >
        <button className={menuItemClass}>
          <Icon icon={LogOut} size="sm" className="text-muted rtl:-scale-x-100" />
          {t("shell.signOut")}
        </button>
      </form>
    </Popover>
  );
}
