import { expect, test } from "vitest";
import { newId } from "@/lib/shared/ids";
import { testDatabase } from "@/tests/support/database";
import { at, buildSchool, contextOf } from "@/tests/support/school";
import { deliveryOverview } from "./delivery-counts";

test("the office sees what became of the last 24 hours, and the dead letters that wait, of its own school", async () => {
  const { prisma } = await testDatabase();
  const now = new Date();
  const [here, elsewhere] = [await buildSchool(prisma), await buildSchool(prisma)];
  const notify = async (
    school: typeof here,
    hoursAgo: number,
    states: ("ACCEPTED" | "PENDING" | "SENDING" | "DEAD")[],
  ) => {
    const { id: userId, schoolId } = at(school.students, 0);
    const createdAt = new Date(now.getTime() - hoursAgo * 3_600_000);
    const row = { id: newId(), schoolId, userId, eventId: newId(), topic: newId(), data: {}, createdAt };
    await prisma.notification.create({ data: { ...row, category: "ABSENCE", kind: "attendance_marked_absent" } });
    const delivery = { notificationId: row.id, channel: "webPush", expiresAt: now, createdAt };
    await prisma.notificationDelivery.createMany({
      data: states.map((state) => ({ ...delivery, state, id: newId(), subscriptionId: newId() })),
    });
  };
  await notify(here, 23, ["ACCEPTED", "ACCEPTED", "PENDING", "SENDING", "DEAD"]);
  await notify(here, 25, ["ACCEPTED"]);
  await notify(elsewhere, 1, ["ACCEPTED"]);
  const letter = { consumer: "c", type: "t", reason: "r", attempts: 1, origin: "log" };
  await prisma.deadLetter.createMany({
    data: [
      { school: here, replayedAt: null },
      { school: here, replayedAt: now },
      { school: elsewhere, replayedAt: null },
    ].map(({ school, replayedAt }) => ({
      ...letter,
      id: newId(),
      eventId: newId(),
      envelope: { data: { schoolId: school.school.id } },
      replayedAt,
    })),
  });
  // One whose message was no event of ours has no school.
  await prisma.deadLetter.create({ data: { ...letter, id: newId(), eventId: newId(), envelope: "no event" } });
  expect(await deliveryOverview(contextOf(here.admin, { now }), prisma)).toEqual({
    accepted: 2,
    waiting: 2,
    suppressed: 0,
    gone: 0,
    dead: 1,
    deadLetters: 1,
  });
});
