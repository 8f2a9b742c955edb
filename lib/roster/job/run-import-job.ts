import os from "node:os";
import type { ClassMarks } from "@/lib/catalog/class-sessions/class-marks";
import { isDatabaseDown, isNotMigrated, transaction, type Db, type Tx } from "@/lib/platform/db/client";
import { addJob } from "@/lib/platform/jobs/add-job";
import type { JobContext } from "@/lib/platform/jobs/kind";
import { errorForLog, log } from "@/lib/platform/runtime/log";
import { RosterRefused } from "../problems";
import { importRoster } from "../run/import-roster";
import { removeEarlierLinks, writeInvitationLinks, type InvitationFile } from "../run/invitation-links";
import { refusalOf, storedReport, type RosterReport, type StoredReport } from "../run/report";
import { storedSource } from "../store/stored-source";
import { endImport, type ImportEnd } from "./end-import";
import { ImportStopped, ImportWatch } from "./import-watch";
import { QUEUE, ROSTER_IMPORT } from "./kind";

export type ImportJobParts = {
  client: Db;
  /** Where the file with links of invitations is written. */
  dataDir: string;
  marks: ClassMarks;
  /** What modules that the roster does not know have to do in the import's transaction. */
  afterwards: (tx: Tx) => Promise<unknown>;
};

type Begun = {
  importId: string;
  attempt: number;
  createdAt: Date;
  dryRun: boolean;
  timeZone: string | null;
  sharedPasswordHash: string | null;
  publicUrl: string;
  targetSchoolId: string | null;
  askedById: string | null;
};

/**
 * Runs one import from its stored files: all of it or nothing, and that it is done is written in the same transaction, so that
 * a run that is repeated after a crash finds it done or begins anew. Cancelled, refused or not migrated it ends as that. When
 * the process stops the import goes back to the queue. Whatever else goes wrong is thrown, to be tried again; after the last
 * attempt it has failed.
 */
export async function runImportJob(
  { importId }: { importId: string },
  context: JobContext,
  parts: ImportJobParts,
): Promise<void> {
  const { client } = parts;
  const run = await begin(client, importId);
  if (!run) return;
  const watch = new ImportWatch(client, run, context);
  const made: Made = { links: null };
  const line = { rosterImport: importId, attempt: run.attempt };
  try {
    await work(run, watch, parts, made);
    log().info(line, "a roster import is done");
  } catch (error) {
    await watch.close();
    // A commit may come through without its answer. While that cannot be asked, the file with the links stays.
    if (!(await isDone(client, run))) {
      await made.links?.remove();
      const { status, isToBeThrown } = await settle(client, run, error, context);
      const said = { ...line, status, ...(isToBeThrown ? { error: errorForLog(error) } : {}) };
      log()[isToBeThrown ? "warn" : "info"](said, "a roster import did not come through");
      // The queue keeps the message of what is thrown, and that of a driver may hold values of rows.
      if (isToBeThrown) throw new Error(`the import did not come through: ${reasonOf(error)}`);
    }
  } finally {
    await watch.close();
  }
  await removeEarlierLinks(parts.dataDir, run);
}

/** Null when the import has ended. A run of a process that died, or lost it, is over from here on. */
async function begin(client: Db, importId: string): Promise<Begun | null> {
  const [run] = await client.$queryRaw<Begun[]>`
    UPDATE roster_import SET status = 'RUNNING', attempts = attempts + 1, phase = 'READ', done = 0, total = 0,
      started_at = coalesce(started_at, clock_timestamp()), moved_at = clock_timestamp()
    WHERE id = ${importId} AND status IN ('QUEUED', 'RUNNING')
    RETURNING id AS "importId", attempts AS attempt, created_at AS "createdAt", dry_run AS "dryRun",
      time_zone AS "timeZone", shared_password_hash AS "sharedPasswordHash", public_url AS "publicUrl",
      target_school_id AS "targetSchoolId", asked_by_id AS "askedById"`;
  return run ?? null;
}

async function isDone(client: Db, { importId, attempt }: Begun): Promise<boolean> {
  const [row] = await client.$queryRaw<{ isDone: boolean }[]>`
    SELECT status = 'DONE' AND attempts = ${attempt}::int AS "isDone" FROM roster_import WHERE id = ${importId}`;
  return row?.isDone === true;
}

/** What a run has made outside of the database. */
type Made = { links: InvitationFile | null };

