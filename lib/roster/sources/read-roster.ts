import type { Cells } from "./cells";
import { MANIFEST, readManifest, type Manifest } from "./read-manifest";
import { readTable } from "./read-table";
import type { Problems } from "../problems";
import type { Roster } from "./rows";
import { fileNamed, type RosterSource } from "./sources";
import { classRow, courseRow, enrollmentRow, orgRow, roleRow, sessionRow, userRow } from "./tables";

/** Columns that must be there: those whose absence would silently change what the roster means. */
const REQUIRED = {
  "orgs.csv": ["sourcedId", "name", "type"],
  "academicSessions.csv": ["sourcedId", "title", "type", "startDate", "endDate"],
  "courses.csv": ["sourcedId", "title", "courseCode", "orgSourcedId"],
  "classes.csv": ["sourcedId", "title", "courseSourcedId", "classCode", "schoolSourcedId", "termSourcedIds"],
  "users.csv": ["sourcedId", "enabledUser", "givenName", "familyName", "email", "agentSourcedIds"],
  "roles.csv": ["sourcedId", "userSourcedId", "role", "orgSourcedId"],
  "enrollments.csv": ["sourcedId", "classSourcedId", "schoolSourcedId", "userSourcedId", "role"],
} as const;
type TableFile = keyof typeof REQUIRED;

/** Of these names those that an import reads, as they are written there; the first where two differ in case alone. */
export function rosterFiles(names: readonly string[]): string[] {
  return [MANIFEST, ...Object.keys(REQUIRED)].flatMap((file) => fileNamed(file, names) ?? []);
}

/**
 * Reads and checks all files of a OneRoster 1.1 or 1.2 roster, row by row. What is wrong goes into `problems`; nothing is
 * thrown for it. References are checked against the database later, because a roster may build on an earlier one.
 */
export async function readRoster(source: RosterSource, problems: Problems): Promise<Roster> {
  const hasFiles = source.names.some((name) => /\.csv$/i.test(name));
  const manifest = hasFiles ? await readManifest(source, problems, isRead) : null;
  const roster: Roster = {
    version: manifest?.version ?? "1.1",
    whole: new Set(),
    orgs: new Map(),
    sessions: new Map(),
    courses: new Map(),
    classes: new Map(),
    users: new Map(),
    roles: new Map(),
    enrollments: new Map(),
  };
  if (!manifest) {
    problems.error({ file: MANIFEST, code: "noCsvFiles" });
    return roster;
  }
  const read = tableReader(source, manifest, problems, roster.whole);
  await read("orgs.csv", (cells) => keep(roster.orgs, orgRow(cells), cells));
  const orgs = roster.orgs;
  await read("academicSessions.csv", (cells) => keep(roster.sessions, sessionRow(cells), cells));
  await read("courses.csv", (cells) => keep(roster.courses, courseRow(cells, orgs), cells));
  await read("classes.csv", (cells) => keep(roster.classes, classRow(cells, orgs), cells));
  const has12Roles = manifest.version === "1.2";
  await read("users.csv", (cells) => keep(roster.users, userRow(cells, orgs, !has12Roles), cells), {
    more: has12Roles ? [] : ["role", "orgSourcedIds"],
  });
  if (has12Roles) {
    await read("roles.csv", (cells) => {
      const row = roleRow(cells, orgs);
      keep(roster.roles, row, cells);
      if (!row.ended) roster.users.get(row.userSourcedId)?.roles.push(row.role);
    });
  }
  await read("enrollments.csv", (cells) => keep(roster.enrollments, enrollmentRow(cells, orgs), cells));
  return roster;
}

function isRead(name: string, version: Manifest["version"]): boolean {
  if (name === "roles" && version === "1.1") return false;
  return Object.keys(REQUIRED).some((file) => file.slice(0, -4).toLowerCase() === name);
}

function tableReader(source: RosterSource, manifest: Manifest, problems: Problems, whole: Set<string>) {
  return async (file: TableFile, row: (cells: Cells) => void, options: { more?: string[] } = {}): Promise<void> => {
    const mode = manifest.modes.get(file.slice(0, -4).toLowerCase());
    const name = fileNamed(file, source.names);
    if (mode === "absent") {
      if (name) problems.warn({ file, code: "absentButThere" });
      if (file === "orgs.csv") problems.error({ file, code: "orgsNeeded" });
      return;
    }
    if (!name) {
      if (file === "orgs.csv") problems.error({ file, code: "orgsNeeded" });
      else if (mode !== undefined || !manifest.found) problems.error({ file, code: "fileMissing" });
      return;
    }
    if (mode !== "delta") whole.add(file);
    const required = [...REQUIRED[file], ...(options.more ?? [])];
    await readTable(await source.open(name), { file, required }, problems, row);
  };
}

function keep<T extends { line: number; sourcedId: string }>(rows: Map<string, T>, row: T, cells: Cells): void {
  if (row.sourcedId === "") return;
  const first = rows.get(row.sourcedId);
  if (first) cells.fail("sourcedId", "duplicateId", { id: row.sourcedId.slice(0, 80), first: first.line });
  else rows.set(row.sourcedId, row);
}
