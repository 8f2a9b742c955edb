import { describe, expect, it } from "vitest";
import { db } from "@/lib/platform/db/client";
import { absenceData, drain, eventOf } from "@/tests/support/notification-scene";
import { pushScene } from "@/tests/support/push-scene";
import { at, buildSchool, contextOf } from "@/tests/support/school";
import { getInbox } from "../inbox/inbox";
import { markAllRead, markRead, undoMarkAllRead } from "../inbox/mark-read";
import { listNotifications, shellUnread } from "../queries";
import { savePreferences } from "../preferences/save-preferences";

const { service, school, student, guardian, phoneOf, tell, absent, dispatcher, send } = pushScene({
  students: 2,
  guardiansOf: [0],
});

const corrected = (data: ReturnType<typeof absenceData>) =>
  eventOf("attendance_corrected", { ...data, version: data.version + 1, from: "ABSENT" as const, to: "LATE" as const });
const pushStates = async (userId: string) => {
  const rows = await db().notificationDelivery.findMany({
    where: { notification: { userId } },
    select: { state: true, reason: true, notification: { select: { revision: true } } },
    orderBy: [{ notification: { revision: "asc" } }, { id: "asc" }],
  });
  return rows.map(({ state, reason, notification }) => [notification.revision, state, reason]);
};

