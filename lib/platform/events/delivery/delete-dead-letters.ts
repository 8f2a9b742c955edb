import type { Db } from "@/lib/platform/db/client";
import { inBatches, type Removal } from "@/lib/platform/db/in-batches";

/** Long enough to look back at an incident when everything works again. */
const REPLAYED_KEPT_DAYS = 90;
/** Who has not replayed it by then will not: its effects would be news of last year. */
const WAITING_KEPT_DAYS = 365;
const BATCH = 500;

/** Deletes dead letters that were replayed 90 days ago, or set aside a year ago and never replayed. Answers how many. */
export async function deleteOldDeadLetters(client: Db, { now, signal }: Removal): Promise<number> {
  const day = (days: number) => new Date(now.getTime() - days * 86_400_000);
  return inBatches(
    signal,
    () => client.$executeRaw`
      WITH old AS (
        SELECT id FROM dead_letter
        WHERE replayed_at < ${day(REPLAYED_KEPT_DAYS)}
          OR (replayed_at IS NULL AND created_at < ${day(WAITING_KEPT_DAYS)})
        LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM dead_letter l USING old WHERE l.id = old.id`,
  );
}
