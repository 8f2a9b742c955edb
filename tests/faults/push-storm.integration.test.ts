import { afterAll, beforeAll, expect, it } from "vitest";
import { notificationConsumer } from "@/lib/notification/consumer";
import { db } from "@/lib/platform/db";
import { deliver } from "@/lib/platform/events/deliver";
import { eventually } from "@/tests/support/eventually";
import { absenceData, addSubscription, dispatcherFor, eventOf, newVapidKeys } from "@/tests/support/notification-scene";
import { PushService, type Fault } from "@/tests/support/push-service";
import { at, buildSchool } from "@/tests/support/school";

const STUDENTS = 40;
const ABSENCES_EACH = 5;
const FAULTS: Fault[] = [
  { status: 500 },
  { status: 429, retryAfter: "1" },
  { status: 503 },
  { resetBeforeReading: true },
  { resetAfterReading: true },
  { acceptedThenReset: true },
];

const vapid = newVapidKeys();
const service = new PushService();

beforeAll(() => service.start());
afterAll(() => service.stop());

it("a storm of absences into a push service that fails half the time: each told, repeats only after a lost answer", async () => {
  const scene = await buildSchool(db(), {
    students: STUDENTS,
    guardiansOf: Array.from({ length: STUDENTS }, (_, n) => n),
  });
  const phones = [];
  for (const guardian of scene.guardians) phones.push(await addSubscription(db(), service, guardian, vapid));
  for (const [n, { token }] of phones.entries())
    service.fault(token, ...Array.from({ length: 3 }, (_, m) => at(FAULTS, (n + m) % FAULTS.length)));
  // A machine that stands still for a while must not look like an answer that was lost.
  const patience = { leaseMs: 600_000, transportOptions: { timeoutMs: 100_000 } };
  const dispatchers = [1, 2, 3].map(() =>
    dispatcherFor(db(), service, vapid, { pollMs: 20, concurrency: 16, ...patience }),
  );
  for (const dispatcher of dispatchers) dispatcher.start();

  const events = scene.students.flatMap((student) =>
    Array.from({ length: ABSENCES_EACH }, () => eventOf("attendance_marked_absent", absenceData(student))),
  );
  // Every event comes twice, as at-least-once delivery may do.
  for (let from = 0; from < events.length; from += 8)
    await Promise.all(
      events
        .slice(from, from + 8)
        .flatMap((event) => [event, event].map((e) => deliver(notificationConsumer, e, { client: db() }))),
    );
  const open = () =>
    db().notificationDelivery.count({ where: { state: { in: ["PENDING", "SENDING"] }, channel: "webPush" } });
  await eventually(async () => (await open()) === 0, { timeoutMs: 60_000, what: "an outcome for every push" });
  await Promise.all(dispatchers.map((dispatcher) => dispatcher.close()));

  const accepted = await db().notificationDelivery.count({ where: { state: "ACCEPTED" } });
  expect(accepted).toBe(STUDENTS * ABSENCES_EACH);
  for (const { token } of phones) {
    const topics = service.receivedBy(token).map(({ topic }) => topic);
    const lostAnswers = service.requestsTo(token).filter(({ status }) => status === "accepted-then-reset").length;
    expect(new Set(topics).size).toBe(ABSENCES_EACH);
    expect(topics).toHaveLength(ABSENCES_EACH + lostAnswers);
  }
}, 120_000);
