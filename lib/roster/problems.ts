import path from "node:path";
import type roster from "@/messages/en/roster.json";

/** What can be said of a roster; the sentences are in the message catalogue under `roster.problem`. */
export type ProblemCode = keyof typeof roster.problem;

/** One thing that is wrong or worth knowing, and where. Values hold ids and column names, never personal data. */
export type Problem = {
  file: string;
  /** Line in the file, the header is line 1. */
  line?: number;
  column?: string;
  code: ProblemCode;
  values?: Record<string, string | number>;
};

/** References that were left out; one note with their number for each file, column and reason. */
export type CountedCode = Extract<ProblemCode, "orgsLeftOut" | "agentsLeftOut" | "ownAgents">;

const KEPT = 1_000;

/** Collects what a run finds. Memory is bounded however bad the files are: the first thousand are kept, all are counted. */
export class Problems {
  readonly errors: Problem[] = [];
  readonly warnings: Problem[] = [];
  private readonly leftOut = new Map<string, { count: number; id: string }>();
  errorCount = 0;
  warningCount = 0;

  error(problem: Problem): void {
    this.errorCount += 1;
    if (this.errors.length < KEPT) this.errors.push(problem);
  }

  warn(problem: Problem): void {
    this.warningCount += 1;
    if (this.warnings.length < KEPT) this.warnings.push(problem);
  }

  /** Counts a reference that was left out, and keeps the first as an example: exports of a part may leave out thousands. */
  countLeftOut({
    id,
    ...problem
  }: Pick<Problem, "file" | "line" | "column"> & { code: CountedCode; id: string }): void {
    const key = [problem.file, problem.column, problem.code].join(" ");
    const counted = this.leftOut.get(key);
    if (counted) {
      counted.count += 1;
      return;
    }
    const values = { count: 1, id: id.slice(0, 80) };
    this.leftOut.set(key, values);
    this.warn({ ...problem, values });
  }

  /** Throws when there is an error, so that no stage builds on what an earlier one refused. */
  stopIfAny(): void {
    if (this.errorCount > 0) throw new RosterRefused(this);
  }
}

/** The roster is refused as a whole; nothing of it was imported. */
export class RosterRefused extends Error {
  constructor(readonly problems: Problems) {
    super(`the roster has ${problems.errorCount} errors`);
    this.name = "RosterRefused";
  }
}

/** The refusal of a whole source before any row of it was read. */
export function refused(target: string, code: ProblemCode, values?: Record<string, string | number>): RosterRefused {
  const problems = new Problems();
  problems.error({ file: path.basename(target), code, ...(values ? { values } : {}) });
  return new RosterRefused(problems);
}

/** The refusal of a source in which several folders hold CSV files. */
export function refusedForSeveralFolders(target: string, folders: readonly string[]): RosterRefused {
  const names = folders.map((name) => name.slice(0, 80));
  return refused(target, "severalFolders", { names: names.slice(0, 5).join(", ") + (names.length > 5 ? ", …" : "") });
}
