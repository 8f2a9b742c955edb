import type { Db } from "@/lib/platform/db/client";
import { inBatches, type Removal } from "@/lib/platform/db/in-batches";

const KEPT_HOURS = 24;
const BATCH = 2_000;

/**
 * Deletes tries that are over a day old. Tries were counted in this table until November 2026; processes from before may
 * still write it while they are replaced, so the table goes in a later release.
 */
export async function deleteOldAttempts(client: Db, { now, signal }: Removal): Promise<number> {
  const before = new Date(now.getTime() - KEPT_HOURS * 3_600_000);
  return inBatches(
    signal,
    () => client.$executeRaw`
      WITH old AS (
        SELECT id FROM credential_attempt WHERE created_at < ${before}
        ORDER BY created_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM credential_attempt a USING old WHERE a.id = old.id`,
  );
}
