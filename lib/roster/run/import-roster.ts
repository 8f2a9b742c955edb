import { db, violatedConstraint, Prisma, type Db, type Tx } from "@/lib/platform/db/client";
import type { ClassMarks } from "@/lib/catalog/class-sessions/class-marks";
import { audit } from "@/lib/platform/db/audit";
import { lockEntities } from "@/lib/platform/db/locks";
import { schoolIdOf } from "@/lib/identity/import/import-school";
import { applyImport } from "./apply-import";
import { planImport } from "./plan-import";
import type { Moved } from "./progress";
import { Problems, RosterRefused } from "../problems";
import { readRoster } from "../sources/read-roster";
import { resolveSchool } from "../resolve/catalog";
import type { RosterReport } from "./report";
import type { Roster } from "../sources/rows";
import type { RosterSource } from "../sources/sources";

export type ImportOptions = {
  now: Date;
  requestId: string;
  /** Which classes have marks: what an import brings leaves them alone. */
  marks: ClassMarks;
  /** Do everything, then roll back. */
  dryRun?: boolean;
  /** argon2id hash for everybody without a password, made once for the run. */
  sharedPasswordHash?: string | null;
  /** IANA zone; without it the stored one, else UTC. */
  timeZone?: string | null;
  /** Who asked for it in the product; without it the office did at a terminal. */
  askedById?: string | null;
  /** Into this school alone; without it into whichever the files name. */
  targetSchoolId?: string | null;
  /** Hears how far it is, and ends it by throwing. Of READ the source knows. */
  moved?: Moved;
  /** More work in the same transaction after everything was written, for example invitations. Not in a dry run. */
  afterwards?: (tx: Tx, report: RosterReport) => Promise<void>;
};

// An import of a large school may take minutes; ordinary transactions end after seconds.
const TIMEOUT_MS = 15 * 60_000;

/**
 * Imports a OneRoster roster: all of it or, with {@link RosterRefused}, nothing. Importing the same again changes nothing.
 * Imports of one school run one after another; enrollment and attendance go on meanwhile and wait only for the sections
 * and students that change; for all of a class when more than a thousand of it do (`lockTogether`). Publishes no events: what the office sends is nobody's news.
 */
export async function importRoster(
  source: RosterSource,
  options: ImportOptions,
  client: Db = db(),
): Promise<RosterReport> {
  const started = performance.now();
  const problems = new Problems();
  const roster = await readRoster(source, problems);
  const school = problems.errorCount === 0 ? resolveSchool(roster, problems) : null;
  problems.stopIfAny();
  if (!school) throw new RosterRefused(problems);
  const report = await inTransaction(client, options, problems, (tx) =>
    work(tx, { roster, school, options, problems }),
  );
  return { ...report, durationMs: Math.round(performance.now() - started) };
}

type Work = {
  roster: Roster;
  school: { sourcedId: string; name: string; line: number };
  options: ImportOptions;
  problems: Problems;
};

// Everything is read and compared first and written last: the locks must all be there before the first write, and the
// shorter the writing part, the shorter the outbox has to wait for this transaction.
async function work(tx: Tx, { roster, school, options, problems }: Work): Promise<RosterReport> {
  await tx.$executeRaw`SET LOCAL statement_timeout = 0`;
  // Between two statements it only computes. One that is frozen there would hold every event back.
  await tx.$executeRaw`SET LOCAL idle_in_transaction_session_timeout = '60s'`;
  const existing = await schoolIdOf(tx, school.sourcedId, options.targetSchoolId ?? null);
  await lockEntities(tx, "school", [`sourcedId:${school.sourcedId}`, ...(existing ? [existing] : [])]);
  const plan = await planImport(tx, { roster, school, options, problems });
  problems.stopIfAny();
  const report = await applyImport(tx, plan, { options, problems });
  if (!options.dryRun) {
    await options.afterwards?.(tx, report);
    const actor = { userId: options.askedById ?? "office-import", schoolId: plan.school.id };
    const details = { version: roster.version, tallies: report.tallies };
    await audit(tx, { actor, requestId: options.requestId, now: options.now, source: "import" }, [
      { action: "roster.imported", objectType: "school", objectId: plan.school.id, details },
      ...plan.people.end.map((id) => ({ action: "identity.person_ended", objectType: "user", objectId: id })),
    ]);
  }
  return report;
}

class RollBack extends Error {
  constructor(readonly report: RosterReport) {
    super("dry run");
  }
}

async function inTransaction(
  client: Db,
  options: ImportOptions,
  problems: Problems,
  run: (tx: Tx) => Promise<RosterReport>,
): Promise<RosterReport> {
  try {
    return await client.$transaction(
      async (tx) => {
        const report = await run(tx);
        if (options.dryRun) throw new RollBack(report);
        return report;
      },
      { isolationLevel: Prisma.TransactionIsolationLevel.ReadCommitted, timeout: TIMEOUT_MS, maxWait: 30_000 },
    );
  } catch (error) {
    if (error instanceof RollBack) return error.report;
    if (violatedConstraint(error) === "app_user_email_key") {
      problems.error({ file: "users.csv", column: "email", code: "emailTakenMeanwhile" });
      throw new RosterRefused(problems);
    }
    throw error;
  }
}
