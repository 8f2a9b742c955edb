import { transaction, type Db } from "@/lib/platform/db/client";
import { inBatches, type Removal } from "@/lib/platform/db/in-batches";
import { jobsThatEnded } from "@/lib/platform/jobs/add-job";
import { log } from "@/lib/platform/runtime/log";
import { endImport } from "./end-import";

const KEPT_DAYS = 90;
const STORING_HOURS = 1;
const PREVIEW_HOURS = 24;
const BATCH = 500;

/**
 * Ends imports that no job will run any more: those whose last attempt died with its process, or failed while the database
 * was away. They have failed, or are cancelled where that was asked for. Cheap when there are none.
 */
export async function settleLostImports(client: Db): Promise<void> {
  const open = await client.$queryRaw<{ id: string; jobId: string; isCancelled: boolean }[]>`
    SELECT id, coalesce(job_id, '0') AS "jobId", cancel_requested_at IS NOT NULL AS "isCancelled" FROM roster_import
    WHERE status IN ('QUEUED', 'RUNNING')`;
  if (open.length === 0) return;
  const ended = await jobsThatEnded(
    client,
    open.map(({ jobId }) => jobId),
  );
  for (const { id, jobId, isCancelled } of open) {
    if (!ended.has(jobId)) continue;
    const end = isCancelled
      ? ({ status: "CANCELLED" } as const)
      : ({ status: "FAILED", failure: "workerDied" } as const);
    if (await transaction((tx) => endImport(tx, id, end, { jobId }), client))
      log().error({ rosterImport: id, status: end.status }, "a roster import was lost");
  }
}

/** Ends imports whose files nobody stores any more, so that nothing of them is kept. Answers how many. */
export async function endLeftStoring(client: Db, { now }: Removal): Promise<number> {
  const before = new Date(now.getTime() - STORING_HOURS * 3_600_000);
  const left = await client.$queryRaw<{ id: string }[]>`
    SELECT id FROM roster_import WHERE status = 'STORING' AND moved_at < ${before}`;
  let count = 0;
  for (const { id } of left) {
    const end = { status: "FAILED", failure: "notStored" } as const;
    if (await transaction((tx) => endImport(tx, id, end, { status: "STORING" }), client)) count += 1;
  }
  return count;
}

/** Deletes the files of previews that nobody imported within a day. Answers of how many. */
export async function deleteLeftPreviews(client: Db, { now }: Removal): Promise<number> {
  const before = new Date(now.getTime() - PREVIEW_HOURS * 3_600_000);
  const left = await client.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT i.id FROM roster_import i JOIN roster_import_chunk c ON c.import_id = i.id
    WHERE i.finished_at < ${before}`;
  for (const { id } of left) await client.$executeRaw`DELETE FROM roster_import_chunk WHERE import_id = ${id}`;
  return left.length;
}

/** Deletes imports that ended 90 days ago. Answers how many. */
export function deleteOldImports(client: Db, { now, signal }: Removal): Promise<number> {
  const before = new Date(now.getTime() - KEPT_DAYS * 86_400_000);
  return inBatches(
    signal,
    () => client.$executeRaw`
      WITH old AS (
        SELECT id FROM roster_import WHERE finished_at < ${before} ORDER BY finished_at LIMIT ${BATCH}
        FOR UPDATE SKIP LOCKED
      )
      DELETE FROM roster_import i USING old WHERE i.id = old.id`,
  );
}
