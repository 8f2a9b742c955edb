// Between news and its push anything may happen: each test lets it happen at the worst moment.
import { describe, expect, it, vi } from "vitest";
import { db } from "@/lib/platform/db/client";
import { vapidKeys } from "@/lib/platform/runtime/secrets";
import { absenceData, drain, eventOf, type TestDispatcherOptions } from "@/tests/support/notification-scene";
import { pushScene } from "@/tests/support/push-scene";
import { contextOf } from "@/tests/support/school";
import { deviceCookie, forgetDevice } from "./devices/device-cookie";
import { renewSubscription } from "./devices/renew-subscription";
import { savePreferences } from "./preferences/save-preferences";
import { sendTestAlert } from "./channels/web-push/send-test-alert";

// Before the configuration is read, which happens once.
vi.stubEnv("PUSH_ENDPOINT_ALLOWLIST", "localhost");
const { service, vapid, school, student, guardian, phoneOf, tell, absent, dispatcher, send, deliveriesTo } = pushScene({
  vapid: vapidKeys(),
  students: 2,
  guardiansOf: [0, 0],
});

/** For a dispatcher: the first send is followed by `then`, before anything else happens. */
function interruptedBy(then: () => Promise<unknown>): Pick<TestDispatcherOptions, "aroundSend"> {
  let sends = 0;
  return {
    async aroundSend(sendOne) {
      const result = await sendOne();
      sends += 1;
      if (sends === 1) await then();
      return result;
    },
  };
}

describe("a push that waits", () => {
  it("is not sent again to a person who switched the channel off while it was being sent", async () => {
    const phone = await phoneOf();
    service.fault(phone.token, { status: 503 });
    await absent();
    let now = new Date();
    const off = () => savePreferences(contextOf(guardian()), { categories: { absence: { webPush: false } } });
    const sending = dispatcher({ ...interruptedBy(off), clock: () => now });
    await drain(sending);
    expect(await deliveriesTo(phone.id)).toMatchObject([{ state: "PENDING" }]);
    now = new Date(now.getTime() + 60_000);
    await drain(sending);
    await sending.close();
    expect(await deliveriesTo(phone.id)).toMatchObject([{ state: "SUPPRESSED", reason: "preference_off" }]);
    expect(service.receivedBy(phone.token)).toEqual([]);
  });

  it("is not sent when it was written after the channel was switched off, from what was read before", async () => {
    const phone = await phoneOf();
    await absent();
    // As a consumer leaves it that read `on` before the change and committed after it.
    await db().notificationPreference.create({
      data: { userId: guardian().id, category: "ABSENCE", channel: "webPush", enabled: false },
    });
    const test = await sendTestAlert(contextOf(guardian()), { id: phone.id });
    await send();
    // Only the test that its person asked for.
    const got = service.receivedBy(phone.token).map(({ plaintext }) => JSON.parse(plaintext).notification.data.id);
    expect(got).toEqual([test.id]);
  });

  it.each([
    ["a retry", "2026-11-18T19:59:00Z", "2026-11-18T20:01:00Z", [{ status: 503, retryAfter: "90" }]],
    ["a late claim", null, "2026-11-18T21:00:00Z", []],
  ])("does not ring in quiet hours: %s", async (_, firstTry, inQuietHours, faults) => {
    const phone = await phoneOf();
    service.fault(phone.token, ...faults);
    await savePreferences(contextOf(guardian()), {
      quietHours: { start: "21:00", end: "06:00", timeZone: "Europe/Prague" },
    });
    let now = new Date("2026-11-18T19:59:00Z");
    await absent({}, now);
    const sending = dispatcher({ clock: () => now });
    if (firstTry) await drain(sending);
    now = new Date(inQuietHours);
    await drain(sending);
    const end = new Date("2026-11-19T05:00:00Z");
    expect(await deliveriesTo(phone.id)).toMatchObject([{ state: "PENDING", reason: "quiet_hours", notBefore: end }]);
    expect(service.receivedBy(phone.token)).toEqual([]);
    // Still worth telling when they end, though the day of the news is over.
    now = end;
    await sending.sweep();
    await drain(sending);
    await sending.close();
    expect(await deliveriesTo(phone.id)).toMatchObject([{ state: "ACCEPTED" }]);
    expect(service.receivedBy(phone.token)).toMatchObject([{ urgency: "normal" }]);
  });

  it("lets a test through quiet hours", async () => {
    const phone = await phoneOf();
    await savePreferences(contextOf(guardian()), {
      quietHours: { start: "00:00", end: "23:59", timeZone: "Europe/Prague" },
    });
    const now = new Date("2026-11-18T20:00:00Z");
    await sendTestAlert({ ...contextOf(guardian()), now }, { id: phone.id });
    await send({ clock: () => now });
    expect(service.receivedBy(phone.token)).toHaveLength(1);
  });

  it.each([
    [
      "is no longer guardian of the student",
      () => db().guardianship.deleteMany({ where: { guardianId: guardian().id } }),
    ],
    ["has no account any more", () => db().user.update({ where: { id: guardian().id }, data: { active: false } })],
    [
      "is guardian of a student who left",
      () => db().user.update({ where: { id: student().id }, data: { active: false } }),
    ],
  ])("is not sent to a person who %s", async (_, happens) => {
    const phone = await phoneOf();
    const others = await phoneOf(guardian(1));
    await absent();
    await happens();
    await send();
    expect(await deliveriesTo(phone.id)).toMatchObject([{ state: "SUPPRESSED", reason: "not_entitled" }]);
    expect(service.receivedBy(phone.token)).toEqual([]);
    const studentLeft = (await db().user.findUniqueOrThrow({ where: { id: student().id } })).active === false;
    expect(service.receivedBy(others.token)).toHaveLength(studentLeft ? 0 : 1);
  });

  it("is sent to a person whose session is over: nobody signed out", async () => {
    const phone = await phoneOf();
    const past = new Date(Date.now() - 86_400_000);
    const session = { id: `session-${guardian().id}`, userId: guardian().id, schoolId: school().school.id };
    await db().authSession.create({ data: { ...session, expiresAt: past } });
    await absent();
    await send();
    expect(service.receivedBy(phone.token)).toHaveLength(1);
  });
});

