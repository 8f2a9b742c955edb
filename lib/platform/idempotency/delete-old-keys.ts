import type { Db } from "../db/client";
import { inBatches, type Removal } from "../db/in-batches";
import { KEPT_HOURS } from "./kept-answers";

const BATCH = 2_000;

/** Deletes kept answers that are older than a day: nobody gets them any more. Answers how many. */
export async function deleteOldKeys(client: Db, { now, signal }: Removal): Promise<number> {
  const before = new Date(now.getTime() - KEPT_HOURS * 3_600_000);
  return inBatches(
    signal,
    () => client.$executeRaw`
      WITH old AS (
        SELECT user_id, route, key FROM idempotency_key WHERE created_at < ${before}
        ORDER BY created_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM idempotency_key k USING old WHERE k.user_id = old.user_id AND k.route = old.route AND k.key = old.key`,
  );
}
