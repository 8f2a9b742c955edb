import type { Tx } from "@/lib/platform/db";
import { newId } from "@/lib/shared/ids";
import { STORED_CATEGORY } from "./categories";
import type { NotificationKind } from "./payload";
import { isChannelOn, type Choice } from "./rules";
import { scheduleOf, type Schedule } from "./schedule";
import type { Category, Digest, QuietHours } from "./schema";
import { topicOf } from "./topic";

/** News about one student, before it is known who gets it how. */
export type NotificationDraft = {
  schoolId: string;
  eventId: string;
  kind: NotificationKind;
  category: Category;
  /** What it is about; with the recipient it makes the topic. */
  about: readonly string[];
  /** Order within what it is about: an older one never replaces a newer one. */
  revision: number;
  studentId: string;
  /** Ids and facts of the event; no names of people. */
  data: Record<string, string>;
};

type Recipient = {
  userId: string;
  schoolZone: string;
  choices: { channel: string; enabled: boolean }[];
  setting: { quietStart: string | null; quietEnd: string | null; zone: string | null; digest: Digest } | null;
  subscriptions: string[];
};

/**
 * Writes the notification of every recipient and, for each of a recipient's browsers, a delivery; a channel that is off
 * leaves a row with its reason. Two statements, however many people. Idempotent by (event, recipient). What an older
 * revision still had waiting is suppressed, and an older revision that comes late is written but not sent. Recipients of
 * another school are left out. Answers how many were written, or null when the school does not have the student.
 */
export async function writeNotifications(
  tx: Tx,
  now: Date,
  draft: NotificationDraft,
  recipientIds: readonly string[],
): Promise<number | null> {
  const recipients = await recipientsOf(tx, draft, [draft.studentId, ...recipientIds]);
  if (!recipients.some(({ userId }) => userId === draft.studentId)) return null;
  const planned = recipients
    .filter(({ userId }) => recipientIds.includes(userId))
    .map((recipient) => planOf(now, draft, recipient));
  const rows = planned.map(({ id, userId, topic, inApp }) => ({ id, userId, topic, inApp }));
  const [written] = await tx.$queryRaw<{ inserted: number }[]>`
    WITH inserted AS (
      INSERT INTO notification (id, school_id, user_id, category, kind, event_id, topic, revision, student_id, data, in_app, created_at)
      SELECT r->>'id', ${draft.schoolId}, r->>'userId', ${STORED_CATEGORY[draft.category]}::"NotificationCategory", ${draft.kind},
             ${draft.eventId}, r->>'topic', ${draft.revision}, ${draft.studentId}, ${JSON.stringify(draft.data)}::jsonb,
             (r->>'inApp')::boolean, ${now}
      FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) AS r
      ON CONFLICT (event_id, user_id) DO NOTHING
      RETURNING id, EXISTS (
        SELECT 1 FROM notification n
        WHERE n.user_id = notification.user_id AND n.topic = notification.topic AND n.revision > notification.revision
      ) AS superseded
    ), replaced AS (
      UPDATE notification_delivery AS d SET state = 'SUPPRESSED', reason = 'superseded'
      FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) AS r
      JOIN notification AS n ON n.user_id = r->>'userId' AND n.topic = r->>'topic' AND n.revision < ${draft.revision}
      WHERE d.notification_id = n.id AND d.state = 'PENDING'
    ), planned AS (
      SELECT r, inserted.superseded AND r->>'state' = 'PENDING' AS superseded
      FROM jsonb_array_elements(${JSON.stringify(planned.flatMap(deliveriesOf))}::jsonb) AS r
      JOIN inserted ON inserted.id = r->>'notificationId'
    ), delivered AS (
      INSERT INTO notification_delivery
        (id, notification_id, subscription_id, channel, state, reason, not_before, expires_at, created_at)
      SELECT r->>'id', r->>'notificationId', r->>'subscriptionId', 'webPush',
             (CASE WHEN superseded THEN 'SUPPRESSED' ELSE r->>'state' END)::"DeliveryState",
             CASE WHEN superseded THEN 'superseded' ELSE r->>'reason' END,
             (r->>'notBefore')::timestamptz, (r->>'expiresAt')::timestamptz, ${now}
      FROM planned
    )
    SELECT count(*)::int AS inserted FROM inserted`;
  return written?.inserted ?? 0;
}

