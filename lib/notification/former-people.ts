import type { Db, Tx } from "@/lib/platform/db/client";
import { inBatches } from "@/lib/platform/db/in-batches";

const BATCH = 2_000;

/**
 * Removes the devices of people who were deleted, their way back, and what waits for them. Nothing was sent to them since
 * the deletion anyway: whether an account is active is asked right before a send. Returns how many devices went.
 */
export async function removeDevicesOfFormerPeople(client: Db | Tx): Promise<number> {
  const [row] = await client.$queryRaw<{ removed: number }[]>`
    WITH former AS MATERIALIZED (SELECT id FROM app_user WHERE ended_at IS NOT NULL),
      gone AS (DELETE FROM push_subscription p USING former WHERE p.user_id = former.id RETURNING p.id),
      lost AS (DELETE FROM push_subscription_lost l USING former WHERE l.user_id = former.id),
      ended AS (
        UPDATE notification_delivery d SET state = 'GONE', reason = 'account_ended'
        FROM gone WHERE d.subscription_id = gone.id AND d.state = 'PENDING'
      )
    SELECT count(*)::int AS removed FROM gone`;
  return row?.removed ?? 0;
}

/**
 * Deletes the inbox, preferences and settings of people who were forgotten, in short statements. What others have in their
 * inboxes about them names nobody. Returns how many notifications went.
 */
export async function deleteInboxesOfForgotten(client: Db, signal?: AbortSignal): Promise<number> {
  const total = await inBatches(
    signal,
    () => client.$executeRaw`
      WITH old AS (
        SELECT n.id FROM notification n JOIN app_user u ON u.id = n.user_id WHERE u.forgotten_at IS NOT NULL
        LIMIT ${BATCH} FOR UPDATE OF n SKIP LOCKED
      ), sent AS (DELETE FROM notification_delivery WHERE notification_id IN (SELECT id FROM old) RETURNING id)
      DELETE FROM notification WHERE id IN (SELECT id FROM old) AND (SELECT count(*) FROM sent) >= 0`,
  );
  await inBatches(
    signal,
    () => client.$executeRaw`
      WITH forgotten AS MATERIALIZED (
        SELECT u.id FROM app_user u WHERE u.forgotten_at IS NOT NULL AND (
          EXISTS (SELECT 1 FROM notification_preference p WHERE p.user_id = u.id)
          OR EXISTS (SELECT 1 FROM notification_setting s WHERE s.user_id = u.id))
        LIMIT ${BATCH}
      ), settings AS (DELETE FROM notification_setting s USING forgotten f WHERE s.user_id = f.id),
        preferences AS (DELETE FROM notification_preference p USING forgotten f WHERE p.user_id = f.id)
      SELECT id FROM forgotten`,
  );
  return total;
}
