import type { PlanDeliveries } from "../channel";
import { canMail } from "./mail-mode";

/** One mail to the person's address, when they asked for it; whoever did not leaves no row. */
export const planMail: PlanDeliveries = ({ isOn }) =>
  canMail() && isOn("email") ? [{ subscriptionId: null, suppressed: null }] : [];
