import { beforeEach, describe, expect, it } from "vitest";
import { newId } from "@/lib/shared/ids";
import { testDatabase } from "@/tests/support/database";
import { at, buildSchool, contextOf } from "@/tests/support/school";
import { deleteOldDeliveries } from "./deliveries/delete-old-deliveries";
import { deleteLostDevices, removeUnusedDevices } from "./devices/delete-old-devices";
import { deleteOldTopics } from "./inbox/delete-old-topics";
import { getInbox } from "./inbox/inbox";

const { prisma, pool } = await testDatabase();
const school = await buildSchool(prisma, { students: 2 });
const [student, other] = [at(school.students, 0), at(school.students, 1)];
const now = new Date("2026-11-26T12:00:00Z");
const round = { now, signal: new AbortController().signal };
const before = (days: number) => new Date(now.getTime() - days * 86_400_000);
const OLD = 400; // days; 13 months before this day are 396
const YOUNG = 390;

type Given = { topic: string; daysAgo: number; userId?: string; readAt?: Date };
const notify = async ({ topic, daysAgo, userId = student.id, readAt }: Given) => {
  const id = newId();
  await prisma.notification.create({
    data: {
      id,
      schoolId: student.schoolId,
      userId,
      category: "ABSENCE",
      kind: "attendance_marked_absent",
      eventId: newId(),
      topic,
      data: {},
      createdAt: before(daysAgo),
      readAt: readAt ?? null,
    },
  });
  return id;
};
type State = "PENDING" | "SENDING" | "ACCEPTED" | "SUPPRESSED" | "GONE" | "DEAD";
const deliver = (notificationId: string, state: State, daysAgo: number, subscriptionId = newId()) =>
  prisma.notificationDelivery.create({
    data: {
      id: newId(),
      notificationId,
      subscriptionId,
      channel: "webPush",
      state,
      createdAt: before(daysAgo),
      expiresAt: before(daysAgo - 1),
    },
  });
const topicsLeft = async () =>
  (await prisma.notification.findMany({ orderBy: { topic: "asc" } })).map(({ topic }) => topic);

beforeEach(() => pool.query("TRUNCATE notification_delivery, notification, push_subscription, push_subscription_lost"));

describe("the inbox", () => {
  it("loses whole topics by their newest notification, read or not, with their deliveries", async () => {
    const alert = await notify({ topic: "old", daysAgo: OLD + 3, readAt: before(OLD) });
    const correction = await notify({ topic: "old", daysAgo: OLD });
    await deliver(alert, "ACCEPTED", OLD + 3);
    await deliver(correction, "DEAD", OLD);
    const kept = await notify({ topic: "corrected late", daysAgo: OLD + 3 });
    await deliver(kept, "ACCEPTED", OLD + 3);
    await notify({ topic: "corrected late", daysAgo: YOUNG });
    await notify({ topic: "young", daysAgo: YOUNG });
    // The same topic of somebody else is another one.
    await notify({ topic: "old", daysAgo: YOUNG, userId: other.id });
    expect(await deleteOldTopics(prisma, round)).toBe(2);
    expect(await topicsLeft()).toEqual(["corrected late", "corrected late", "old", "young"]);
    expect(await prisma.notificationDelivery.findMany({ select: { notificationId: true } })).toEqual([
      { notificationId: kept },
    ]);
    const { threads, unread } = await getInbox(contextOf(student), {
      locale: "en",
      unread: false,
      studentId: null,
      cursor: null,
    });
    expect([threads.length, unread]).toEqual([2, 2]);
  });

  it("keeps a topic of which something still waits to be sent", async () => {
    await deliver(await notify({ topic: "waits", daysAgo: OLD }), "PENDING", OLD);
    await notify({ topic: "waits", daysAgo: OLD });
    await deliver(await notify({ topic: "being sent", daysAgo: OLD }), "SENDING", OLD);
    expect(await deleteOldTopics(prisma, round)).toBe(0);
    expect(await topicsLeft()).toEqual(["being sent", "waits", "waits"]);
  });

  it("waits for nobody, and leaves a topic whole of which somebody holds a row", async () => {
    const held = await notify({ topic: "held", daysAgo: OLD });
    await notify({ topic: "held", daysAgo: OLD });
    await notify({ topic: "free", daysAgo: OLD });
    const reader = await pool.connect();
    await reader.query("BEGIN");
    await reader.query("UPDATE notification SET read_at = now() WHERE id = $1", [held]);
    expect(await deleteOldTopics(prisma, round)).toBe(1);
    await reader.query("COMMIT");
    reader.release();
    expect(await topicsLeft()).toEqual(["held", "held"]);
    expect(await deleteOldTopics(prisma, round)).toBe(2);
  });

  it("loses any number of topics, never a part of one, also when two workers do it at once", async () => {
    await pool.query(
      `INSERT INTO notification (id, school_id, user_id, category, kind, event_id, topic, data, created_at)
       SELECT n, $1, $2, 'ABSENCE', 'attendance_marked_absent', n, n / 3, '{}', $3::timestamptz - n * interval '1 second'
       FROM generate_series(1, 3000) AS n`,
      [student.schoolId, student.id, before(OLD)],
    );
    await pool.query(
      `INSERT INTO notification_delivery (id, notification_id, channel, state, created_at, expires_at)
       SELECT id, id, 'webPush', 'ACCEPTED', created_at, created_at FROM notification`,
    );
    const partly = () =>
      pool.query("SELECT topic FROM notification WHERE topic NOT IN ('0', '1000') GROUP BY topic HAVING count(*) < 3");
    let running = true;
    const workers = Promise.all([deleteOldTopics(prisma, round), deleteOldTopics(prisma, round)]).finally(() => {
      running = false;
    });
    while (running) expect((await partly()).rows).toEqual([]);
    const [first, second] = await workers;
    // Two workers that met at a topic both left it; the next round takes it.
    expect(first + second + (await deleteOldTopics(prisma, round))).toBe(3_000);
    expect(await prisma.notificationDelivery.count()).toBe(0);
  });
});

