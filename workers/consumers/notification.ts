import { notificationConsumer } from "@/lib/notification/consumer";
import type { AnyConsumer } from "@/lib/platform/events/consumer";

/** The consumers of the notification module. */
export const notificationConsumers: readonly AnyConsumer[] = [notificationConsumer];
