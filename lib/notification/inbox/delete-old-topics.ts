import type { Db } from "@/lib/platform/db/client";
import { inBatches, type Removal } from "@/lib/platform/db/in-batches";

/** A school year and the holidays after it. */
const KEPT = "13 months";
/** Notifications that are looked at; whole topics go, so a few more may. */
const BATCH = 500;

/**
 * Deletes from inboxes, with their deliveries, the topics whose newest notification is older than 13 months, read or not.
 * Always whole topics: a correction never stands without its alert, nor an alert that was corrected alone. A topic of
 * which something still waits to be sent stays. Answers how many notifications went.
 */
export async function deleteOldTopics(client: Db, { now, signal }: Removal): Promise<number> {
  // A topic of which somebody holds a row (marks it as read, or is another worker) is left for the next round: waiting
  // for it could be waiting in a circle.
  return inBatches(
    signal,
    () => client.$executeRaw`
      WITH oldest AS (
        SELECT n.user_id, n.topic FROM notification n
        WHERE n.created_at < ${now}::timestamptz - ${KEPT}::text::interval AND NOT EXISTS (
          SELECT 1 FROM notification o WHERE o.user_id = n.user_id AND o.topic = n.topic AND (
            o.created_at >= ${now}::timestamptz - ${KEPT}::text::interval OR EXISTS (
              SELECT 1 FROM notification_delivery d
              WHERE d.notification_id = o.id AND d.state IN ('PENDING', 'SENDING'))))
        ORDER BY n.created_at LIMIT ${BATCH}
      ), topics AS (
        SELECT DISTINCT user_id, topic FROM oldest
      ), held AS MATERIALIZED (
        SELECT n.id, n.user_id, n.topic FROM notification n JOIN topics t ON t.user_id = n.user_id AND t.topic = n.topic
        FOR UPDATE OF n SKIP LOCKED
      ), elsewhere AS MATERIALIZED (
        SELECT n.user_id, n.topic FROM notification n JOIN topics t ON t.user_id = n.user_id AND t.topic = n.topic
        WHERE n.id NOT IN (SELECT id FROM held)
      ), old AS (
        SELECT h.id FROM held h
        WHERE NOT EXISTS (SELECT 1 FROM elsewhere e WHERE e.user_id = h.user_id AND e.topic = h.topic)
      ), sent AS (
        DELETE FROM notification_delivery d USING old WHERE d.notification_id = old.id RETURNING d.id
      )
      DELETE FROM notification n USING old WHERE n.id = old.id AND (SELECT count(*) FROM sent) >= 0`,
  );
}