describe("notifications from events", () => {
  it("tell student and guardian once, however often the event comes", async () => {
    const event = eventOf("attendance_marked_absent", absenceData(student()));
    const outcomes = await Promise.all([tell(event), tell(event), tell(event)]);
    expect(outcomes.filter(({ kind }) => kind === "done")).toHaveLength(1);
    expect(await db().notification.count({ where: { eventId: event.id } })).toBe(2);
    expect((await listNotifications(contextOf(guardian()), { locale: "en", limit: 50 })).items).toMatchObject([
      { category: "absence", title: "Student was absent from Physics", body: "PH101.1, Wed 18 Nov, 11:00" },
    ]);
    expect((await listNotifications(contextOf(student()), { locale: "en", limit: 50 })).items).toMatchObject([
      { title: "You were absent from Physics", readAt: null },
    ]);
  });

  it("store no names", async () => {
    await absent();
    const stored = JSON.stringify(await db().notification.findMany({ where: { userId: guardian().id } }));
    expect(stored).not.toContain(student().familyName);
    expect(stored).not.toContain(student().email);
  });

  it("are set aside when the event names a student of another school", async () => {
    const other = await buildSchool(db());
    const data = absenceData(student(), { schoolId: other.school.id });
    expect(await tell(eventOf("attendance_marked_absent", data))).toMatchObject({ kind: "dead" });
  });

  it("send only the newest when the correction came before the alert was sent", async () => {
    const phone = await phoneOf();
    const data = absenceData(student());
    await tell(eventOf("attendance_marked_absent", data));
    await tell(corrected(data));
    expect(await pushStates(guardian().id)).toEqual([
      [1, "SUPPRESSED", "superseded"],
      [2, "PENDING", null],
    ]);
    await send();
    expect(service.receivedBy(phone.token)).toHaveLength(1);
  });

  it("send only the newest when an alert and its correction come at the same moment", async () => {
    const phone = await phoneOf();
    const records = Array.from({ length: 8 }, () => absenceData(student()));
    await Promise.all(
      records.flatMap((data) => [tell(eventOf("attendance_marked_absent", data)), tell(corrected(data))]),
    );
    await send();
    expect(await pushStates(guardian().id)).toEqual([
      ...records.map(() => [1, "SUPPRESSED", "superseded"]),
      ...records.map(() => [2, "ACCEPTED", null]),
    ]);
    expect(service.receivedBy(phone.token)).toHaveLength(records.length);
  });

  it("do not let an alert that comes after its correction replace it", async () => {
    const phone = await phoneOf();
    const data = absenceData(student());
    await tell(corrected(data));
    await tell(eventOf("attendance_marked_absent", data));
    await send();
    expect(await pushStates(guardian().id)).toEqual([
      [1, "SUPPRESSED", "superseded"],
      [2, "ACCEPTED", null],
    ]);
    expect(service.receivedBy(phone.token)).toHaveLength(1);
  });

  it("give an alert and its correction one topic, another record another", async () => {
    const phone = await phoneOf();
    const sending = dispatcher();
    const data = absenceData(student());
    for (const event of [
      eventOf("attendance_marked_absent", data),
      corrected(data),
      eventOf("attendance_marked_absent", absenceData(student())),
    ]) {
      await tell(event);
      await drain(sending);
    }
    await sending.close();
    const topics = service.receivedBy(phone.token).map(({ topic }) => topic);
    expect(topics).toHaveLength(3);
    expect(topics[0]).toBe(topics[1]);
    expect(topics[2]).not.toBe(topics[0]);
  });

  it("leave the reason where a channel is off or there is no device", async () => {
    await savePreferences(contextOf(guardian()), { categories: { absence: { webPush: false, inApp: false } } });
    await phoneOf();
    await absent();
    expect(await pushStates(guardian().id)).toEqual([[1, "SUPPRESSED", "preference_off"]]);
    expect(await pushStates(student().id)).toEqual([[1, "SUPPRESSED", "no_device"]]);
    expect((await listNotifications(contextOf(guardian()), { locale: "en", limit: 50 })).items).toEqual([]);
    expect(await shellUnread(contextOf(guardian()))).toBe(0);
  });

  it("wait for the end of quiet hours", async () => {
    const phone = await phoneOf();
    await savePreferences(contextOf(guardian()), {
      quietHours: { start: "21:00", end: "06:00", timeZone: "Europe/Prague" },
    });
    let now = new Date("2026-11-18T21:00:00Z");
    await absent({}, now);
    const sending = dispatcher({ clock: () => now });
    await drain(sending);
    expect(await pushStates(guardian().id)).toEqual([[1, "PENDING", "quiet_hours"]]);
    now = new Date("2026-11-19T05:00:01Z");
    await sending.sweep();
    await drain(sending);
    await sending.close();
    expect(service.receivedBy(phone.token)).toHaveLength(1);
  });

  it("leave as one push for the daily summary, on each device", async () => {
    const phones = [await phoneOf(), await phoneOf()];
    await savePreferences(contextOf(guardian()), { digest: "daily" });
    let now = new Date("2026-11-18T10:00:00Z");
    for (let n = 0; n < 5; n += 1) await absent({}, now);
    const sending = dispatcher({ clock: () => now, concurrency: 3 });
    await drain(sending);
    expect(phones.flatMap(({ token }) => service.receivedBy(token))).toEqual([]);
    now = new Date("2026-11-18T17:00:01Z");
    await drain(sending);
    await sending.close();
    for (const { token } of phones) {
      const messages = service.receivedBy(token);
      expect(messages.map(({ plaintext }) => JSON.parse(plaintext).notification.body)).toEqual([
        "New updates. Open CampusOS for details.",
      ]);
      expect(JSON.parse(at(messages, 0).plaintext).notification.navigate).toBe("https://campus.example/inbox");
    }
    expect((await pushStates(guardian().id)).map(([, state]) => state)).toEqual(Array(10).fill("ACCEPTED"));
  });

  it("that wait are not sent once the channel is switched off", async () => {
    await phoneOf();
    await savePreferences(contextOf(guardian()), { digest: "daily" });
    await absent();
    await savePreferences(contextOf(guardian()), { categories: { absence: { webPush: false } } });
    expect(await pushStates(guardian().id)).toEqual([[1, "SUPPRESSED", "preference_off"]]);
  });

  it("tell the student alone of an enrollment and a drop", async () => {
    const data = {
      enrollmentId: "enrollment-1",
      studentId: student().id,
      sectionId: "section-1",
      sectionCode: "PH101.1",
      sectionTitle: "Physics",
      schoolId: school().school.id,
    };
    await tell(eventOf("student_enrolled", { ...data, status: "ENROLLED" }));
    await tell(eventOf("student_dropped", { ...data, status: "DROPPED" }));
    const { items } = await listNotifications(contextOf(student()), { locale: "en", limit: 50 });
    expect(items.map(({ title }) => title).sort()).toEqual([
      "You are enrolled in Physics",
      "You are no longer enrolled in Physics",
    ]);
    // What they have just done themselves is no news to them.
    expect(items.map(({ readAt }) => readAt === null)).toEqual([false, false]);
    expect(await shellUnread(contextOf(student()))).toBe(0);
    await tell(eventOf("waitlist_promoted", { ...data, enrollmentId: "enrollment-2", status: "ENROLLED" }));
    expect(await shellUnread(contextOf(student()))).toBe(1);
    expect(await db().notification.count({ where: { userId: guardian().id } })).toBe(0);
  });
});

