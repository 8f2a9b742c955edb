import { expect, it } from "vitest";
import { db } from "@/lib/platform/db/client";
import { eventually } from "@/tests/support/eventually";
import { absenceData, eventOf } from "@/tests/support/notification-scene";
import { pushScene } from "@/tests/support/push-scene";
import type { Fault } from "@/tests/support/push-service";
import { at } from "@/tests/support/school";

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

const { service, school, phoneOf, tell, dispatcher } = pushScene({
  students: STUDENTS,
  guardiansOf: Array.from({ length: STUDENTS }, (_, n) => n),
});

it("a storm of absences into a push service that fails half the time: each told, repeats only after a lost answer", async () => {
  const phones = [];
  for (const guardian of school().guardians) phones.push(await phoneOf(guardian));
  for (const [n, { token }] of phones.entries())
    service.fault(token, ...Array.from({ length: 3 }, (_, m) => at(FAULTS, (n + m) % FAULTS.length)));
  const dispatchers = [1, 2, 3].map(() => dispatcher({ pollMs: 20, concurrency: 16 }));
  for (const each of dispatchers) each.start();

  const events = school().students.flatMap((student) =>
    Array.from({ length: ABSENCES_EACH }, () => eventOf("attendance_marked_absent", absenceData(student))),
  );
  // Every event comes twice, as at-least-once delivery may do.
  for (let from = 0; from < events.length; from += 8)
    await Promise.all(events.slice(from, from + 8).flatMap((event) => [tell(event), tell(event)]));
  const open = () =>
    db().notificationDelivery.count({ where: { state: { in: ["PENDING", "SENDING"] }, channel: "webPush" } });
  await eventually(async () => (await open()) === 0, { timeoutMs: 60_000, what: "an outcome for every push" });
  await Promise.all(dispatchers.map((each) => each.close()));

  const accepted = await db().notificationDelivery.count({ where: { state: "ACCEPTED" } });
  expect(accepted).toBe(STUDENTS * ABSENCES_EACH);
  for (const { token } of phones) {
    const topics = service.receivedBy(token).map(({ topic }) => topic);
    const lostAnswers = service.requestsTo(token).filter(({ status }) => status === "accepted-then-reset").length;
    expect(new Set(topics).size).toBe(ABSENCES_EACH);
    expect(topics).toHaveLength(ABSENCES_EACH + lostAnswers);
  }
}, 120_000);
