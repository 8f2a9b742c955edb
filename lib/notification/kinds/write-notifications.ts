import type { Tx } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { STORED_CATEGORY } from "./categories";
import type { Addressee, News } from "./kind";
import type { NotificationKind } from "./registry";
import { isChannelOn, type Choice } from "../preferences/rules";
import { scheduleOf, type Schedule } from "../deliveries/schedule";
import { CHANNELS, type Category, type Channel, type Digest, type QuietHours } from "../schema";
import type { PlannedDelivery, SendingChannel } from "../channels/channel";
import { PLANS } from "../channels/registry";
import { topicOf } from "../channels/web-push/collapse-key";

/** News of a school, made by one event. */
export type NotificationDraft = News & {
  schoolId: string;
  eventId: string;
  kind: NotificationKind;
  category: Category;
};

const SENDING = CHANNELS.filter((channel) => channel !== "inApp");

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
 * another school are left out, and who is named twice gets the first. Answers how many were written, or null when the
 * school does not have the student of the draft.
 */
export async function writeNotifications(
  tx: Tx,
  now: Date,
  draft: NotificationDraft,
  addressees: readonly Addressee[],
): Promise<number | null> {
  const { studentId } = draft;
  const studentOf = new Map(addressees.toReversed().map((addressee) => [addressee.userId, addressee.studentId]));
  const recipients = await recipientsOf(tx, draft, [...(studentId === null ? [] : [studentId]), ...studentOf.keys()]);
  if (studentId !== null && !recipients.some(({ userId }) => userId === studentId)) return null;
  const planned = recipients
    .filter(({ userId }) => studentOf.has(userId))
    .map((recipient) => planOf(now, draft, recipient));
  const rows = planned.map(({ id, userId, topic, inApp }) => ({
    id,
    userId,
    topic,
    inApp,
    studentId: studentOf.get(userId) ?? null,
  }));
  const [written] = await tx.$queryRaw<{ inserted: number }[]>`
    WITH inserted AS (
      INSERT INTO notification (id, school_id, user_id, category, kind, event_id, topic, revision, student_id, data, in_app, created_at, read_at)
      SELECT r->>'id', ${draft.schoolId}, r->>'userId', ${STORED_CATEGORY[draft.category]}::"NotificationCategory", ${draft.kind},
             ${draft.eventId}, r->>'topic', ${draft.revision}, r->>'studentId', ${JSON.stringify(draft.data)}::jsonb,
             (r->>'inApp')::boolean, ${now}, ${draft.ownAct === true ? now : null}::timestamptz
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
      SELECT r->>'id', r->>'notificationId', r->>'subscriptionId', r->>'channel',
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
  deliveries: readonly (PlannedDelivery & { channel: SendingChannel })[];
  schedule: Schedule;
};

function planOf(now: Date, draft: NotificationDraft, recipient: Recipient): Plan {
  const choices = recipient.choices.map((choice): Choice => ({ ...choice, category: draft.category }));
  const isOn = (channel: Channel) => isChannelOn(choices, draft.category, channel);
  const { subscriptions } = recipient;
  return {
    id: newId(now.getTime()),
    userId: recipient.userId,
    topic: topicOf(recipient.userId, ...draft.about),
    inApp: isOn("inApp"),
    deliveries: SENDING.flatMap((channel) =>
      PLANS[channel]({ isOn, subscriptions }).map((planned) => ({ ...planned, channel })),
    ),
    schedule: scheduleOf(now, settingOf(recipient.setting), recipient.schoolZone),
  };
}

/** One row of `notification_delivery` to be. */
export type NewDelivery = {
  id: string;
  notificationId: string;
  channel: SendingChannel;
  subscriptionId: string | null;
  state: "PENDING" | "SUPPRESSED";
  reason: string | null;
  notBefore: Date;
  expiresAt: Date;
};

/** Writes deliveries, one statement for all. */
export async function insertDeliveries(tx: Tx, now: Date, deliveries: readonly NewDelivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO notification_delivery
      (id, notification_id, subscription_id, channel, state, reason, not_before, expires_at, created_at)
    SELECT r->>'id', r->>'notificationId', r->>'subscriptionId', r->>'channel', (r->>'state')::"DeliveryState", r->>'reason',
           (r->>'notBefore')::timestamptz, (r->>'expiresAt')::timestamptz, ${now}
    FROM jsonb_array_elements(${JSON.stringify(deliveries)}::jsonb) AS r`;
}

function deliveriesOf({ id: notificationId, deliveries, schedule }: Plan): NewDelivery[] {
  const { notBefore, expiresAt, hold } = schedule;
  return deliveries.map(({ channel, subscriptionId, suppressed }) => ({
    id: newId(),
    notificationId,
    channel,
    subscriptionId,
    state: suppressed === null ? "PENDING" : "SUPPRESSED",
    reason: suppressed ?? hold,
    notBefore,
    expiresAt,
  }));
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
