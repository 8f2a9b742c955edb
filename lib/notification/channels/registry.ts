import { CHANNELS, type Channel } from "../schema";
import type { ChannelDefinition, Places, SendingChannel } from "./channel";
import { email } from "./email/channel";
import { webPush } from "./web-push/channel";

/** Every channel that sends. */
export const SENDING: Readonly<Record<SendingChannel, ChannelDefinition>> = { webPush, email };
export const SENDING_NAMES = Object.keys(SENDING) as SendingChannel[];

/** The same by name; undefined for the inbox, which is read, not sent. */
export function sendingChannel(channel: Channel): ChannelDefinition | undefined {
  return channel === "inApp" ? undefined : SENDING[channel];
}

/** Whether this installation has the channel. */
export function isOffered(channel: Channel): boolean {
  return sendingChannel(channel)?.isOffered() ?? true;
}

/** An answer for every channel. */
export function forEachChannel<T>(answer: (channel: Channel) => T): Record<Channel, T> {
  return Object.fromEntries(CHANNELS.map((channel) => [channel, answer(channel)])) as Record<Channel, T>;
}

/** How something sent now would get to a person: sent to them, in the inbox alone, or (null) not at all. */
export function reachOf(isOn: (channel: Channel) => boolean, places: Places): "sent" | "inbox" | null {
  const isSent = SENDING_NAMES.some((name) => isOn(name) && SENDING[name].isOffered() && SENDING[name].arrives(places));
  if (isSent) return "sent";
  return isOn("inApp") ? "inbox" : null;
}
