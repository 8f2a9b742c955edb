import { consumer, dead, done, type EventOf, skip } from "@/lib/platform/events/delivery/consumer";
import type { EventType } from "@/lib/shared/events";
import type { Kind, News } from "./kind";
import { EVENT_KINDS } from "./registry";
import { type NotificationDraft, writeNotifications } from "./write-notifications";

type Told = keyof typeof EVENT_KINDS;
const isTold = (type: string): type is Told => type in EVENT_KINDS;

/** Turns events into notifications, as their kinds say. Writes rows only; the dispatcher of a channel sends them. */
export const notificationConsumer = consumer<Told>({
  name: "notification",
  types: Object.keys(EVENT_KINDS).filter(isTold),
  async handle(tx, event, ctx) {
    const kind: Kind<EventType> = EVENT_KINDS[event.type];
    const planned = await kind.plan(tx, event, ctx.now);
    if ("nobody" in planned) return skip(planned.nobody);
    const { addressees, ...news } = planned;
    const written = await writeNotifications(tx, ctx.now, draftOf(event, news), addressees);
    if (written === null) return dead("the event names a student that this school does not have");
    return written > 0 ? done : skip("there is nobody to notify, or all were before");
  },
});

/** The draft of what an event says. */
export function draftOf(event: Pick<EventOf<Told>, "id" | "type" | "data">, news: News): NotificationDraft {
  const { id: eventId, type: kind, data } = event;
  return { ...news, schoolId: data.schoolId, eventId, kind, category: EVENT_KINDS[kind].category };
}
