import type { Tx } from "@/lib/platform/db/client";
import type { Category, Channel } from "../schema";

/** A channel whose deliveries are rows that a dispatcher sends; the inbox is none: it is read, not sent. */
export type SendingChannel = Exclude<Channel, "inApp">;

/** What decides how one person is reached: their choice for the category, and where the channel could reach them. */
export type Reachable = { isOn: (channel: Channel) => boolean; subscriptions: readonly string[] };

/** One delivery to be: where to, or why nowhere. */
export type PlannedDelivery = { subscriptionId: string | null; suppressed: string | null };

/** What is known of where a person can be reached, whatever they chose. */
export type Places = {
  /** A browser of theirs takes pushes. */
  hasDevice: boolean;
  /** The mail server of their address takes nothing. */
  isMailRefused: boolean;
};

/** A channel, as preferences and planning know it. */
export type ChannelDefinition = {
  /** Whether this installation can send on it; where it cannot, nobody is asked about it and it is off. */
  isOffered(): boolean;
  /** A delivery for each place of one person, or one that says why there is none. */
  plan(person: Reachable): PlannedDelivery[];
  /** Whether something sent now would arrive anywhere. */
  arrives(places: Places): boolean;
  /** A person asks for these categories on it, before that is stored: to forget what stood against it. */
  onAsked?(tx: Tx, userId: string, categories: readonly Category[]): Promise<void>;
};
