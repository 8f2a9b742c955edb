// Whom an alert reaches: people, not students, with those whom it cannot reach apart; and that this is what is written.
import { expect, test } from "vitest";
import { db } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { pushScene } from "@/tests/support/push-scene";
import { at, contextOf } from "@/tests/support/school";
import { alertReach } from "./alert-reach";

// Students 0 and 1 share guardian 0; student 1 has guardian 1 too; 2 has guardian 2; 3 has nobody.
const { school, student, guardian, phoneOf, absent } = pushScene({ students: 5, guardiansOf: [0, 1, 2, 4] });
const share = () =>
  db().guardianship.create({
    data: { guardianId: guardian(0).id, studentId: student(1).id, schoolId: school().school.id },
  });
const off = (userId: string, channel: string) =>
  db().notificationPreference.create({ data: { userId, category: "ABSENCE", channel, enabled: false } });
const absences = (...numbers: number[]) => numbers.map((n) => ({ studentId: student(n).id, markedById: null }));
const teacher = () => contextOf(at(school().teachers, 0));

test("counts each guardian once, says who has only the inbox, and names whom nobody hears about", async () => {
  await share();
  await phoneOf(guardian(0));
  await phoneOf(guardian(2));
  await off(guardian(2).id, "webPush");
  await off(guardian(2).id, "inApp");
  expect(await alertReach(teacher(), absences(0, 1, 2, 3))).toEqual({
    notified: 2,
    inboxOnly: 1,
    withoutGuardian: [student(3).id],
    unreachable: [student(2).id],
  });
  expect(await alertReach(teacher(), [])).toMatchObject({ notified: 0 });
});

test("a channel that is on without a device reaches nobody when the inbox is off; ended guardians do not count", async () => {
  await off(guardian(0).id, "inApp");
  await db().user.update({ where: { id: guardian(2).id }, data: { active: false } });
  expect(await alertReach(teacher(), absences(0, 2))).toEqual({
    notified: 0,
    inboxOnly: 0,
    withoutGuardian: [student(2).id],
    unreachable: [student(0).id],
  });
});

test("students of another school say nothing", async () => {
  const stranger = contextOf({ id: newId(), schoolId: newId(), roles: ["TEACHER"] });
  expect(await alertReach(stranger, absences(0, 3))).toMatchObject({ notified: 0, withoutGuardian: [] });
});

test("a teacher who is the guardian of a student is not alerted about their own mark, and is about a colleague's", async () => {
  const own = { studentId: student(4).id, markedById: guardian(3).id };
  expect(await alertReach(teacher(), [own])).toMatchObject({ notified: 0, unreachable: [], withoutGuardian: [] });
  const written = (userId: string) => db().notification.count({ where: { userId } });
  await absent(own);
  expect(await written(guardian(3).id)).toBe(0);
  expect(await written(student(4).id)).toBe(1);
  await absent({ studentId: student(4).id });
  expect(await written(guardian(3).id)).toBe(1);
});
