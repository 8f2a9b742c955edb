import type { Db, Tx } from "@/lib/platform/db/client";
import { categoryOf, forEachCategory } from "../kinds/categories";
import { forEachChannel, isOffered } from "../channels/registry";
import { isChannelOn, type Choice } from "./rules";
import { type Category, digestSchema, type PreferencesDto } from "../schema";

/** A person's preferences, defaults filled in. */
export async function preferencesOf(client: Db | Tx, userId: string): Promise<PreferencesDto> {
  const rows = await client.notificationPreference.findMany({
    where: { userId },
    select: { category: true, channel: true, enabled: true },
  });
  const setting = await client.notificationSetting.findUnique({ where: { userId } });
  const choices = rows.map((row): Choice => ({ ...row, category: categoryOf(row.category) }));
  const channelsOf = (category: Category) =>
    forEachChannel((channel) => isOffered(channel) && isChannelOn(choices, category, channel));
  const { quietStart: start, quietEnd: end, quietTimeZone: timeZone } = setting ?? {};
  return {
    categories: forEachCategory(channelsOf),
    quietHours: start && end && timeZone ? { start, end, timeZone } : null,
    digest: digestSchema.catch("off").parse(setting?.digest ?? "off"),
  };
}
