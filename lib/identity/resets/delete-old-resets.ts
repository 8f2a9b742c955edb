import type { Db } from "@/lib/platform/db/client";
import { inBatches, type Removal } from "@/lib/platform/db/in-batches";

/** Long enough to see when somebody says that their link does not work; it answers like one that never was. */
const KEPT_DAYS = 30;
const BATCH = 2_000;

/** Deletes links for new passwords whose time was over 30 days ago, used or not. Answers how many. */
export async function deleteOldResets(client: Db, { now, signal }: Removal): Promise<number> {
  const before = new Date(now.getTime() - KEPT_DAYS * 86_400_000);
  return inBatches(
    signal,
    () => client.$executeRaw`
      WITH old AS (
        SELECT id FROM password_reset WHERE expires_at < ${before}
        ORDER BY expires_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM password_reset r USING old WHERE r.id = old.id`,
  );
}
