import type { Channel } from "../schema";

/** A channel whose deliveries are rows that a dispatcher sends; the inbox is none: it is read, not sent. */
export type SendingChannel = Exclude<Channel, "inApp">;

/** What decides how one person is reached: their choice for the category, and where the channel could reach them. */
export type Reachable = { isOn: (channel: Channel) => boolean; subscriptions: readonly string[] };

/** One delivery to be: where to, or why nowhere. */
export type PlannedDelivery = { subscriptionId: string | null; suppressed: string | null };

/** What a channel plans for one person: a delivery for each place, or one that says why there is none. */
export type PlanDeliveries = (person: Reachable) => PlannedDelivery[];
