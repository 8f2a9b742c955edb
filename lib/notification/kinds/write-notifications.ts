import type { Tx } from "@/lib/platform/db/client";
import { wakeAfterCommit } from "@/lib/platform/events/wake/wake";
import { newId } from "@/lib/shared/ids";
import { STORED_CATEGORY } from "./categories";
import type { Addressee, News } from "./kind";
import type { NotificationKind } from "./registry";
import { isChannelOn, type Choice } from "../preferences/rules";
import { scheduleOf, type Schedule } from "../deliveries/schedule";
import { type Category, type Channel, type Digest, type QuietHours } from "../schema";
import type { PlannedDelivery, SendingChannel } from "../channels/channel";
import { SENDING, SENDING_NAMES } from "../channels/registry";
import { topicOf } from "../channels/web-push/collapse-key";

/** News of a school, made by one event. */
export type NotificationDraft = News & {
  schoolId: string;
  eventId: string;
  kind: NotificationKind;
  category: Category;
};

/** News and who gets it. */
export type Telling = { draft: NotificationDraft; addressees: readonly Addressee[] };

type Recipient = {
  /** Which telling this is for. */
  n: number;
  userId: string;
  schoolZone: string;
  choices: { channel: string; enabled: boolean }[];
  setting: { quietStart: string | null; quietEnd: string | null; zone: string | null; digest: Digest } | null;
  subscriptions: string[];
};

/**
 * Writes the notification of every recipient and, for each of a recipient's browsers, a delivery; a channel that is off
 * leaves a row with its reason. Two statements, however many events and people. Idempotent by (event, recipient). What an
 * older revision still had waiting is suppressed, and an older revision that comes late, or with a newer one, is written but
 * not sent. Recipients of another school are left out, and who is named twice in one telling gets the first. Answers for each
 * telling how many were written, or null when the school does not have the student of its draft.
 */
export async function writeNotifications(tx: Tx, now: Date, tellings: readonly Telling[]): Promise<(number | null)[]> {
  if (tellings.length === 0) return [];
  const recipients = Map.groupBy(await recipientsOf(tx, tellings), ({ n }) => n);
  const plans = tellings.map(({ draft, addressees }, n) => planAll(now, draft, addressees, recipients.get(n) ?? []));
  const all = plans.flatMap((planned) => planned ?? []);
  const newest = new Map<string, number>();
  for (const { topic, draft } of all) newest.set(topic, Math.max(draft.revision, newest.get(topic) ?? 0));
  const rows = all.map(({ id, userId, studentId, topic, inApp, draft }) => ({
    id,
    userId,
    studentId,
    topic,
    inApp,
    schoolId: draft.schoolId,
    category: STORED_CATEGORY[draft.category],
    kind: draft.kind,
    eventId: draft.eventId,
    revision: draft.revision,
    data: draft.data,
    readAt: draft.ownAct === true ? now : null,
  }));
  const deliveries = all.flatMap((plan) => deliveriesOf(plan, plan.draft.revision < (newest.get(plan.topic) ?? 0)));
  if (deliveries.some(({ state }) => state === "PENDING")) wakeAfterCommit(tx, "deliveries");
  const written = await tx.$queryRaw<{ event_id: string; inserted: number }[]>`
    WITH news AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r
        (id text, "userId" text, "studentId" text, topic text, "inApp" boolean, "schoolId" text, category text, kind text,
         "eventId" text, revision int, data jsonb, "readAt" timestamptz)
    ), inserted AS (
      INSERT INTO notification (id, school_id, user_id, category, kind, event_id, topic, revision, student_id, data, in_app, created_at, read_at)
      SELECT r.id, r."schoolId", r."userId", r.category::"NotificationCategory", r.kind,
             r."eventId", r.topic, r.revision, r."studentId", r.data, r."inApp", ${now}, r."readAt"
      FROM news AS r
      ON CONFLICT (event_id, user_id) DO NOTHING
      RETURNING id, event_id, EXISTS (
        SELECT 1 FROM notification n
        WHERE n.user_id = notification.user_id AND n.topic = notification.topic AND n.revision > notification.revision
      ) AS superseded
    ), replaced AS (
      UPDATE notification_delivery AS d SET state = 'SUPPRESSED', reason = 'superseded'
      FROM news AS r JOIN notification AS n ON n.user_id = r."userId" AND n.topic = r.topic AND n.revision < r.revision
      WHERE d.notification_id = n.id AND d.state = 'PENDING'
    ), planned AS (
      SELECT r, inserted.superseded AND r->>'state' = 'PENDING' AS superseded
      FROM jsonb_array_elements(${JSON.stringify(deliveries)}::jsonb) AS r
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
    SELECT event_id, count(*)::int AS inserted FROM inserted GROUP BY event_id`;
  const inserted = new Map(written.map((row) => [row.event_id, row.inserted]));
  return plans.map((planned, n) => (planned ? (inserted.get(tellings[n]?.draft.eventId ?? "") ?? 0) : null));
}

