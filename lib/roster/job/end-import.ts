import type { Tx } from "@/lib/platform/db/client";
import type { Refusal, StoredReport } from "../run/report";

/** Why an import failed; the catalogue has a sentence for each under `roster.failure`. */
export type ImportFailure = "databaseAway" | "notMigrated" | "defect" | "workerDied" | "notStored";

/** How an import ends. */
export type ImportEnd =
  | { status: "DONE"; report: StoredReport }
  | { status: "REFUSED"; refusal: Refusal }
  | { status: "FAILED"; failure: ImportFailure; reason?: string }
  | { status: "CANCELLED" };

/** In which state the row must still be: running as this attempt, or as it was found. */
export type EndOf = { attempt: number } | { status: "STORING" | "QUEUED" } | { jobId: string };

/**
 * Ends an import in the caller's transaction: its state, and that its files and the hash of its password are gone, are one. A
 * preview that came through in the browser keeps its files for the import that may follow.
 * False, and nothing is done, when it is not as `of` says any more; DONE also when it is to be cancelled, and CANCELLED for one
 * that is not.
 */
export async function endImport(tx: Tx, id: string, end: ImportEnd, of: EndOf): Promise<boolean> {
  const report = end.status === "DONE" ? end.report : end.status === "REFUSED" ? end.refusal : null;
  const schoolId = end.status === "DONE" ? end.report.school.id : null;
  const failure = end.status === "FAILED" ? end.failure : null;
  const reason = end.status === "FAILED" ? (end.reason ?? null) : null;
  const attempt = "attempt" in of ? of.attempt : null;
  const status = "status" in of ? of.status : null;
  const jobId = "jobId" in of ? of.jobId : null;
  const [ended] = await tx.$queryRaw<{ keepsFiles: boolean }[]>`
    UPDATE roster_import SET status = ${end.status}::"RosterImportStatus", school_id = ${schoolId},
      report = ${report === null ? null : JSON.stringify(report)}::jsonb, error_code = ${failure}, error_reason = ${reason},
      done = CASE WHEN ${end.status} = 'DONE' THEN total ELSE done END, shared_password_hash = NULL,
      moved_at = clock_timestamp(), finished_at = clock_timestamp()
    WHERE id = ${id} AND finished_at IS NULL
      AND (${attempt}::int IS NULL OR (attempts = ${attempt}::int AND status = 'RUNNING'))
      AND (${status}::text IS NULL OR status::text = ${status}::text)
      AND (${jobId}::text IS NULL OR job_id = ${jobId}::text)
      AND (${end.status} <> 'DONE' OR cancel_requested_at IS NULL)
      AND (${end.status} <> 'CANCELLED' OR cancel_requested_at IS NOT NULL)
    RETURNING status = 'DONE' AND dry_run AND asked_by_id IS NOT NULL AS "keepsFiles"`;
  if (!ended) return false;
  if (!ended.keepsFiles) await tx.$executeRaw`DELETE FROM roster_import_chunk WHERE import_id = ${id}`;
  return true;
}
