// Between news and its push anything may happen: each test lets it happen at the worst moment.
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { db } from "@/lib/platform/db";
import { vapidKeys } from "@/lib/platform/secrets";
import { deliver } from "@/lib/platform/events/deliver";
import { absenceData, addSubscription, dispatcherFor, drain, eventOf } from "@/tests/support/notification-scene";
import { PushService } from "@/tests/support/push-service";
import { at, buildSchool, contextOf, type TestSchool } from "@/tests/support/school";
import { notificationConsumer } from "./consumer";
import { deviceCookie, forgetDevice } from "./device-cookie";
import { renewSubscription } from "./renew-subscription";
import { savePreferences } from "./save-preferences";
import { sendTestAlert } from "./send-test-alert";
import { createPushTransport, type PushTransport } from "./transport";

// Before the configuration is read, which happens once.
vi.stubEnv("PUSH_ENDPOINT_ALLOWLIST", "localhost");
const vapid = vapidKeys();
const service = new PushService();
let scene: TestSchool;

beforeAll(() => service.start());
afterAll(() => service.stop());
beforeEach(async () => {
  scene = await buildSchool(db(), { students: 2, guardiansOf: [0, 0] });
});

const student = () => at(scene.students, 0);
const guardian = () => at(scene.guardians, 0);
const phoneOf = (person = guardian()) => addSubscription(db(), service, person, vapid);
const absent = (now?: Date, overrides = {}) =>
  deliver(notificationConsumer, eventOf("attendance_marked_absent", absenceData(student(), overrides)), {
    client: db(),
    ...(now ? { now: () => now } : {}),
  });
const states = (subscriptionId: string) =>
  db().notificationDelivery.findMany({
    where: { subscriptionId },
    select: { state: true, reason: true, notBefore: true },
    orderBy: { id: "asc" },
  });

/** A dispatcher whose first send is followed by `then`, before anything else happens. */
function interrupted(then: () => Promise<unknown>, clock?: () => Date) {
  const real = createPushTransport({ vapid, allowlist: ["localhost"], ca: service.certificate.cert });
  let sends = 0;
  const transport: PushTransport = {
    ...real,
    async send(message) {
      const result = await real.send(message);
      sends += 1;
      if (sends === 1) await then();
      return result;
    },
  };
  const dispatcher = dispatcherFor(db(), service, vapid, { transport, ...(clock ? { clock } : {}) });
  return {
    ...dispatcher,
    async close() {
      await dispatcher.close();
      real.close();
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
    const dispatcher = interrupted(off, () => now);
    await drain(dispatcher);
    expect(await states(phone.id)).toMatchObject([{ state: "PENDING" }]);
    now = new Date(now.getTime() + 60_000);
    await drain(dispatcher);
    await dispatcher.close();
    expect(await states(phone.id)).toMatchObject([{ state: "SUPPRESSED", reason: "preference_off" }]);
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
    const dispatcher = dispatcherFor(db(), service, vapid);
    await drain(dispatcher);
    await dispatcher.close();
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
    await absent(now);
    const dispatcher = dispatcherFor(db(), service, vapid, { clock: () => now });
    if (firstTry) await drain(dispatcher);
    now = new Date(inQuietHours);
    await drain(dispatcher);
    const end = new Date("2026-11-19T05:00:00Z");
    expect(await states(phone.id)).toEqual([{ state: "PENDING", reason: "quiet_hours", notBefore: end }]);
    expect(service.receivedBy(phone.token)).toEqual([]);
    // Still worth telling when they end, though the day of the news is over.
    now = end;
    await dispatcher.sweep();
    await drain(dispatcher);
    await dispatcher.close();
    expect(await states(phone.id)).toMatchObject([{ state: "ACCEPTED" }]);
    expect(service.receivedBy(phone.token)).toMatchObject([{ urgency: "normal" }]);
  });

  it("lets a test through quiet hours", async () => {
    const phone = await phoneOf();
    await savePreferences(contextOf(guardian()), {
      quietHours: { start: "00:00", end: "23:59", timeZone: "Europe/Prague" },
    });
    const now = new Date("2026-11-18T20:00:00Z");
    await sendTestAlert({ ...contextOf(guardian()), now }, { id: phone.id });
    const dispatcher = dispatcherFor(db(), service, vapid, { clock: () => now });
    await drain(dispatcher);
    await dispatcher.close();
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
    const others = await phoneOf(at(scene.guardians, 1));
    await absent();
    await happens();
    const dispatcher = dispatcherFor(db(), service, vapid);
    await drain(dispatcher);
    await dispatcher.close();
    expect(await states(phone.id)).toMatchObject([{ state: "SUPPRESSED", reason: "not_entitled" }]);
    expect(service.receivedBy(phone.token)).toEqual([]);
    const studentLeft = (await db().user.findUniqueOrThrow({ where: { id: student().id } })).active === false;
    expect(service.receivedBy(others.token)).toHaveLength(studentLeft ? 0 : 1);
  });

  it("is sent to a person whose session is over: nobody signed out", async () => {
    const phone = await phoneOf();
    const past = new Date(Date.now() - 86_400_000);
    const session = { id: `session-${guardian().id}`, userId: guardian().id, schoolId: scene.school.id };
    await db().authSession.create({ data: { ...session, expiresAt: past } });
    await absent();
    const dispatcher = dispatcherFor(db(), service, vapid);
    await drain(dispatcher);
    await dispatcher.close();
    expect(service.receivedBy(phone.token)).toHaveLength(1);
  });
});

