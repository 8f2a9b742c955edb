import type { StoredPerson } from "@/lib/identity/import/import-people";
import type { StoredRoleRow } from "@/lib/identity/import/import-roles";
import type { Role } from "@/lib/shared/context";
import type { Roster } from "../sources/rows";

/** OneRoster's roles (1.1 §4.13.8, 1.2 §4.13.10) that mean something here; others are left out. */
const ROLE_OF: Readonly<Record<string, Role>> = {
  student: "STUDENT",
  teacher: "TEACHER",
  administrator: "ADMIN",
  siteadministrator: "ADMIN",
  districtadministrator: "ADMIN",
  systemadministrator: "ADMIN",
  parent: "GUARDIAN",
  relative: "GUARDIAN",
  guardian: "GUARDIAN",
};

/** What a roster says of the roles of people, by the sourcedId of the person. */
export type ResolvedRoles = {
  /** The roles of somebody by their rows, and by what is stored where the rows are only a difference. */
  of(sourcedId: string): Role[];
  /** Everybody whose roles a row gives or takes. */
  named: Set<string>;
  /** Rows to remember, new or with another meaning than before, and rows to forget. */
  remember: (StoredRoleRow & { user: string })[];
  forget: string[];
};

/** The role that a word of the files means here. */
export function roleOf(word: string): Role | undefined {
  return ROLE_OF[word.toLowerCase()];
}

/**
 * Reads roles: in 1.1 from each person's row; in 1.2 from roles.csv, merged with the rows of `earlier` imports when the
 * file is a difference or not there. A role goes when its row is deleted or means something else, and no other row
 * gives it.
 */
export function resolveRoles(
  roster: Roster,
  stored: ReadonlyMap<string, StoredPerson>,
  earlier: readonly StoredRoleRow[],
): ResolvedRoles {
  if (roster.version === "1.1") {
    const of = (id: string) => [...new Set(roster.users.get(id)?.roles.flatMap((role) => roleOf(role) ?? []))];
    return { of, named: new Set(), remember: [], forget: [] };
  }
  const rows = new Map(earlier.map((row) => [row.sourcedId, row]));
  const given = new Map<string, Set<Role>>();
  const taken = new Map<string, Set<Role>>();
  const forget = new Set<string>();
  const remember: ResolvedRoles["remember"] = [];
  for (const { sourcedId, ended, userSourcedId: user, ...row } of roster.roles.values()) {
    const before = rows.get(sourcedId);
    const role = roleOf(row.role);
    rows.delete(sourcedId);
    if (before && before.user !== null) add(taken, before.user, before.role);
    if (!ended && role) {
      add(given, user, role);
      if (before?.user !== user || before.role !== role) remember.push({ sourcedId, user, role });
      continue;
    }
    if (before) forget.add(sourcedId);
    // Nothing is known of the row: what it names itself counts.
    else if (ended && role) add(taken, user, role);
  }
  const whole = roster.whole.has("roles.csv");
  const isComplete = (id: string) => whole && (roster.users.has(id) || given.has(id));
  for (const [sourcedId, { user, role }] of rows) {
    if (user === null) continue;
    if (isComplete(user)) forget.add(sourcedId);
    else taken.get(user)?.delete(role);
  }
  return {
    of(id) {
      const kept = isComplete(id) ? [] : (stored.get(id)?.roles ?? []);
      return [...new Set([...kept.filter((role) => !taken.get(id)?.has(role)), ...(given.get(id) ?? [])])];
    },
    named: new Set([...given.keys(), ...taken.keys()]),
    remember,
    forget: [...forget],
  };
}

function add(roles: Map<string, Set<Role>>, user: string, role: Role): void {
  roles.set(user, (roles.get(user) ?? new Set()).add(role));
}
