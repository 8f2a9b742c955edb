import type { ImportedPerson, StoredPerson } from "@/lib/identity/import/import-people";
import type { Role } from "@/lib/shared/context";
import type { Problems } from "../problems";
import type { ResolvedRoles } from "./roles";
import type { RoleRow, Roster, UserRow } from "../sources/rows";

const FILE = "users.csv";

/** The people that rows mean, and who was left out because no role of theirs is known here. */
export type ResolvedPeople = { people: ImportedPerson[]; leftOut: Set<string> };

/** Roles in which people act already; a file that does not repeat them does not take them. */
export type ActingRoles = { teaching: ReadonlySet<string>; enrolled: ReadonlySet<string> };

/**
 * Turns rows into people. Somebody gets a role from their own rows and from being a teacher or student in
 * enrollments.csv, also when users.csv does not have them this time; a role in which somebody already acts (`keeps`) is
 * not lost by a file that does not repeat it.
 */
export function resolvePeople(
  roster: Roster,
  stored: ReadonlyMap<string, StoredPerson>,
  { keeps, roles }: { keeps: ActingRoles; roles: ResolvedRoles },
  problems: Problems,
): ResolvedPeople {
  const acting = rolesInEnrollments(roster);
  const leftOut = new Set<string>();
  const people: ImportedPerson[] = [];
  const emails = new Map<string, number>();
  const allRoles = (id: string, own: readonly Role[]): Role[] => {
    const known = stored.get(id);
    const all = new Set<Role>([...own, ...(acting.get(id) ?? [])]);
    if (known && keeps.teaching.has(known.id)) all.add("TEACHER");
    if (known && keeps.enrolled.has(known.id)) all.add("STUDENT");
    return [...all];
  };
  for (const row of roster.users.values()) {
    const known = stored.get(row.sourcedId);
    if (row.ended) {
      people.push({ ...row, active: false, roles: known?.roles ?? [] });
      continue;
    }
    const own = roles.of(row.sourcedId);
    if (own.length === 0 && !(known && roles.named.has(row.sourcedId))) {
      leftOut.add(row.sourcedId);
      warnLeftOut(row, problems);
      continue;
    }
    if (row.email === "") problems.warn({ file: FILE, line: row.line, column: "email", code: "noEmail" });
    else {
      const first = emails.get(row.email);
      if (first === undefined) emails.set(row.email, row.line);
      else problems.error({ file: FILE, line: row.line, column: "email", code: "emailTwice", values: { first } });
    }
    people.push({ ...row, active: row.enabled, roles: allRoles(row.sourcedId, own) });
  }
  for (const id of new Set([...roles.named, ...acting.keys()])) {
    const known = stored.get(id);
    if (!known || known.ended || roster.users.has(id)) continue;
    const all = allRoles(id, roles.named.has(id) ? roles.of(id) : known.roles);
    if (all.length === known.roles.length && all.every((role) => known.roles.includes(role))) continue;
    people.push({ ...known, roles: all });
  }
  for (const row of roster.roles.values()) checkUserOf(row, { roster, stored, problems });
  for (const { sourcedId, ended, roles: all } of people) {
    if (!ended && all.length === 0)
      problems.warn({ file: "roles.csv", code: "noRoleLeft", values: { id: sourcedId.slice(0, 80) } });
  }
  return { people, leftOut };
}

function checkUserOf(
  { ended, line, userSourcedId }: RoleRow,
  known: { roster: Roster; stored: ReadonlyMap<string, StoredPerson>; problems: Problems },
): void {
  if (ended || known.roster.users.has(userSourcedId) || known.stored.has(userSourcedId)) return;
  const values = { id: userSourcedId.slice(0, 80) };
  known.problems.error({ file: "roles.csv", line, column: "userSourcedId", code: "danglingUser", values });
}

/** Pairs of guardian and student that rows name, from either side. */
export function resolveLinks(
  roster: Roster,
  people: readonly ImportedPerson[],
  stored: ReadonlyMap<string, StoredPerson>,
  leftOut: ReadonlySet<string>,
  problems: Problems,
): { guardian: string; student: string }[] {
  const rolesOf = new Map<string, readonly Role[]>([...stored].map(([id, person]) => [id, person.roles]));
  const gone = new Set([...stored.values()].filter((person) => !person.active).map((person) => person.sourcedId));
  for (const person of people) {
    rolesOf.set(person.sourcedId, person.roles);
    if (person.ended) gone.add(person.sourcedId);
    else if (roster.users.has(person.sourcedId)) gone.delete(person.sourcedId);
  }
  const links = new Map<string, { guardian: string; student: string }>();
  for (const row of roster.users.values()) {
    if (row.ended || leftOut.has(row.sourcedId)) continue;
    for (const agent of row.agents) {
      const at = { file: FILE, line: row.line, column: "agentSourcedIds" };
      if (leftOut.has(agent) || gone.has(agent)) continue;
      const roles = rolesOf.get(agent);
      const own = rolesOf.get(row.sourcedId) ?? [];
      if (!roles) problems.countLeftOut({ ...at, code: "agentsLeftOut", id: agent });
      else if (agent === row.sourcedId) problems.countLeftOut({ ...at, code: "ownAgents", id: agent });
      else if (own.includes("STUDENT") && roles.includes("GUARDIAN")) add(agent, row.sourcedId);
      else if (own.includes("GUARDIAN") && roles.includes("STUDENT")) add(row.sourcedId, agent);
      else problems.warn({ ...at, code: "agentNotGuardian", values: { id: agent.slice(0, 80) } });
    }
  }
  return [...links.values()];

  function add(guardian: string, student: string): void {
    links.set(`${guardian}\n${student}`, { guardian, student });
  }
}

function rolesInEnrollments(roster: Roster): Map<string, Set<Role>> {
  const acting = new Map<string, Set<Role>>();
  for (const row of roster.enrollments.values()) {
    if (row.ended || (row.role !== "teacher" && row.role !== "student")) continue;
    const roles = acting.get(row.userSourcedId) ?? new Set<Role>();
    acting.set(row.userSourcedId, roles.add(row.role === "teacher" ? "TEACHER" : "STUDENT"));
  }
  return acting;
}

function warnLeftOut(row: UserRow, problems: Problems): void {
  const role = row.roles.join(", ").slice(0, 80);
  problems.warn({
    file: FILE,
    line: row.line,
    column: "role",
    code: role === "" ? "noRole" : "unknownRole",
    values: { role },
  });
}
