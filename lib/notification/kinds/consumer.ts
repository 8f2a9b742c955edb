import { guardiansTogether } from "@/lib/identity/people/guardians-together";
import type { Tx } from "@/lib/platform/db/client";
import { apart, consumer, dead, done, type EventOf, type Outcome, skip } from "@/lib/platform/events/delivery/consumer";
import type { EventType } from "@/lib/shared/events";
import type { Kind, News, Planned } from "./kind";
import { EVENT_KINDS } from "./registry";
import { type NotificationDraft, type Telling, writeNotifications } from "./write-notifications";

type Told = keyof typeof EVENT_KINDS;
const isTold = (type: string): type is Told => type in EVENT_KINDS;

/** Notifications written in one statement at most, as long as they come of several events: a day off is for everybody. */
const TOGETHER_AT_MOST = 5_000;

/** Turns events into notifications, as their kinds say. Writes rows only; the dispatcher of a channel sends them. */
export const notificationConsumer = consumer<Told>({
  name: "notification",
  types: Object.keys(EVENT_KINDS).filter(isTold),
  async handle(tx, event, { now }) {
    const [outcome] = await writeAll(tx, now, [event], await planAll(tx, [event], now));
    return outcome ?? dead("nothing was planned");
  },
  async handleMany(tx, events, { now }) {
    const planned = await planAll(tx, events, now);
    const people = planned.reduce((sum, plan) => sum + ("nobody" in plan ? 0 : plan.addressees.length), 0);
    return people > TOGETHER_AT_MOST ? apart : writeAll(tx, now, events, planned);
  },
});

/** What each event says and to whom. All ask at the same moment, so that what they read is read together. */
async function planAll(tx: Tx, events: readonly EventOf<Told>[], now: Date): Promise<Planned[]> {
  const reads = { tx, guardiansOf: guardiansTogether(tx) };
  return Promise.all(
    events.map((event) => {
      const kind: Kind<EventType> = EVENT_KINDS[event.type];
      return kind.plan(reads, event, now);
    }),
  );
}

/** Writes what was planned for each event and answers what became of it, in the order of the events. */
async function writeAll(
  tx: Tx,
  now: Date,
  events: readonly EventOf<Told>[],
  planned: readonly Planned[],
): Promise<Outcome[]> {
  const tellings = events.map((event, n): Telling | null => {
    const plan = planned[n];
    if (!plan || "nobody" in plan) return null;
    const { addressees, ...news } = plan;
    return { draft: draftOf(event, news), addressees };
  });
  const written = (
    await writeNotifications(
      tx,
      now,
      tellings.filter((telling) => telling !== null),
    )
  ).values();
  return tellings.map((telling, n) => {
    const plan = planned[n];
    if (!telling) return skip(plan && "nobody" in plan ? plan.nobody : "nothing was planned");
    const count = written.next().value;
    if (count === null || count === undefined) return dead("the event names a student that this school does not have");
    return count > 0 ? done : skip("there is nobody to notify, or all were before");
  });
}

/** The draft of what an event says. */
export function draftOf(event: Pick<EventOf<Told>, "id" | "type" | "data">, news: News): NotificationDraft {
  const { id: eventId, type: kind, data } = event;
  return { ...news, schoolId: data.schoolId, eventId, kind, category: EVENT_KINDS[kind].category };
}