describe("deliveries", () => {
  it("go 90 days after they were made, but never one that waits or is being sent", async () => {
    const id = await notify({ topic: "t", daysAgo: 100 });
    for (const state of ["PENDING", "SENDING", "ACCEPTED", "SUPPRESSED", "GONE", "DEAD"] as const) {
      await deliver(id, state, 91);
      await deliver(id, state, 89);
    }
    expect(await deleteOldDeliveries(prisma, round)).toBe(4);
    const left = await prisma.notificationDelivery.findMany({
      where: { createdAt: before(91) },
      orderBy: { id: "asc" },
    });
    expect(left.map(({ state }) => state)).toEqual(["PENDING", "SENDING"]);
    expect(await prisma.notificationDelivery.count()).toBe(8);
    expect(await topicsLeft()).toEqual(["t"]);
  });

  it("go in any number, also when two workers do it at once", async () => {
    await pool.query(
      `INSERT INTO notification_delivery (id, notification_id, channel, state, created_at, expires_at)
       SELECT n, $1, 'webPush', 'ACCEPTED', $2, $2 FROM generate_series(1, 4500) AS n`,
      [await notify({ topic: "t", daysAgo: 100 }), before(91)],
    );
    const [first, second] = await Promise.all([deleteOldDeliveries(prisma, round), deleteOldDeliveries(prisma, round)]);
    expect(first + second).toBe(4_500);
    expect(await prisma.notificationDelivery.count()).toBe(0);
  });
});

describe("devices", () => {
  const device = (id: string, seenDaysAgo: number, acceptedDaysAgo: number | null = null) =>
    prisma.pushSubscription.create({
      data: {
        id,
        schoolId: student.schoolId,
        userId: student.id,
        endpoint: `https://push.example/${id}`,
        p256dh: "k",
        auth: "a",
        vapidPublicKey: "v",
        lastSeenAt: before(seenDaysAgo),
        lastAcceptedAt: acceptedDaysAgo === null ? null : before(acceptedDaysAgo),
      },
    });

  it("are removed after 18 months without a page and a push, with what waits for them and an audit row", async () => {
    await device("unused", 560);
    await device("silent", 560, 555);
    await device("still told", 560, 10);
    await device("seen", 500);
    const id = await notify({ topic: "t", daysAgo: 0 });
    const waiting = await deliver(id, "PENDING", 0, "unused");
    const another = await deliver(id, "PENDING", 0, "seen");
    expect(await removeUnusedDevices(prisma, round)).toBe(2);
    expect((await prisma.pushSubscription.findMany({ orderBy: { id: "asc" } })).map((row) => row.id)).toEqual([
      "seen",
      "still told",
    ]);
    const find = (delivery: { id: string }) => prisma.notificationDelivery.findUnique({ where: { id: delivery.id } });
    expect(await find(waiting)).toMatchObject({ state: "GONE", reason: "subscription_removed" });
    expect(await find(another)).toMatchObject({ state: "PENDING" });
    const audited = await prisma.auditEntry.findMany({ orderBy: { objectId: "asc" } });
    expect(audited).toMatchObject(
      ["silent", "unused"].map((objectId) => ({
        objectId,
        action: "notification.device_removed",
        actorId: "retention",
        schoolId: student.schoolId,
        source: "worker",
      })),
    );
    expect(await removeUnusedDevices(prisma, round)).toBe(0);
  });

  it("that their push service forgot may come back for 400 days; any number go, also by two workers at once", async () => {
    await prisma.pushSubscriptionLost.createMany({
      data: [
        { id: "young", userId: student.id, lostAt: before(399) },
        ...Array.from({ length: 1_100 }, (_, n) => ({ id: `old ${n}`, userId: student.id, lostAt: before(401) })),
      ],
    });
    const [first, second] = await Promise.all([deleteLostDevices(prisma, round), deleteLostDevices(prisma, round)]);
    expect(first + second).toBe(1_100);
    expect((await prisma.pushSubscriptionLost.findMany()).map(({ id }) => id)).toEqual(["young"]);
  });
});
