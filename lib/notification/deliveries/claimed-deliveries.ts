import type { Db } from "@/lib/platform/db/client";
import type { NotificationCategory } from "@/lib/platform/generated/prisma/enums";
import { categoryOf } from "../kinds/categories";
import type { SendingChannel } from "../channels/channel";
import type { Settlement } from "./due-deliveries";
import type { NotificationKind } from "../kinds/registry";
import { isChannelOn } from "../preferences/rules";
import type { Category } from "../schema";
import { scheduleOf } from "./schedule";

/** A claimed delivery as it is at this moment: all that its send needs and all that may forbid it. */
export type CurrentDelivery = {
  id: string;
  notificationId: string;
  userId: string;
  kind: NotificationKind;
  category: NotificationCategory | null;
  channel: SendingChannel;
  topic: string;
  revision: number;
  /** Reason why it was held back, or null. */
  hold: string | null;
  attempts: number;
  createdAt: Date;
  expiresAt: Date;
  subscriptionId: string | null;
  studentId: string | null;
  data: Record<string, string>;
  schoolId: string;
  schoolName: string;
  /** The person's language, else the school's. */
  locale: string;
  /** The person's e-mail address, and the one that its mail server refused for good. */
  address: string;
  refusedAddress: string | null;
  /** Null: the subscription is gone or belongs to somebody else now. */
  endpoint: string | null;
  p256dh: string | null;
  auth: string | null;
  vapidPublicKey: string | null;
  /** A newer notification about the same thing exists. */
  superseded: boolean;
  /** Read by its person; what was written as read (their own act) still goes out. */
  read: boolean;
  /** The account still exists, and the person is still guardian of the student it is about. */
  entitled: boolean;
  /** The person's own choice for this category on this channel. */
  choice: boolean | null;
  quietStart: string | null;
  quietEnd: string | null;
  quietTimeZone: string | null;
};

/**
 * What `worker` still holds of these deliveries, with enough of the lease left to send them. Asked before every single
 * send: between the claim and the send somebody may have signed out, switched a channel off or stopped being guardian.
 */
export async function claimedDeliveries(
  client: Db,
  request: { worker: string; ids: readonly string[]; leaseMs: number },
): Promise<CurrentDelivery[]> {
  return client.$queryRaw<CurrentDelivery[]>`
    SELECT d.id, n.id AS "notificationId", n.user_id AS "userId", n.kind, n.category, d.channel, n.topic, n.revision,
           n.student_id AS "studentId", n.data, n.school_id AS "schoolId", o.name AS "schoolName", coalesce(u.locale, o.locale) AS locale, u.email AS address,
           q.refused_address AS "refusedAddress", d.reason AS hold, d.attempts, d.created_at AS "createdAt", d.expires_at AS "expiresAt",
           d.subscription_id AS "subscriptionId", s.endpoint, s.p256dh, s.auth, s.vapid_public_key AS "vapidPublicKey",
           EXISTS (SELECT 1 FROM notification newer WHERE newer.user_id = n.user_id AND newer.topic = n.topic
                   AND newer.revision > n.revision) AS superseded,
           n.read_at IS NOT NULL AND n.read_at <> n.created_at AS read,
           u.active AND u.school_id = n.school_id AND (n.student_id IS NULL OR n.student_id = n.user_id OR EXISTS (
             SELECT 1 FROM guardianship g JOIN app_user student ON student.id = g.student_id
               AND student.active AND student.school_id = n.school_id
             WHERE g.guardian_id = n.user_id AND g.student_id = n.student_id)) AS entitled,
           p.enabled AS choice, q.quiet_start AS "quietStart", q.quiet_end AS "quietEnd",
           q.quiet_time_zone AS "quietTimeZone"
    FROM notification_delivery d
    JOIN notification n ON n.id = d.notification_id
    JOIN app_user u ON u.id = n.user_id
    JOIN school o ON o.id = n.school_id
    LEFT JOIN push_subscription s ON s.id = d.subscription_id AND s.user_id = n.user_id
    LEFT JOIN notification_preference p
      ON p.user_id = n.user_id AND p.category = n.category AND p.channel = d.channel
    LEFT JOIN notification_setting q ON q.user_id = n.user_id
    WHERE d.id = ANY (${[...request.ids]}::text[]) AND d.state = 'SENDING' AND d.claimed_by = ${request.worker}
      AND d.claimed_at > now() - ${request.leaseMs / 2}::float8 * interval '1 millisecond'
    ORDER BY d.id`;
}

/**
 * Why a delivery must not be sent now, if so; `cannot` is what its channel has against it. Whether the person has a session plays no part: who is merely not signed in
 * any more still wants to know; who signed out at a browser ended its subscription.
 */
export function unsendable(
  delivery: CurrentDelivery,
  { now, cannot }: { now: Date; cannot: Settlement | null },
): Settlement | null {
  if (!delivery.entitled) return { state: "SUPPRESSED", reason: "not_entitled" };
  if (delivery.superseded) return { state: "SUPPRESSED", reason: "superseded" };
  if (delivery.read) return { state: "SUPPRESSED", reason: "read" };
  if (cannot) return cannot;
  if (delivery.expiresAt <= now) return { state: "DEAD", reason: "expired" };
  // What no category decides is what its person asks for at this moment: nothing of what follows holds it.
  const category = categoryOf(delivery.category);
  if (category === null) return null;
  if (!isWanted(delivery, category)) return { state: "SUPPRESSED", reason: "preference_off" };
  return quietNow(delivery, now);
}

function isWanted({ channel, choice }: CurrentDelivery, category: Category): boolean {
  return isChannelOn(choice === null ? [] : [{ category, channel, enabled: choice }], category, channel);
}

/** A retry, a late claim, and news from before the quiet hours were set all wait for their end as new news does. */
function quietNow(delivery: CurrentDelivery, now: Date): Extract<Settlement, { state: "PENDING" }> | null {
  const { quietStart: start, quietEnd: end, quietTimeZone: timeZone } = delivery;
  if (start === null || end === null || timeZone === null) return null;
  const { hold, notBefore, expiresAt } = scheduleOf(
    now,
    { quietHours: { start, end, timeZone }, digest: "off" },
    timeZone,
  );
  return hold === null ? null : { state: "PENDING", notBefore, attempted: false, quiet: { expiresAt } };
}