async function work(run: Begun, watch: ImportWatch, parts: ImportJobParts, made: Made): Promise<void> {
  const { client, dataDir, marks } = parts;
  const { importId, attempt, dryRun, timeZone, sharedPasswordHash, publicUrl, targetSchoolId, askedById } = run;
  const startedMs = performance.now();
  const reportOf = (report: RosterReport): StoredReport => {
    const durationMs = Math.round(performance.now() - startedMs);
    const { links } = made;
    const note = links && { count: links.count, file: links.file, origin: links.origin, host: os.hostname() };
    return storedReport({ ...report, durationMs }, note);
  };
  const done = async (tx: Tx, report: RosterReport) => {
    await watch.close();
    if (await endImport(tx, importId, { status: "DONE", report: reportOf(report) }, { attempt })) return;
    watch.check();
    // It was cancelled, or taken by another process, after the last look; which of the two `settle` finds out.
    throw new ImportStopped("cancelled");
  };
  const source = await storedSource(client, importId, (read, total) => watch.moved("READ", read, total));
  const report = await importRoster(
    source,
    {
      now: new Date(),
      requestId: importId,
      marks,
      dryRun,
      timeZone,
      sharedPasswordHash,
      targetSchoolId,
      askedById,
      moved: watch.moved,
      async afterwards(tx, written) {
        await parts.afterwards(tx);
        const { school, withoutPassword: userIds } = written;
        if (sharedPasswordHash === null && askedById === null)
          made.links = await writeInvitationLinks(tx, { schoolId: school.id, userIds, dataDir, publicUrl, run });
        await done(tx, written);
      },
    },
    client,
  );
  if (dryRun) await transaction((tx) => done(tx, report), client);
}

/** Writes what becomes of an import whose run has thrown, and says whether the job has to know. */
async function settle(
  client: Db,
  run: Begun,
  error: unknown,
  { isLastAttempt }: JobContext,
): Promise<{ status: string; isToBeThrown: boolean }> {
  const end = (how: ImportEnd) =>
    transaction((tx) => endImport(tx, run.importId, how, { attempt: run.attempt }), client);
  if (error instanceof ImportStopped) {
    if (error.reason === "stopping" && (await giveBack(client, run))) return { status: "QUEUED", isToBeThrown: false };
    if (await end({ status: "CANCELLED" })) return { status: "CANCELLED", isToBeThrown: false };
    // To complete the job would take it from the process that has it now.
    return { status: "LOST", isToBeThrown: true };
  }
  if (error instanceof RosterRefused) {
    const isEnded = await end({ status: "REFUSED", refusal: refusalOf(error) });
    return { status: "REFUSED", isToBeThrown: !isEnded };
  }
  const reason = reasonOf(error);
  if (isNotMigrated(error)) {
    const isEnded = await end({ status: "FAILED", failure: "notMigrated", reason });
    return { status: "FAILED", isToBeThrown: !isEnded };
  }
  const failure = isDatabaseDown(error) ? "databaseAway" : "defect";
  try {
    if (isLastAttempt) await end({ status: "FAILED", failure, reason });
    else await waitForNext(client, run);
  } catch {
    // The database is away. Its row is found by the next attempt, or by `settleLostImports` when there is none.
  }
  return { status: isLastAttempt ? "FAILED" : "QUEUED", isToBeThrown: true };
}

function reasonOf(error: unknown): string {
  const { name, code } = errorForLog(error);
  return `${name}${code ? ` ${code}` : ""}`;
}

/** Puts a running import back into the queue, as a job of its own: the attempts of the old one are not used up. */
function giveBack(client: Db, { importId, attempt }: Begun): Promise<boolean> {
  return transaction(async (tx) => {
    const given = await tx.$executeRaw`
      UPDATE roster_import SET status = 'QUEUED', moved_at = clock_timestamp()
      WHERE id = ${importId} AND status = 'RUNNING' AND attempts = ${attempt}::int AND cancel_requested_at IS NULL`;
    if (given === 0) return false;
    const jobId = await addJob(tx, ROSTER_IMPORT, { importId }, { queue: QUEUE });
    await tx.$executeRaw`UPDATE roster_import SET job_id = ${jobId} WHERE id = ${importId}`;
    return true;
  }, client);
}

async function waitForNext(client: Db, { importId, attempt }: Begun): Promise<void> {
  await client.$executeRaw`
    UPDATE roster_import SET status = 'QUEUED', moved_at = clock_timestamp()
    WHERE id = ${importId} AND status = 'RUNNING' AND attempts = ${attempt}::int`;
}
