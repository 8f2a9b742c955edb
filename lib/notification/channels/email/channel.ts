import type { ChannelDefinition } from "../channel";
import { forgetRefusedAddress } from "./refused-address";
import { canMail } from "./mail-mode";

/** One mail to the person's address, when they asked for it; whoever did not leaves no row. */
export const email: ChannelDefinition = {
  isOffered: () => canMail(),
  plan: ({ isOn }) => (canMail() && isOn("email") ? [{ subscriptionId: null, suppressed: null }] : []),
  arrives: ({ isMailRefused }) => !isMailRefused,
  onAsked: forgetRefusedAddress,
};
