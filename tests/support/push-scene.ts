// What a test file about pushes has: a push service of its own, and for each test a school whose people have pretended
// browsers there.
import { afterAll, beforeAll, beforeEach } from "vitest";
import { notificationConsumer } from "@/lib/notification/kinds/consumer";
import { db } from "@/lib/platform/db/client";
import type { EventOf } from "@/lib/platform/events/delivery/consumer";
import { deliver, type Delivery } from "@/lib/platform/events/delivery/deliver";
import type { VapidKeys } from "@/lib/platform/runtime/secrets";
import type { EventData } from "@/lib/shared/events";
import {
  absenceData,
  addSubscription,
  dispatcherFor,
  drain,
  eventOf,
  newVapidKeys,
  type TestDispatcherOptions,
} from "./notification-scene";
import { PushService } from "./push-service";
import { at, buildSchool, type TestSchool, type TestSchoolOptions } from "./school";

type AbsenceData = EventData<"attendance_marked_absent">;

/**
 * Hooks for the push service and the schools of a test file, and the words its tests are written in. Persons are those of
 * the test's own school, the first one unless a number is given.
 */
export function pushScene({ vapid = newVapidKeys(), ...options }: TestSchoolOptions & { vapid?: VapidKeys }) {
  const service = new PushService();
  let built: TestSchool | undefined;
  beforeAll(() => service.start());
  afterAll(() => service.stop());
  beforeEach(async () => {
    // What an earlier test left waiting would be sent, or claimed, by this one.
    await db().notificationDelivery.deleteMany({ where: { state: { in: ["PENDING", "SENDING"] } } });
    built = await buildSchool(db(), options);
  });

  const school = () => at(built ? [built] : [], 0);
  const student = (n = 0) => at(school().students, n);
  const guardian = (n = 0) => at(school().guardians, n);
  /** The consumer of notifications gets an event, at `now` of its clock. */
  const tell = (event: EventOf, now?: Date): Promise<Delivery> =>
    deliver(notificationConsumer, event, { client: db(), ...(now ? { now: () => now } : {}) });
  const dispatcher = (how: TestDispatcherOptions = {}) => dispatcherFor(db(), service, vapid, how);
  return {
    service,
    vapid,
    school,
    student,
    guardian,
    tell,
    dispatcher,
    /** A browser of the guardian, or of somebody else, that gets pushes. */
    phoneOf: (person = guardian()) => addSubscription(db(), service, person, vapid),
    /** The student is marked absent, in a class of its own unless `overrides` says otherwise. */
    absent: (overrides: Partial<AbsenceData> = {}, now?: Date) =>
      tell(eventOf("attendance_marked_absent", absenceData(student(), overrides)), now),
    /** A dispatcher sends all that is due, and ends. */
    async send(how: TestDispatcherOptions = {}): Promise<void> {
      const sending = dispatcher(how);
      await drain(sending);
      await sending.close();
    },
    /** What became of each push to a subscription, the oldest first. */
    deliveriesTo: (subscriptionId: string) =>
      db().notificationDelivery.findMany({
        where: { subscriptionId },
        select: { state: true, reason: true, attempts: true, notBefore: true },
        orderBy: { id: "asc" },
      }),
  };
}
