// What a dispatcher sends, and what it makes of each answer of a push service.
import { describe, expect, it } from "vitest";
import { db } from "@/lib/platform/db/client";
import { eventually } from "@/tests/support/eventually";
import { absenceData, drain, eventOf } from "@/tests/support/notification-scene";
import { pushScene } from "@/tests/support/push-scene";
import { at, contextOf } from "@/tests/support/school";
import { savePreferences } from "../preferences/save-preferences";

const PATIENCE = { timeoutMs: 30_000 };
const { service, student, guardian, phoneOf, tell, absent, dispatcher, send, deliveriesTo } = pushScene({
  students: 2,
  guardiansOf: [0, 0, 1],
});

describe("the push dispatcher", () => {
  it("tells the student and each guardian once, encrypted, without personal data, all of one length", async () => {
    const phones: Awaited<ReturnType<typeof phoneOf>>[] = [];
    for (const person of [student(), guardian(0), guardian(1), guardian(2)]) phones.push(await phoneOf(person));
    const event = eventOf("attendance_marked_absent", absenceData(student()));
    await tell(event);
    await tell(event);
    await send();
    const got = phones.map(({ token }) => service.receivedBy(token));
    expect(got.map((messages) => messages.length)).toEqual([1, 1, 1, 0]);
    const message = at(at(got, 1), 0);
    expect(message.plaintext).toHaveLength(512);
    expect(message.urgency).toBe("high");
    expect(message.ttlSeconds).toBeLessThanOrEqual(25 * 3_600);
    const id = (await db().notification.findFirstOrThrow({ where: { userId: guardian().id } })).id;
    expect(JSON.parse(message.plaintext)).toEqual({
      web_push: 8030,
      notification: {
        title: "CampusOS",
        body: "Attendance update. Open CampusOS for details.",
        navigate: `https://campus.example/n/${id}`,
        tag: message.topic,
        lang: "en",
        data: { id, revision: 1 },
      },
      mutable: true,
    });
    expect(message.plaintext).not.toMatch(/Student|Number|Physics|absent/i);
    expect(await deliveriesTo(at(phones, 1).id)).toMatchObject([{ state: "ACCEPTED", attempts: 1 }]);
  });

  it("deletes a subscription that is gone and closes what waits for it, the other device goes on", async () => {
    const dead = await phoneOf();
    const alive = await phoneOf();
    service.expire(dead.token);
    await absent();
    await absent();
    await send();
    expect(await db().pushSubscription.findUnique({ where: { id: dead.id } })).toBeNull();
    expect((await deliveriesTo(dead.id)).map(({ state }) => state)).toEqual(["GONE", "GONE"]);
    expect(service.requestsTo(dead.token)).toHaveLength(1);
    expect(service.receivedBy(alive.token)).toHaveLength(2);
  });

  it.each([
    ["401, our key is refused", { status: 401 }, "status_401"],
    ["403, our key is refused", { status: 403 }, "status_403"],
    ["400, our mistake", { status: 400 }, "status_400"],
    ["413, our mistake", { status: 413 }, "status_413"],
    ["a redirect, which is not followed", { status: 307, location: "http://127.0.0.1:9/" }, "status_307"],
  ])("gives up at once and keeps the subscription on %s", async (_, fault, reason) => {
    const phone = await phoneOf();
    service.fault(phone.token, fault);
    await absent();
    await send();
    expect(await deliveriesTo(phone.id)).toMatchObject([{ state: "DEAD", reason, attempts: 1 }]);
    expect(await db().pushSubscription.findUnique({ where: { id: phone.id } })).not.toBeNull();
    expect(service.requestsTo(phone.token)).toHaveLength(1);
  });

  it.each([
    ["429 with Retry-After", { status: 429, retryAfter: "120" }, 120_000],
    ["503 with Retry-After", { status: 503, retryAfter: "30" }, 30_000],
    ["500", { status: 500 }, 500],
    ["a reset before it was read", { resetBeforeReading: true as const }, 500],
    ["a reset after it was read", { resetAfterReading: true as const }, 500],
  ])("tries again after %s", async (_, fault, waitMs) => {
    const phone = await phoneOf();
    service.fault(phone.token, fault);
    await absent();
    let now = new Date();
    const sending = dispatcher({ clock: () => now });
    await drain(sending);
    const [waiting] = await deliveriesTo(phone.id);
    expect(waiting).toMatchObject({ state: "PENDING", attempts: 1 });
    expect((waiting?.notBefore.getTime() ?? 0) - now.getTime()).toBeGreaterThanOrEqual(waitMs);
    now = new Date(now.getTime() + waitMs + 1_000);
    await drain(sending);
    await sending.close();
    expect(await deliveriesTo(phone.id)).toMatchObject([{ state: "ACCEPTED", attempts: 2 }]);
    expect(service.receivedBy(phone.token)).toHaveLength(1);
  });

  it("repeats with the same Topic when the answer was lost", async () => {
    const phone = await phoneOf();
    service.fault(phone.token, { acceptedThenReset: true });
    await absent();
    let now = new Date();
    const sending = dispatcher({ clock: () => now });
    await drain(sending);
    now = new Date(now.getTime() + 2_000);
    await drain(sending);
    await sending.close();
    const messages = service.receivedBy(phone.token);
    expect(messages).toHaveLength(2);
    expect(new Set(messages.map(({ topic }) => topic)).size).toBe(1);
    expect(new Set(messages.map(({ plaintext }) => plaintext)).size).toBe(1);
  });

  it("gives up on a service that does not answer in time and tries again", async () => {
    const phone = await phoneOf();
    service.fault(phone.token, { hang: true });
    await absent();
    await send({ transportOptions: { timeoutMs: 200 } });
    expect(await deliveriesTo(phone.id)).toMatchObject([{ state: "PENDING", attempts: 1 }]);
    // The one that answers is given all the time it needs.
    await send({ clock: () => new Date(Date.now() + 60_000) });
    expect(service.receivedBy(phone.token)).toHaveLength(1);
    service.release();
    expect(await deliveriesTo(phone.id)).toMatchObject([{ state: "ACCEPTED", attempts: 2 }]);
  });

  it("keeps trying until the news is not worth sending any more, then stops", async () => {
    const phone = await phoneOf();
    service.fault(phone.token, ...Array.from({ length: 500 }, () => ({ status: 503 })));
    await absent();
    let now = new Date();
    const sending = dispatcher({ clock: () => now });
    const left = () => db().notificationDelivery.findFirstOrThrow({ where: { subscriptionId: phone.id } });
    for (let row = await left(); row.state === "PENDING"; row = await left()) {
      now = new Date(Math.max(now.getTime(), row.notBefore.getTime()) + 1);
      await sending.sweep();
      await drain(sending);
    }
    await sending.close();
    const row = await left();
    expect(row).toMatchObject({ state: "DEAD", reason: "expired_status_503" });
    expect(row.attempts).toBeGreaterThan(3);
    expect(now.getTime()).toBeLessThanOrEqual(row.expiresAt.getTime());
  });

  it("lets nothing of one slow endpoint delay the others", async () => {
    const slow = await phoneOf();
    const others: Awaited<ReturnType<typeof phoneOf>>[] = [];
    for (let n = 0; n < 5; n += 1) others.push(await phoneOf(student()));
    service.fault(slow.token, { hang: true });
    for (let n = 0; n < 4; n += 1) await absent();
    const sending = dispatcher({ perHost: 2, pollMs: 10 });
    sending.start();
    await eventually(() => others.every(({ token }) => service.receivedBy(token).length === 4), PATIENCE);
    expect(service.receivedBy(slow.token)).toHaveLength(0);
    service.release();
    await eventually(async () => (await deliveriesTo(slow.id)).every(({ state }) => state === "ACCEPTED"), PATIENCE);
    expect(service.receivedBy(slow.token)).toHaveLength(4);
    await sending.close();
  }, 90_000);

  it("sends nothing to a browser that moved to another person, or was made for another key", async () => {
    const moved = await phoneOf();
    const rotated = await phoneOf();
    await absent();
    await db().pushSubscription.update({ where: { id: moved.id }, data: { userId: guardian(2).id } });
    await db().pushSubscription.update({ where: { id: rotated.id }, data: { vapidPublicKey: "older" } });
    await send();
    expect(await deliveriesTo(moved.id)).toMatchObject([{ state: "GONE", reason: "subscription_removed" }]);
    expect(await deliveriesTo(rotated.id)).toMatchObject([{ state: "DEAD", reason: "vapid_key_changed" }]);
    expect(service.requestsTo(moved.token)).toHaveLength(0);
  });

  it("leaves what another channel sends alone, and so does switching pushes off", async () => {
    const phone = await phoneOf();
    await absent();
    await db().notificationDelivery.updateMany({ where: { subscriptionId: phone.id }, data: { channel: "other" } });
    await drain(dispatcher());
    const guardianCtx = contextOf(guardian());
    await savePreferences(guardianCtx, { categories: { absence: { webPush: false } } });
    expect(service.requestsTo(phone.token)).toEqual([]);
    expect(await deliveriesTo(phone.id)).toMatchObject([{ state: "PENDING", attempts: 0, reason: null }]);
    await savePreferences(guardianCtx, { categories: { absence: { webPush: true } } });
  });
});