type Plan = {
  draft: NotificationDraft;
  id: string;
  userId: string;
  studentId: string | null;
  topic: string;
  inApp: boolean;
  deliveries: readonly (PlannedDelivery & { channel: SendingChannel })[];
  schedule: Schedule;
};

/** Null when the school does not have the student of the draft. */
function planAll(
  now: Date,
  draft: NotificationDraft,
  addressees: readonly Addressee[],
  recipients: readonly Recipient[],
): Plan[] | null {
  if (draft.studentId !== null && !recipients.some(({ userId }) => userId === draft.studentId)) return null;
  const studentOf = new Map(addressees.toReversed().map((addressee) => [addressee.userId, addressee.studentId]));
  return recipients.flatMap((recipient) => {
    const studentId = studentOf.get(recipient.userId);
    return studentId === undefined ? [] : [planOf(now, draft, recipient, studentId)];
  });
}

function planOf(now: Date, draft: NotificationDraft, recipient: Recipient, studentId: string | null): Plan {
  const choices = recipient.choices.map((choice): Choice => ({ ...choice, category: draft.category }));
  const isOn = (channel: Channel) => isChannelOn(choices, draft.category, channel);
  const { subscriptions } = recipient;
  return {
    draft,
    id: newId(now.getTime()),
    userId: recipient.userId,
    studentId,
    topic: topicOf(recipient.userId, ...draft.about),
    inApp: isOn("inApp"),
    deliveries: SENDING_NAMES.flatMap((channel) =>
      SENDING[channel].plan({ isOn, subscriptions }).map((planned) => ({ ...planned, channel })),
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
  wakeAfterCommit(tx, "deliveries");
  await tx.$executeRaw`
    INSERT INTO notification_delivery
      (id, notification_id, subscription_id, channel, state, reason, not_before, expires_at, created_at)
    SELECT r->>'id', r->>'notificationId', r->>'subscriptionId', r->>'channel', (r->>'state')::"DeliveryState", r->>'reason',
           (r->>'notBefore')::timestamptz, (r->>'expiresAt')::timestamptz, ${now}
    FROM jsonb_array_elements(${JSON.stringify(deliveries)}::jsonb) AS r`;
}

function deliveriesOf({ id: notificationId, deliveries, schedule }: Plan, isSuperseded: boolean): NewDelivery[] {
  const { notBefore, expiresAt, hold } = schedule;
  return deliveries.map(({ channel, subscriptionId, suppressed }) => ({
    id: newId(),
    notificationId,
    channel,
    subscriptionId,
    state: suppressed === null && !isSuperseded ? "PENDING" : "SUPPRESSED",
    reason: suppressed ?? (isSuperseded ? "superseded" : hold),
    notBefore,
    expiresAt,
  }));
}

/** How the people of each telling want to be told, its student among them; whoever is of another school is left out. */
async function recipientsOf(tx: Tx, tellings: readonly Telling[]): Promise<Recipient[]> {
  const wanted = tellings.flatMap(({ draft, addressees }, n) => {
    const ids = new Set(addressees.map(({ userId }) => userId));
    if (draft.studentId !== null) ids.add(draft.studentId);
    return [...ids].map((userId) => ({
      n,
      userId,
      schoolId: draft.schoolId,
      category: STORED_CATEGORY[draft.category],
    }));
  });
  return tx.$queryRaw<Recipient[]>`
    SELECT w.n, u.id AS "userId", o.time_zone AS "schoolZone",
      COALESCE((SELECT jsonb_agg(jsonb_build_object('channel', p.channel, 'enabled', p.enabled))
        FROM notification_preference p
        WHERE p.user_id = u.id AND p.category = w.category::"NotificationCategory"), '[]') AS choices,
      (SELECT jsonb_build_object('quietStart', s.quiet_start, 'quietEnd', s.quiet_end, 'zone', s.quiet_time_zone, 'digest', s.digest)
        FROM notification_setting s WHERE s.user_id = u.id) AS setting,
      COALESCE((SELECT jsonb_agg(x.id ORDER BY x.id) FROM push_subscription x WHERE x.user_id = u.id), '[]') AS subscriptions
    FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) AS w (n int, "userId" text, "schoolId" text, category text)
    JOIN app_user u ON u.id = w."userId" AND u.school_id = w."schoolId"
    JOIN school o ON o.id = u.school_id`;
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
