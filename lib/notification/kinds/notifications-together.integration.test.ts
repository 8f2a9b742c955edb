import { describe, expect, it } from "vitest";
import { db } from "@/lib/platform/db/client";
import type { EventOf } from "@/lib/platform/events/delivery/consumer";
import { deliverTogether } from "@/lib/platform/events/delivery/deliver";
import { absenceData, eventOf } from "@/tests/support/notification-scene";
import { pushScene } from "@/tests/support/push-scene";
import { buildSchool, type TestSchool } from "@/tests/support/school";
import { savePreferences } from "../preferences/save-preferences";
import { contextOf } from "@/tests/support/school";
import { notificationConsumer } from "./consumer";

const { service, school, student, guardian, phoneOf, tell, send } = pushScene({ students: 6, guardiansOf: [0, 1, 2] });

const together = (events: readonly EventOf[]) => deliverTogether(notificationConsumer, events, { client: db() });
const absentEvent = (n: number, overrides = {}) =>
  eventOf("attendance_marked_absent", absenceData(student(n), overrides));

/** What is written of some events, without ids, the same whoever wrote it. */
async function written(events: readonly EventOf[]) {
  const rows = await db().notification.findMany({
    where: { eventId: { in: events.map(({ id }) => id) } },
    select: {
      eventId: true,
      userId: true,
      studentId: true,
      category: true,
      kind: true,
      revision: true,
      data: true,
      inApp: true,
      schoolId: true,
      deliveries: { select: { channel: true, state: true, reason: true, subscriptionId: true } },
    },
  });
  const order = new Map(events.map(({ id }, n) => [id, n]));
  return rows
    .map(({ eventId, data, ...row }) => ({
      ...row,
      data: { ...(data as object), attendanceRecordId: "" },
      n: order.get(eventId),
    }))
    .sort((a, b) => (a.n ?? 0) - (b.n ?? 0) || a.userId.localeCompare(b.userId));
}

async function aDay(): Promise<EventOf[]> {
  await phoneOf();
  await savePreferences(contextOf(guardian(1)), { categories: { absence: { webPush: false, email: true } } });
  const section = { sectionId: "section-1", sectionCode: "PH101.1", sectionTitle: "Physics" };
  const enrollment = {
    ...section,
    enrollmentId: "enrollment-1",
    studentId: student(3).id,
    schoolId: school().school.id,
  };
  const data = absenceData(student(2), { ...section, classSessionId: "class-1" });
  const same = { ...section, classSessionId: "class-1" };
  return [
    absentEvent(0, same),
    absentEvent(1, same),
    eventOf("attendance_corrected", { ...data, version: 2, from: "ABSENT", to: "LATE" }),
    eventOf("student_enrolled", { ...enrollment, status: "ENROLLED" }),
    absentEvent(4, same),
  ];
}

describe("events that are told together", () => {
  it("leave the rows that each of them would leave by itself", async () => {
    const events = await aDay();
    expect(await together(events)).toBe(true);
    const rows = await written(events);
    const again = events.map((event) => ({ ...event, id: `${event.id}-alone` }));
    for (const event of again) await tell(event);
    expect(rows).toEqual(await written(again));
    expect(rows).toHaveLength(8);
    expect(
      rows.flatMap(({ deliveries }) => deliveries.map(({ channel, state }) => `${channel} ${state}`)).sort(),
    ).toContain("webPush PENDING");
  });

  it("are as few statements for many as for two", async () => {
    const statementsFor = async (events: readonly EventOf[]) => {
      let statements = 0;
      const counting = db().$extends({
        query: {
          $allOperations({ args, query }) {
            statements += 1;
            return query(args);
          },
        },
      });
      expect(await deliverTogether(notificationConsumer, events, { client: counting as never })).toBe(true);
      expect(statements).toBeGreaterThan(2);
      return statements;
    };
    const many = Array.from({ length: 60 }, (_, n) => absentEvent(n % 6));
    expect(await statementsFor([absentEvent(0), absentEvent(1)])).toBe(await statementsFor(many));
  });

  it("send only the newest of an alert and its correction", async () => {
    const phone = await phoneOf();
    const data = absenceData(student());
    const corrected = eventOf("attendance_corrected", { ...data, version: 2, from: "ABSENT", to: "LATE" });
    // Also when the older one stands behind the newer one.
    expect(await together([corrected, eventOf("attendance_marked_absent", data), absentEvent(1)])).toBe(true);
    await send();
    expect(service.receivedBy(phone.token)).toHaveLength(1);
    const older = await db().notificationDelivery.findMany({
      where: { notification: { userId: guardian().id, revision: 1 } },
      select: { state: true, reason: true },
    });
    expect(older).toEqual([{ state: "SUPPRESSED", reason: "superseded" }]);
  });

  it("write nothing when one names a student of another school", async () => {
    const other: TestSchool = await buildSchool(db());
    const wrong = absentEvent(0, { schoolId: other.school.id });
    const events = [absentEvent(1), wrong, absentEvent(2)];
    expect(await together(events)).toBe(false);
    expect(await written(events)).toEqual([]);
  });

  it("tell guardians of their own student only, each in the own school", async () => {
    const other = await buildSchool(db(), { students: 1, guardiansOf: [0] });
    const [stranger] = other.students;
    if (!stranger) throw new Error("the scene has a student");
    const events = [absentEvent(0), eventOf("attendance_marked_absent", absenceData(stranger)), absentEvent(5)];
    expect(await together(events)).toBe(true);
    const told = (await written(events)).map(({ n, userId, studentId }) => [n, userId, studentId]);
    expect(new Set(told.map((row) => row.join()))).toEqual(
      new Set(
        [
          [0, student(0).id, student(0).id],
          [0, guardian(0).id, student(0).id],
          [1, stranger.id, stranger.id],
          [1, other.guardians[0]?.id, stranger.id],
          [2, student(5).id, student(5).id],
        ].map((row) => row.join()),
      ),
    );
  });
});
