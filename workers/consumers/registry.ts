import type { AnyConsumer } from "@/lib/platform/events/delivery/consumer";
import { notificationConsumers } from "./notification";

/** Every consumer of the product; a new module adds its own here. */
export const CONSUMERS: readonly AnyConsumer[] = [...notificationConsumers];
