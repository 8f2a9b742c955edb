import { expect, it } from "vitest";
import { db } from "@/lib/platform/db/client";
import type { EventData } from "@/lib/shared/events";
import { newId } from "@/lib/shared/ids";
import { dateText } from "@/lib/shared/time";
import { eventOf } from "@/tests/support/notification-scene";
import { pushScene } from "@/tests/support/push-scene";
import { at, contextOf } from "@/tests/support/school";
import { listNotifications } from "../queries";

const { school, student, guardian, tell } = pushScene({ students: 2, teachers: 2, guardiansOf: [0] });

const DAY = 86_400_000;
const dayIn = (days: number) => dateText(new Date(Date.now() + days * DAY));
const change = (more: Partial<EventData<"class_session_cancelled">> = {}): EventData<"class_session_cancelled"> => ({
  classSessionId: newId(),
  version: 1,
  sectionId: newId(),
  sectionCode: "PH101.1",
  sectionTitle: "Physics",
  schoolId: school().school.id,
  date: "2999-11-26",
  startsAt: "2999-11-26T11:00:00+01:00",
  endsAt: "2999-11-26T11:50:00+01:00",
  location: "B204",
  changedById: at(school().teachers, 0).id,
  studentIds: [student().id],
  teacherIds: [at(school().teachers, 0).id, at(school().teachers, 1).id],
  ...more,
});
const titles = async (person: Parameters<typeof contextOf>[0]) =>
  (await listNotifications(contextOf(person), { locale: "en", limit: 50 })).items.map(({ title, category }) => [
    category,
    title,
  ]);
const count = (eventId: string) => db().notification.count({ where: { eventId } });

it("tells the people of a class once that it is cancelled, but not whoever did it", async () => {
  const event = eventOf("class_session_cancelled", change());
  expect(await tell(event)).toEqual({ kind: "done" });
  await tell(event);
  expect(await count(event.id)).toBe(3);
  expect(await titles(student())).toEqual([["classChange", "Physics on Tue 26 Nov is cancelled"]]);
  expect(await titles(guardian())).toEqual([["classChange", "Student’s Physics class on Tue 26 Nov is cancelled"]]);
  expect(await titles(at(school().teachers, 1))).toHaveLength(1);
  expect(await titles(at(school().teachers, 0))).toEqual([]);
});

it("tells nobody of a class that was over", async () => {
  const event = eventOf("class_session_cancelled", change({ endsAt: "2020-11-26T11:50:00+01:00" }));
  expect(await tell(event)).toMatchObject({ kind: "skip" });
  expect(await count(event.id)).toBe(0);
});

it("makes one message a person of a day off, and none of one that is far ahead or over", async () => {
  const dayOff = (startsOn: string, endsOn = startsOn) => ({
    dayOffId: newId(),
    version: 1,
    schoolId: school().school.id,
    startsOn,
    endsOn,
    title: "Founders’ Day",
    changedById: school().admin.id,
  });
  const soon = eventOf("school_day_off_added", dayOff(dayIn(3)));
  expect(await tell(soon)).toEqual({ kind: "done" });
  // Two students, a guardian, two teachers; not the office.
  expect(await count(soon.id)).toBe(5);
  for (const days of [dayOff(dayIn(30)), dayOff(dayIn(-5), dayIn(-3))])
    expect(await tell(eventOf("school_day_off_added", days))).toMatchObject({ kind: "skip" });
});
