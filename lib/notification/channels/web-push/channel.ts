import type { ChannelDefinition } from "../channel";

/** A push for each of a person's browsers. */
export const webPush: ChannelDefinition = {
  isOffered: () => true,
  plan({ isOn, subscriptions }) {
    if (!isOn("webPush")) return [{ subscriptionId: null, suppressed: "preference_off" }];
    if (subscriptions.length === 0) return [{ subscriptionId: null, suppressed: "no_device" }];
    return subscriptions.map((subscriptionId) => ({ subscriptionId, suppressed: null }));
  },
  arrives: ({ hasDevice }) => hasDevice,
};
