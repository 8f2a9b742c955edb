import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db, type Tx } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { STORED_CATEGORY } from "../kinds/categories";
import { canMail } from "../channels/email/mail-mode";
import { preferencesOf } from "./preference-store";
import { CATEGORIES, CHANNELS, type PreferencesDto, type PreferencesInput } from "../schema";

/** A choice as it is stored. */
export type Change = { category: string; channel: string; enabled: boolean };

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
      if (enabled === undefined || (channel === "email" && !canMail())) return [];
      return [{ category: STORED_CATEGORY[category], channel, enabled }];
    }),
  );
}

/** Stores choices of a person; what waits on a channel that is switched off now is not sent any more. */
export async function saveChoices(tx: Tx, userId: string, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  await forgetRefusal(tx, userId, changes);
  await tx.$executeRaw`
    INSERT INTO notification_preference (user_id, category, channel, enabled)
    SELECT ${userId}, (c->>'category')::"NotificationCategory", c->>'channel', (c->>'enabled')::boolean
    FROM jsonb_array_elements(${JSON.stringify(changes)}::jsonb) AS c
    ORDER BY c->>'category', c->>'channel'
    ON CONFLICT (user_id, category, channel) DO UPDATE SET enabled = EXCLUDED.enabled`;
  const off = changes.filter(({ enabled }) => !enabled);
  if (off.length === 0) return;
  await tx.$executeRaw`
    UPDATE notification_delivery d SET state = 'SUPPRESSED', reason = 'preference_off'
    FROM notification n, jsonb_array_elements(${JSON.stringify(off)}::jsonb) AS c
    WHERE n.id = d.notification_id AND n.user_id = ${userId} AND d.state = 'PENDING' AND n.kind <> 'test'
      AND d.channel = c->>'channel' AND n.category::text = c->>'category'`;
}

/** Who turns mail on again has read that the address was refused. A form that only repeats the choice asks for nothing. */
async function forgetRefusal(tx: Tx, userId: string, changes: readonly Change[]): Promise<void> {
  const asked = changes.filter(({ channel, enabled }) => channel === "email" && enabled);
  if (asked.length === 0) return;
  await tx.$executeRaw`
    UPDATE notification_setting SET refused_address = NULL
    WHERE user_id = ${userId} AND refused_address IS NOT NULL AND EXISTS (
      SELECT 1 FROM unnest(${asked.map(({ category }) => category)}::text[]) AS c(category)
      WHERE NOT EXISTS (
        SELECT 1 FROM notification_preference p
        WHERE p.user_id = ${userId} AND p.channel = 'email' AND p.category::text = c.category AND p.enabled))`;
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
