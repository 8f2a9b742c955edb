import type { Category, Channel } from "../schema";

/** What holds until a person says otherwise: everything comes as a push and in the inbox; mail is asked for. */
const DEFAULTS: Record<Category, Record<Channel, boolean>> = {
  absence: { webPush: true, email: false, inApp: true },
  attendanceCorrection: { webPush: true, email: false, inApp: true },
  enrollment: { webPush: true, email: false, inApp: true },
  classChange: { webPush: true, email: false, inApp: true },
};

/** One stored choice of a person. */
export type Choice = { category: Category; channel: string; enabled: boolean };

/** Whether news of a category goes out on a channel: the person's own choice, else the default. */
export function isChannelOn(choices: readonly Choice[], category: Category, channel: Channel): boolean {
  const own = choices.find((choice) => choice.category === category && choice.channel === channel);
  return own?.enabled ?? DEFAULTS[category][channel];
}