describe("between two sends to one browser", () => {
  it.each([
    [
      "its person signed out",
      (id: string) => forgetDevice({ requestId: "request-1", now: new Date(), source: "api" }, deviceCookie(id)),
      { state: "GONE", reason: "subscription_removed" },
    ],
    [
      "it moved to another person",
      (id: string) => db().pushSubscription.update({ where: { id }, data: { userId: guardian(1).id } }),
      { state: "GONE", reason: "subscription_removed" },
    ],
    [
      "its person switched the channel off",
      () => savePreferences(contextOf(guardian()), { categories: { absence: { webPush: false } } }),
      { state: "SUPPRESSED", reason: "preference_off" },
    ],
    [
      "its person read it",
      () => db().notification.updateMany({ where: { userId: guardian().id }, data: { readAt: new Date() } }),
      { state: "SUPPRESSED", reason: "read" },
    ],
  ])("the second is not sent when %s", async (_, happens, outcome) => {
    const phone = await phoneOf();
    await absent();
    await absent();
    await send(interruptedBy(() => happens(phone.id)));
    expect(service.requestsTo(phone.token)).toHaveLength(1);
    expect(await deliveriesTo(phone.id)).toMatchObject([{ state: "ACCEPTED" }, outcome]);
  });

  it("an alert that was corrected is not sent after its correction was written", async () => {
    const phone = await phoneOf();
    await absent();
    const data = absenceData(student());
    await tell(eventOf("attendance_marked_absent", data));
    const corrected = { ...data, version: 2, from: "ABSENT", to: "PRESENT" } as const;
    const correct = () => tell(eventOf("attendance_corrected", corrected));
    await send(interruptedBy(correct));
    const revisions = service.receivedBy(phone.token).map(({ plaintext }) => JSON.parse(plaintext).notification.data);
    expect(revisions.map(({ revision }) => revision)).toEqual([1, 2]);
    expect((await deliveriesTo(phone.id)).map(({ state }) => state)).toEqual(["ACCEPTED", "SUPPRESSED", "ACCEPTED"]);
  });

  it("a new address from the browser gets all that the old one did not", async () => {
    const phone = await phoneOf();
    await absent();
    await absent();
    service.expire(phone.token);
    const fresh = service.subscribe(vapid.publicKey);
    const input = { ...fresh.json, userAgent: null, device: phone.id };
    await send(interruptedBy(() => renewSubscription(contextOf(guardian()), input)));
    expect(service.receivedBy(fresh.token)).toHaveLength(2);
    expect((await deliveriesTo(phone.id)).map(({ state }) => state)).toEqual(["ACCEPTED", "ACCEPTED"]);
  });
});
