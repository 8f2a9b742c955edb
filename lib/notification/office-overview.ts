import type { Context } from "@/lib/shared/context";
import { db, type Db } from "@/lib/platform/db";

export type DeliveryOverview = {
  accepted: number;
  waiting: number;
  suppressed: number;
  gone: number;
  dead: number;
  deadLetters: number;
};

/** What became of the notifications of the last 24 hours, and events that were set aside, for the office. */
export async function deliveryOverview(ctx: Context, client: Db = db()): Promise<DeliveryOverview> {
  const since = new Date(ctx.now.getTime() - 86_400_000);
  const [row] = await client.$queryRaw<DeliveryOverview[]>`
    SELECT count(*) FILTER (WHERE d.state = 'ACCEPTED')::int AS accepted,
           count(*) FILTER (WHERE d.state IN ('PENDING', 'SENDING'))::int AS waiting,
           count(*) FILTER (WHERE d.state = 'SUPPRESSED')::int AS suppressed,
           count(*) FILTER (WHERE d.state = 'GONE')::int AS gone,
           count(*) FILTER (WHERE d.state = 'DEAD')::int AS dead,
           (SELECT count(*) FROM dead_letter l WHERE l.replayed_at IS NULL
               AND l.envelope->'data'->>'schoolId' = ${ctx.actor.schoolId})::int AS "deadLetters"
      FROM notification_delivery d JOIN notification n ON n.id = d.notification_id
     WHERE n.school_id = ${ctx.actor.schoolId} AND d.created_at >= ${since}`;
  return row ?? { accepted: 0, waiting: 0, suppressed: 0, gone: 0, dead: 0, deadLetters: 0 };
}
