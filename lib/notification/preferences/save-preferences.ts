import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db, type Tx } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { STORED_CATEGORY } from "../kinds/categories";
import { isOffered, sendingChannel } from "../channels/registry";
import { preferencesOf } from "./preference-store";
import {
  CATEGORIES,
  type Category,
  type Channel,
  CHANNELS,
  type PreferencesDto,
  type PreferencesInput,
} from "../schema";

/** A choice of a person. */
export type Change = { category: Category; channel: Channel; enabled: boolean };

/**
 * Changes the signed-in person's preferences; what is left out stays. What waits (quiet hours, daily summary) on a
 * channel that is switched off now is not sent any more. Returns all preferences as they are now.
 */
export async function savePreferences(
  ctx: Context,
  input: PreferencesInput,
  client: Db = db(),
): Promise<PreferencesDto> {
  const { userId } = ctx.actor;
  return transaction(async (tx) => {
    const changes = changesOf(input);
    await saveChoices(tx, userId, changes);
    await saveSetting(tx, userId, input);
    await audit(tx, ctx, [
      {
        action: "notification.preferences_changed",
        objectType: "user",
        objectId: userId,
        details: { changes, quietHours: input.quietHours !== undefined, digest: input.digest ?? null },
      },
    ]);
    return preferencesOf(tx, userId);
  }, client);
}

function changesOf(input: PreferencesInput): Change[] {
  return CATEGORIES.flatMap((category) =>
    CHANNELS.flatMap((channel) => {
      const enabled = input.categories?.[category]?.[channel];
      // Clients may send the whole answer of another installation back: what nothing is sent on stays off.
      if (enabled === undefined || !isOffered(channel)) return [];
      return [{ category, channel, enabled }];
    }),
  );
}

/** Stores choices of a person; what waits on a channel that is switched off now is not sent any more. */
export async function saveChoices(tx: Tx, userId: string, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  for (const [channel, asked] of Map.groupBy(
    changes.filter(({ enabled }) => enabled),
    (change) => change.channel,
  ))
    await sendingChannel(channel)?.onAsked?.(
      tx,
      userId,
      asked.map(({ category }) => category),
    );
  const stored = changes.map((change) => ({ ...change, category: STORED_CATEGORY[change.category] }));
  await tx.$executeRaw`
    INSERT INTO notification_preference (user_id, category, channel, enabled)
    SELECT ${userId}, (c->>'category')::"NotificationCategory", c->>'channel', (c->>'enabled')::boolean
    FROM jsonb_array_elements(${JSON.stringify(stored)}::jsonb) AS c
    ORDER BY c->>'category', c->>'channel'
    ON CONFLICT (user_id, category, channel) DO UPDATE SET enabled = EXCLUDED.enabled`;
  const off = stored.filter(({ enabled }) => !enabled);
  if (off.length === 0) return;
  await tx.$executeRaw`
    UPDATE notification_delivery d SET state = 'SUPPRESSED', reason = 'preference_off'
    FROM notification n, jsonb_array_elements(${JSON.stringify(off)}::jsonb) AS c
    WHERE n.id = d.notification_id AND n.user_id = ${userId} AND d.state = 'PENDING'
      AND d.channel = c->>'channel' AND n.category::text = c->>'category'`;
}

async function saveSetting(tx: Tx, userId: string, input: PreferencesInput): Promise<void> {
  const { quietHours, digest } = input;
  const values = {
    ...(quietHours === undefined
      ? {}
      : {
          quietStart: quietHours?.start ?? null,
          quietEnd: quietHours?.end ?? null,
          quietTimeZone: quietHours?.timeZone ?? null,
        }),
    ...(digest === undefined ? {} : { digest }),
  };
  if (Object.keys(values).length === 0) return;
  const columns = { quietStart: null, quietEnd: null, quietTimeZone: null, digest: "off", ...values };
  await tx.$executeRaw`
    INSERT INTO notification_setting (user_id, quiet_start, quiet_end, quiet_time_zone, digest)
    VALUES (${userId}, ${columns.quietStart}, ${columns.quietEnd}, ${columns.quietTimeZone}, ${columns.digest})
    ON CONFLICT (user_id) DO UPDATE SET
      quiet_start = CASE WHEN ${quietHours !== undefined} THEN EXCLUDED.quiet_start ELSE notification_setting.quiet_start END,
      quiet_end = CASE WHEN ${quietHours !== undefined} THEN EXCLUDED.quiet_end ELSE notification_setting.quiet_end END,
      quiet_time_zone =
        CASE WHEN ${quietHours !== undefined} THEN EXCLUDED.quiet_time_zone ELSE notification_setting.quiet_time_zone END,
      digest = CASE WHEN ${digest !== undefined} THEN EXCLUDED.digest ELSE notification_setting.digest END`;
}
