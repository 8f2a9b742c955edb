import type { PlanDeliveries, SendingChannel } from "./channel";
import { planMail } from "./email/plan";
import { planPushes } from "./web-push/plan";

/** Every channel that sends, and how it plans. */
export const PLANS: Readonly<Record<SendingChannel, PlanDeliveries>> = { webPush: planPushes, email: planMail };
