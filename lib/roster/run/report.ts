import type { ImportTally } from "@/lib/identity/import/import-tally";
import { translator } from "@/messages/translator";
import type { Problem, Problems, RosterRefused } from "../problems";

export const KINDS = [
  "terms",
  "courses",
  "sections",
  "users",
  "guardianships",
  "teachers",
  "enrollments",
  "classSessions",
] as const;

/** What an import did, or would do when it was a dry run. */
export type RosterReport = {
  dryRun: boolean;
  version: "1.1" | "1.2";
  school: { id: string; sourcedId: string; name: string; timeZone: string };
  tallies: Record<(typeof KINDS)[number], ImportTally>;
  /** Ids of people who had no password before this import and can be let in. */
  withoutPassword: string[];
  /** They got the initial password. */
  sharedPassword: boolean;
  warnings: Problem[];
  warningCount: number;
  durationMs: number;
};

/** Where the links of invitations were written, how many, and where they lead; never the links. */
export type InvitationNote = { count: number; file: string; origin: string; host: string };

/** What is kept of a report, and shown: nobody's ids. */
export type StoredReport = Omit<RosterReport, "withoutPassword"> & {
  /** How many people. */
  withoutPassword: number;
  invitations: InvitationNote | null;
};

/** What is kept of a refusal, and shown. */
export type Refusal = Pick<Problems, "errors" | "errorCount">;

/** What is to be kept of a refusal. */
export function refusalOf({ problems: { errors, errorCount } }: RosterRefused): Refusal {
  return { errors, errorCount };
}

/** What is to be kept of a report. */
export function storedReport(report: RosterReport, invitations: InvitationNote | null): StoredReport {
  return { ...report, withoutPassword: report.withoutPassword.length, invitations };
}

/** How many findings are listed one by one; the rest is a number. */
const LISTED = 100;

/** The sentences of the roster tool in a language. */
export const rosterText = (locale: string) => translator(locale, "roster");
type RosterText = ReturnType<typeof rosterText>;

/**
 * The report as text for a terminal of the machine `host`, without names, e-mails or passwords, in the language of whoever
 * reads it.
 */
export function formatReport(report: StoredReport, locale: string, host: string): string {
  const t = rosterText(locale);
  const { school, version } = report;
  const seconds = (report.durationMs / 1_000).toFixed(1);
  const values = { school: school.name, id: school.sourcedId, version, zone: school.timeZone, seconds };
  const lines = [t(report.dryRun ? "report.dryRun" : "report.done", values), "", ...table(report, t)];
  if (report.sharedPassword && report.withoutPassword > 0)
    lines.push("", t("report.sharedPassword", { count: report.withoutPassword }));
  if (report.warningCount > 0) {
    lines.push("", t("report.warnings", { count: report.warningCount }));
    lines.push(...formatProblems(report.warnings, report.warningCount, locale));
  }
  const { invitations } = report;
  if (invitations) {
    const isHere = invitations.host === host;
    lines.push("", t(isHere ? "report.invitations" : "report.invitationsElsewhere", invitations));
  }
  return lines.join("\n");
}

/** What is wrong with a refused roster, by file, line and column: the first hundred, then how many more. */
export function formatRefusal({ errors, errorCount }: Refusal, locale: string): string {
  const t = rosterText(locale);
  return [
    t("report.refused"),
    "",
    t("report.errors", { count: errorCount }),
    ...formatProblems(errors, errorCount, locale),
  ].join("\n");
}

function formatProblems(problems: readonly Problem[], count: number, locale: string): string[] {
  const t = rosterText(locale);
  const byFile = new Map<string, Problem[]>();
  for (const problem of problems.slice(0, LISTED))
    byFile.set(problem.file, [...(byFile.get(problem.file) ?? []), problem]);
  const lines: string[] = [];
  for (const [file, found] of byFile) {
    lines.push(`  ${file}`);
    found.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
    for (const problem of found) lines.push(`    ${placeOf(problem, t)}${sentence(problem, locale)}`);
  }
  if (count > LISTED) lines.push(`  ${t("report.more", { count: count - LISTED })}`);
  return lines;
}

/** The sentence of one finding. */
export function sentence(problem: Problem, locale: string): string {
  // Which values a sentence needs is known where the finding is made; the catalogue's test checks that they match.
  return rosterText(locale)(`problem.${problem.code}`, problem.values as never);
}

/** Findings that say the same of one file and column, in the order in which they came. */
export type ProblemGroup = { file: string; column: string | undefined; sentence: string; lines: number[] };

/**
 * Findings by kind: one sentence of a file and column, and the lines for which it holds. A sentence with values of its own (an id)
 * is the group of its first.
 */
export function groupProblems(problems: readonly Problem[], locale: string): ProblemGroup[] {
  const groups = new Map<string, ProblemGroup>();
  for (const problem of problems) {
    const { file, column, code, line } = problem;
    const key = [file, column, code].join("\n");
    const group = groups.get(key) ?? { file, column, sentence: sentence(problem, locale), lines: [] };
    if (line !== undefined) group.lines.push(line);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function placeOf({ line, column }: Problem, t: RosterText): string {
  if (line === undefined) return column === undefined ? "" : `${column}: `;
  return `${column === undefined ? t("report.line", { line }) : t("report.place", { line, column })}: `;
}

function table(report: Pick<RosterReport, "tallies">, t: RosterText): string[] {
  const heads = ["created", "changed", "unchanged", "ended"] as const;
  const rows = KINDS.map((kind) => [t(`report.${kind}`), ...heads.map((head) => String(report.tallies[kind][head]))]);
  const all = [["", ...heads.map((head) => t(`report.${head}`))], ...rows];
  const widths = [0, 1, 2, 3, 4].map((index) => Math.max(...all.map((row) => row[index]?.length ?? 0)));
  return all.map(
    (row) =>
      "  " +
      row
        .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart((widths[index] ?? 0) + 2)))
        .join(""),
  );
}
