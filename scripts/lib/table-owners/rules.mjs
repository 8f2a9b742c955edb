// What may be done with the tables of others, and how to mend what may not.

/**
 * Whether a file may import another, by the import rules of the repository: a module may read the tables of those below it,
 * and "below" stands in these rules alone.
 * @param {import("dependency-cruiser").IConfiguration} rules
 * @param {string} from
 * @param {string} to
 */
export function mayImport(rules, from, to) {
  return !(rules.forbidden ?? []).some((rule) => {
    if (!rule.name?.endsWith("-imports")) return false;
    const groups = matchOf(rule.from.path, from);
    if (!groups || matchOf(rule.from.pathNot, from)) return false;
    if (!("to" in rule)) return false;
    const [path, pathNot] = [rule.to.path, rule.to.pathNot].map((pattern) => filled(pattern, groups));
    return Boolean(matchOf(path, to)) && !matchOf(pathNot, to);
  });
}

/** @param {string | string[] | undefined} pattern @param {string} text */
function matchOf(pattern, text) {
  if (pattern === undefined) return null;
  return new RegExp([pattern].flat().join("|")).exec(text);
}

/** The pattern with `$1` filled in. @param {string | string[] | undefined} pattern @param {RegExpExecArray} groups */
function filled(pattern, groups) {
  return pattern === undefined
    ? undefined
    : [pattern]
        .flat()
        .join("|")
        .replaceAll("$1", groups[1] ?? "");
}

/** `lib/catalog/sections/seats.ts` → `catalog`; shells are called as their folder is. @param {string} file */
export function readerOf(file) {
  const [room, module] = file.split("/");
  return room === "lib" && module ? module : (room ?? "");
}

/**
 * What is wrong with the uses of tables, one sentence each.
 * @typedef {{ file: string, line: number, table: string | null, write: boolean }} FileUse
 * @param {FileUse[]} uses
 * @param {{ owners: Map<string, string>, reads: Record<string, Record<string, string>>, listName: string, below: (file: string, owner: string) => boolean }} house
 * @returns {string[]}
 */
export function problemsOf(uses, { owners, reads, listName, below }) {
  const problems = [];
  const used = new Set();
  for (const { file, line, table, write } of uses) {
    const place = `${file}:${line}`;
    if (table === null) {
      problems.push(`${place} writes a table whose name is not in the text: write the name out.`);
      continue;
    }
    const reader = readerOf(file);
    const owner = owners.get(table);
    if (owner === undefined || owner === reader) continue;
    const isBelow = below(file, owner);
    const owned = `${table}, which is ${owner}'s`;
    const above = `${owner} does not lie below ${reader}`;
    if (write && isBelow) {
      problems.push(`${place} writes ${owned}: call a function of lib/${owner} that makes the change.`);
    } else if (write) {
      problems.push(`${place} writes ${owned}, and ${above}: let ${owner} make the change, in the same transaction.`);
    } else if (!isBelow) {
      problems.push(
        `${place} reads ${owned}, and ${above}: take what you need to know as a parameter from the use-case above both.`,
      );
    } else {
      used.add(`${reader} ${table}`);
      if (!reads[reader]?.[table]) {
        problems.push(
          `${place} reads ${owned}: ask a function of lib/${owner}, or name the read in ${listName} with its reason.`,
        );
      }
    }
  }
  for (const [reader, tables] of Object.entries(reads)) {
    for (const [table, reason] of Object.entries(tables)) {
      const entry = `${listName}: ${reader} → ${table}`;
      if (!owners.has(table)) problems.push(`${entry}: there is no such table.`);
      else if (!used.has(`${reader} ${table}`)) problems.push(`${entry}: nothing reads it any more; remove the entry.`);
      if (typeof reason !== "string" || reason.trim() === "") problems.push(`${entry}: give the reason.`);
    }
  }
  return problems;
}
