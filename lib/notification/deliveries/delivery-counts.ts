import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { db, type Db } from "@/lib/platform/db/client";
import { openDeadLetters } from "@/lib/platform/events/delivery/dead-letters";

export type DeliveryOverview = {
  accepted: number;
  waiting: number;
  suppressed: number;
  gone: number;
  dead: number;
  deadLetters: number;
};

/** What became of the notifications of the last 24 hours, and events that were set aside. For the office; else `forbidden`. */
export async function deliveryOverview(ctx: Context, client: Db = db()): Promise<DeliveryOverview> {
  requireRole(ctx, "ADMIN");
  const since = new Date(ctx.now.getTime() - 86_400_000);
  // A delivery is made with its notification: said of both, each is found by its own index.
  const counted = client.$queryRaw<Omit<DeliveryOverview, "deadLetters">[]>`
    SELECT count(*) FILTER (WHERE d.state = 'ACCEPTED')::int AS accepted,
           count(*) FILTER (WHERE d.state IN ('PENDING', 'SENDING'))::int AS waiting,
           count(*) FILTER (WHERE d.state = 'SUPPRESSED')::int AS suppressed,
           count(*) FILTER (WHERE d.state = 'GONE')::int AS gone,
           count(*) FILTER (WHERE d.state = 'DEAD')::int AS dead
      FROM notification_delivery d JOIN notification n ON n.id = d.notification_id
     WHERE n.school_id = ${ctx.actor.schoolId} AND n.created_at >= ${since} AND d.created_at >= ${since}`;
  const [[row], deadLetters] = await Promise.all([counted, openDeadLetters(ctx.actor.schoolId, client)]);
  return { ...(row ?? { accepted: 0, waiting: 0, suppressed: 0, gone: 0, dead: 0 }), deadLetters };
}
