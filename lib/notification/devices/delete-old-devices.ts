import { audit } from "@/lib/platform/db/audit";
import { type Db, transaction, type Tx } from "@/lib/platform/db/client";
import { inBatches, type Removal } from "@/lib/platform/db/in-batches";
import { newId } from "@/lib/shared/ids";

/** Longer than the cookie lives that names a device: such a browser is a new one when it comes back. */
const UNUSED_KEPT = "18 months";
/** As long as the cookie that names a device to the server. */
const LOST_KEPT_DAYS = 400;
const BATCH = 500;

/**
 * Removes devices that for 18 months neither opened a page nor took a push, and what waits for them. Answers how many.
 * One that still takes pushes stays although nobody was seen there: its person may read them all the same. No index has
 * `last_seen_at`, which every page of a device writes; the table is read whole, a few rows a person.
 */
export async function removeUnusedDevices(client: Db, { now, signal }: Removal): Promise<number> {
  return inBatches(signal, () => transaction((tx) => removeSome(tx, now), client));
}

async function removeSome(tx: Tx, now: Date): Promise<number> {
  const gone = await tx.$queryRaw<{ id: string; schoolId: string }[]>`
    WITH old AS (
      SELECT id FROM push_subscription
      WHERE GREATEST(last_seen_at, last_accepted_at) < ${now}::timestamptz - ${UNUSED_KEPT}::text::interval
      LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
    ), gone AS (
      DELETE FROM push_subscription s USING old WHERE s.id = old.id RETURNING s.id, s.school_id
    ), ended AS (
      UPDATE notification_delivery d SET state = 'GONE', reason = 'subscription_removed'
      FROM gone WHERE d.subscription_id = gone.id AND d.state = 'PENDING'
    )
    SELECT id, school_id AS "schoolId" FROM gone`;
  for (const [schoolId, devices] of Map.groupBy(gone, (device) => device.schoolId))
    await audit(
      tx,
      { actor: { userId: "retention", schoolId }, requestId: newId(now.getTime()), now, source: "worker" },
      devices.map(({ id }) => ({
        action: "notification.device_removed",
        objectType: "push_subscription",
        objectId: id,
      })),
    );
  return gone.length;
}

/** Forgets devices that their push service forgot more than 400 days ago: their way back is over. Answers how many. */
export async function deleteLostDevices(client: Db, { now, signal }: Removal): Promise<number> {
  const before = new Date(now.getTime() - LOST_KEPT_DAYS * 86_400_000);
  return inBatches(
    signal,
    () => client.$executeRaw`
      WITH old AS (
        SELECT id FROM push_subscription_lost WHERE lost_at < ${before}
        ORDER BY lost_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM push_subscription_lost l USING old WHERE l.id = old.id`,
  );
}
