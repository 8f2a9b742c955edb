import type { Db } from "@/lib/platform/db/client";
import { inBatches, type Removal } from "@/lib/platform/db/in-batches";

const KEPT_HOURS = 24;
const BATCH = 2_000;

/** Deletes authenticators that were never confirmed and were begun over a day ago. Answers how many. */
export async function deleteUnconfirmed(client: Db, { now, signal }: Removal): Promise<number> {
  const before = new Date(now.getTime() - KEPT_HOURS * 3_600_000);
  return inBatches(
    signal,
    () => client.$executeRaw`
      WITH old AS (
        SELECT user_id FROM totp_factor WHERE created_at < ${before} AND confirmed_at IS NULL
        ORDER BY created_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM totp_factor f USING old WHERE f.user_id = old.user_id`,
  );
}
