import type { Db, Tx } from "@/lib/platform/db/client";
import { categoryOf } from "../kinds/categories";
import { canMail } from "../channels/email/mail-mode";
import { isChannelOn, type Choice } from "./rules";
import { CATEGORIES, digestSchema, type PreferencesDto } from "../schema";

/** A person's preferences, defaults filled in. */
export async function preferencesOf(client: Db | Tx, userId: string): Promise<PreferencesDto> {
  const rows = await client.notificationPreference.findMany({
    where: { userId },
    select: { category: true, channel: true, enabled: true },
  });
  const setting = await client.notificationSetting.findUnique({ where: { userId } });
  const choices = rows.map((row): Choice => ({ ...row, category: categoryOf(row.category) }));
  const channelsOf = (category: (typeof CATEGORIES)[number]) => ({
    webPush: isChannelOn(choices, category, "webPush"),
    email: canMail() && isChannelOn(choices, category, "email"),
    inApp: isChannelOn(choices, category, "inApp"),
  });
  const { quietStart: start, quietEnd: end, quietTimeZone: timeZone } = setting ?? {};
  return {
    categories: {
      absence: channelsOf("absence"),
      attendanceCorrection: channelsOf("attendanceCorrection"),
      enrollment: channelsOf("enrollment"),
      classChange: channelsOf("classChange"),
    },
    quietHours: start && end && timeZone ? { start, end, timeZone } : null,
    digest: digestSchema.catch("off").parse(setting?.digest ?? "off"),
  };
}