type Plan = {
  id: string;
  userId: string;
  topic: string;
  inApp: boolean;
  push: boolean;
  subscriptions: readonly string[];
  schedule: Schedule;
};

function planOf(now: Date, draft: NotificationDraft, recipient: Recipient): Plan {
  const choices = recipient.choices.map((choice): Choice => ({ ...choice, category: draft.category }));
  return {
    id: newId(now.getTime()),
    userId: recipient.userId,
    topic: topicOf(recipient.userId, ...draft.about),
    inApp: isChannelOn(choices, draft.category, "inApp"),
    push: isChannelOn(choices, draft.category, "webPush"),
    subscriptions: recipient.subscriptions,
    schedule: scheduleOf(now, settingOf(recipient.setting), recipient.schoolZone),
  };
}

/** One row of `notification_delivery` to be. */
export type NewDelivery = {
  id: string;
  notificationId: string;
  subscriptionId: string | null;
  state: "PENDING" | "SUPPRESSED";
  reason: string | null;
  notBefore: Date;
  expiresAt: Date;
};

/** Writes deliveries of the web-push channel, one statement for all. */
export async function insertDeliveries(tx: Tx, now: Date, deliveries: readonly NewDelivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO notification_delivery
      (id, notification_id, subscription_id, channel, state, reason, not_before, expires_at, created_at)
    SELECT r->>'id', r->>'notificationId', r->>'subscriptionId', 'webPush', (r->>'state')::"DeliveryState", r->>'reason',
           (r->>'notBefore')::timestamptz, (r->>'expiresAt')::timestamptz, ${now}
    FROM jsonb_array_elements(${JSON.stringify(deliveries)}::jsonb) AS r`;
}

function deliveriesOf(plan: Plan): NewDelivery[] {
  const { notBefore, expiresAt, hold } = plan.schedule;
  const row = (subscriptionId: string | null, suppressed: string | null): NewDelivery => ({
    id: newId(),
    notificationId: plan.id,
    subscriptionId,
    state: suppressed === null ? "PENDING" : "SUPPRESSED",
    reason: suppressed ?? hold,
    notBefore,
    expiresAt,
  });
  if (!plan.push) return [row(null, "preference_off")];
  if (plan.subscriptions.length === 0) return [row(null, "no_device")];
  return plan.subscriptions.map((id) => row(id, null));
}

/** How each of these people of the school wants to be told; others are left out. */
async function recipientsOf(tx: Tx, draft: NotificationDraft, ids: readonly string[]): Promise<Recipient[]> {
  return tx.$queryRaw<Recipient[]>`
    SELECT u.id AS "userId", o.time_zone AS "schoolZone",
      COALESCE((SELECT jsonb_agg(jsonb_build_object('channel', p.channel, 'enabled', p.enabled))
        FROM notification_preference p
        WHERE p.user_id = u.id AND p.category = ${STORED_CATEGORY[draft.category]}::"NotificationCategory"), '[]') AS choices,
      (SELECT jsonb_build_object('quietStart', s.quiet_start, 'quietEnd', s.quiet_end, 'zone', s.quiet_time_zone, 'digest', s.digest)
        FROM notification_setting s WHERE s.user_id = u.id) AS setting,
      COALESCE((SELECT jsonb_agg(x.id ORDER BY x.id) FROM push_subscription x WHERE x.user_id = u.id), '[]') AS subscriptions
    FROM app_user u JOIN school o ON o.id = u.school_id
    WHERE u.id = ANY(${[...new Set(ids)]}::text[]) AND u.school_id = ${draft.schoolId}`;
}

function settingOf(setting: Recipient["setting"]): { quietHours: QuietHours | null; digest: Digest } {
  if (!setting) return { quietHours: null, digest: "off" };
  const { quietStart, quietEnd, zone, digest } = setting;
  return {
    quietHours:
      quietStart !== null && quietEnd !== null && zone !== null
        ? { start: quietStart, end: quietEnd, timeZone: zone }
        : null,
    digest,
  };
}
