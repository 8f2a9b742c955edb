import { transaction, type Db } from "@/lib/platform/db/client";
import { addJob } from "@/lib/platform/jobs/add-job";
import { newId } from "@/lib/shared/ids";
import { NotStoring } from "../store/store-source";
import { endImport, type ImportEnd } from "./end-import";
import { QUEUE, ROSTER_IMPORT } from "./kind";

/**
 * What is asked for. `sharedPasswordHash` null: people are invited by links, which lead to `publicUrl`; not at once where somebody
 * asked in the browser (`askedById`), who invites them there.
 */
export type ImportRequest = {
  /** Chosen by who asks; without it a new one. */
  id?: string;
  dryRun: boolean;
  timeZone: string | null;
  sharedPasswordHash: string | null;
  publicUrl: string;
  /** Into this school alone. */
  targetSchoolId?: string;
  askedById?: string;
};

/** Makes the row of an import whose files are stored next (`storeSource`), and answers its id. */
export async function createImport(client: Db, request: ImportRequest): Promise<string> {
  const { id } = await client.rosterImport.create({
    data: { ...request, id: request.id ?? newId() },
    select: { id: true },
  });
  return id;
}

/**
 * Hands an import whose files are stored to the job queue. Throws {@link NotStoring} when it has ended meanwhile.
 */
export async function queueImport(client: Db, id: string): Promise<void> {
  await transaction(async (tx) => {
    const jobId = await addJob(tx, ROSTER_IMPORT, { importId: id }, { queue: QUEUE });
    const queued = await tx.$executeRaw`
      UPDATE roster_import SET status = 'QUEUED', job_id = ${jobId}, moved_at = clock_timestamp()
      WHERE id = ${id} AND status = 'STORING'`;
    if (queued === 0) throw new NotStoring();
  }, client);
}

export type StoringEnd = Exclude<ImportEnd, { status: "DONE" }>;

/** Ends an import whose files could not be stored; nothing of it stays but its row. False when it has ended before. */
export function endStoring(client: Db, id: string, end: StoringEnd): Promise<boolean> {
  return transaction((tx) => endImport(tx, id, end, { status: "STORING" }), client);
}

/**
 * Asks for the end of an import: one that is not running ends now, one that runs when its process looks next, and nothing of
 * it is changed. One that is writing its last record may still come out done. False when it has ended or is not there.
 */
export async function cancelImport(client: Db, id: string): Promise<boolean> {
  return transaction(async (tx) => {
    const asked = await tx.$executeRaw`
      UPDATE roster_import SET cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp())
      WHERE id = ${id} AND finished_at IS NULL`;
    if (asked === 0) return false;
    for (const status of ["STORING", "QUEUED"] as const) await endImport(tx, id, { status: "CANCELLED" }, { status });
    return true;
  }, client);
}

/** How many bytes of its files are stored so far. */
export async function recordStored(client: Db, id: string, bytes: number): Promise<void> {
  await client.$executeRaw`
    UPDATE roster_import SET done = ${bytes}::int, moved_at = clock_timestamp() WHERE id = ${id} AND status = 'STORING'`;
}
