import { notificationConsumer } from "@/lib/notification/kinds/consumer";
import type { AnyConsumer } from "@/lib/platform/events/delivery/consumer";

/** The consumers of the notification module. */
export const notificationConsumers: readonly AnyConsumer[] = [notificationConsumer];
