import type { Db } from "@/lib/platform/db/client";
import { inBatches, type Removal } from "@/lib/platform/db/in-batches";

/** As long as anybody asks what became of a push. */
const KEPT_DAYS = 90;
const BATCH = 2_000;

/**
 * Deletes deliveries older than 90 days that have come to their end; what still waits or is being sent never. Answers how
 * many. Their notifications stay in the inbox, which then does not say any more when the push was taken.
 */
export async function deleteOldDeliveries(client: Db, { now, signal }: Removal): Promise<number> {
  const before = new Date(now.getTime() - KEPT_DAYS * 86_400_000);
  return inBatches(
    signal,
    () => client.$executeRaw`
      WITH old AS (
        SELECT id FROM notification_delivery WHERE created_at < ${before} AND state NOT IN ('PENDING', 'SENDING')
        ORDER BY created_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM notification_delivery d USING old WHERE d.id = old.id`,
  );
}