describe("between two sends to one browser", () => {
  it.each([
    [
      "its person signed out",
      (id: string) => forgetDevice({ requestId: "request-1", now: new Date(), source: "api" }, deviceCookie(id, false)),
      { state: "GONE", reason: "subscription_removed" },
    ],
    [
      "it moved to another person",
      (id: string) => db().pushSubscription.update({ where: { id }, data: { userId: at(scene.guardians, 1).id } }),
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
    const dispatcher = interrupted(() => happens(phone.id));
    await drain(dispatcher);
    await dispatcher.close();
    expect(service.requestsTo(phone.token)).toHaveLength(1);
    expect(await states(phone.id)).toMatchObject([{ state: "ACCEPTED" }, outcome]);
  });

  it("an alert that was corrected is not sent after its correction was written", async () => {
    const phone = await phoneOf();
    await absent();
    const data = absenceData(student());
    await deliver(notificationConsumer, eventOf("attendance_marked_absent", data), { client: db() });
    const corrected = { ...data, version: 2, from: "ABSENT", to: "PRESENT" } as const;
    const correct = () => deliver(notificationConsumer, eventOf("attendance_corrected", corrected), { client: db() });
    const dispatcher = interrupted(correct);
    await drain(dispatcher);
    await dispatcher.close();
    const revisions = service.receivedBy(phone.token).map(({ plaintext }) => JSON.parse(plaintext).notification.data);
    expect(revisions.map(({ revision }) => revision)).toEqual([1, 2]);
    expect((await states(phone.id)).map(({ state }) => state)).toEqual(["ACCEPTED", "SUPPRESSED", "ACCEPTED"]);
  });

  it("a new address from the browser gets all that the old one did not", async () => {
    const phone = await phoneOf();
    await absent();
    await absent();
    service.expire(phone.token);
    const fresh = service.subscribe(vapid.publicKey);
    const input = { ...fresh.json, userAgent: null, device: phone.id };
    const dispatcher = interrupted(() => renewSubscription(contextOf(guardian()), input));
    await drain(dispatcher);
    await dispatcher.close();
    expect(service.receivedBy(fresh.token)).toHaveLength(2);
    expect((await states(phone.id)).map(({ state }) => state)).toEqual(["ACCEPTED", "ACCEPTED"]);
  });
});
