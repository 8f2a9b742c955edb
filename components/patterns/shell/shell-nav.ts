import {
  Bell,
  CalendarCheck,
  CalendarDays,
  CalendarOff,
  ClipboardCheck,
  House,
  type IconGlyph,
  Inbox,
  LayoutDashboard,
  Search,
  Settings,
  Upload,
  Users,
} from "@/components/ui/icon";

export type ShellRole = "STUDENT" | "TEACHER" | "GUARDIAN" | "ADMIN";

export interface ShellNavItem {
  href: string;
  label: string;
  icon: IconGlyph;
  /** Pages beneath it have places of their own. */
  exact?: boolean | undefined;
}

type NavKey =
  | "sections"
  | "myWeek"
  | "myAttendance"
  | "today"
  | "home"
  | "alerts"
  | "overview"
  | "calendar"
  | "people"
  | "roster"
  | "settings"
  | "inbox";

interface NavEntry {
  href: string;
  key: NavKey;
  icon: IconGlyph;
  exact?: boolean;
}

const inbox: NavEntry = { href: "/inbox", key: "inbox", icon: Inbox };

/** The places of each role, the most likely first. */
const places: Record<ShellRole, readonly NavEntry[]> = {
  TEACHER: [{ href: "/today", key: "today", icon: ClipboardCheck }, inbox],
  GUARDIAN: [{ href: "/family", key: "home", icon: House }, { href: "/preferences", key: "alerts", icon: Bell }, inbox],
  STUDENT: [
    { href: "/sections", key: "sections", icon: Search },
    { href: "/timetable", key: "myWeek", icon: CalendarDays },
    { href: "/attendance", key: "myAttendance", icon: CalendarCheck },
    inbox,
  ],
  ADMIN: [
    { href: "/admin", key: "overview", icon: LayoutDashboard, exact: true },
    { href: "/admin/people", key: "people", icon: Users },
    { href: "/admin/calendar", key: "calendar", icon: CalendarOff },
    { href: "/admin/import", key: "roster", icon: Upload },
    { href: "/admin/settings", key: "settings", icon: Settings },
  ],
};

const order: readonly ShellRole[] = ["TEACHER", "GUARDIAN", "STUDENT", "ADMIN"];

/** Where a person with these roles can go: the union without repeats, the inbox last. `label` translates a key. */
export function navForRoles(roles: readonly ShellRole[], label: (key: NavKey) => string): ShellNavItem[] {
  const entries = order.filter((role) => roles.includes(role)).flatMap((role) => places[role]);
  const unique = [...new Map(entries.map((entry) => [entry.href, entry])).values()];
  const sorted = [...unique.filter((entry) => entry !== inbox), ...unique.filter((entry) => entry === inbox)];
  return sorted.map(({ href, key, icon, exact }) => ({ href, icon, exact, label: label(key) }));
}

/** The first page of a person with these roles. */
export function homeForRoles(roles: readonly ShellRole[]): string {
  return navForRoles(roles, (key) => key).at(0)?.href ?? "/";
}

/** What is on now, for each role; the first that a person has. */
const now: readonly string[] = ["/today", "/family", "/timetable", "/admin"];

/** Where a shortcut of the installed app leads this person: `today` to what is on now, `inbox` to the news if they get any. */
export function shortcutForRoles(wanted: unknown, roles: readonly ShellRole[]): string {
  const own = navForRoles(roles, (key) => key).map(({ href }) => href);
  const wishes = wanted === "today" ? now : wanted === "inbox" ? ["/inbox"] : [];
  return wishes.find((href) => own.includes(href)) ?? homeForRoles(roles);
}