describe("the inbox", () => {
  it("shows an alert and its correction as one thing, read together", async () => {
    const data = absenceData(student());
    await tell(eventOf("attendance_marked_absent", data));
    await tell(corrected(data));
    const ctx = contextOf(guardian());
    const { threads, unread } = await getInbox(ctx, { locale: "en", unread: false, studentId: null, cursor: null });
    expect(unread).toBe(1);
    expect(threads).toMatchObject([
      { title: "Correction: Student was late to Physics", unread: true, corrections: [{ from: "ABSENT", to: "LATE" }] },
    ]);
    expect(await shellUnread(contextOf(guardian()))).toBe(1);
    expect((await listNotifications(ctx, { locale: "en", limit: 50 })).unread).toBe(2);
    await markRead(ctx, { id: at(threads, 0).id });
    expect((await listNotifications(ctx, { locale: "en", limit: 50 })).unread).toBe(0);
  });

  it("takes back what was marked at once", async () => {
    for (let n = 0; n < 3; n += 1) await absent();
    const ctx = contextOf(guardian());
    const [first] = (await listNotifications(ctx, { locale: "en", limit: 50 })).items;
    await markRead(ctx, { id: first?.id ?? "" });
    const later = { ...ctx, now: new Date(ctx.now.getTime() + 5) };
    const { markedAt, count } = await markAllRead(later);
    expect(count).toBe(2);
    for (const never of ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
      await undoMarkAllRead(ctx, { markedAt: never });
    await undoMarkAllRead(ctx, { markedAt });
    expect((await listNotifications(ctx, { locale: "en", limit: 50 })).unread).toBe(2);
  });

  it("goes on page by page without losing or repeating anything", async () => {
    for (let n = 0; n < 7; n += 1) await absent();
    const ctx = contextOf(guardian());
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listNotifications(ctx, { locale: "en", limit: 3, cursor });
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(ids).size).toBe(7);
    expect(ids).toHaveLength(7);
    const threads: string[] = [];
    for (let next: string | null = null, first = true; first || next !== null; first = false) {
      const page: Awaited<ReturnType<typeof getInbox>> = await getInbox(ctx, {
        locale: "en",
        unread: false,
        studentId: null,
        cursor: next,
        limit: 2,
      });
      threads.push(...page.threads.map(({ id }) => id));
      next = page.nextCursor;
    }
    expect(threads.sort()).toEqual(ids.sort());
  });

  it("hides what is about a student whose guardian the person no longer is", async () => {
    await absent();
    const ctx = contextOf(guardian());
    const [item] = (await listNotifications(ctx, { locale: "en", limit: 50 })).items;
    await db().guardianship.deleteMany({ where: { guardianId: guardian().id } });
    expect(await listNotifications(ctx, { locale: "en", limit: 50 })).toMatchObject({ items: [], unread: 0 });
    expect(await shellUnread(contextOf(guardian()))).toBe(0);
    await expect(markRead(ctx, { id: item?.id ?? "" })).rejects.toMatchObject({ code: "not_found" });
  });
});
