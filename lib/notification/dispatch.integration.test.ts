import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createDb, db } from "@/lib/platform/db";
import { deliver } from "@/lib/platform/events/deliver";
import { eventually } from "@/tests/support/eventually";
import {
  absenceData,
  addSubscription,
  dispatcherFor,
  drain,
  eventOf,
  expireLeases,
  newVapidKeys,
} from "@/tests/support/notification-scene";
import { PushService } from "@/tests/support/push-service";
import { at, buildSchool, type TestSchool } from "@/tests/support/school";
import { notificationConsumer } from "./consumer";
import { claimDeliveries } from "./delivery-queue";
import { createPushTransport, type PushTransport } from "./transport";

const vapid = newVapidKeys();
const service = new PushService();
let scene: TestSchool;

beforeAll(() => service.start());
afterAll(() => service.stop());
beforeEach(async () => {
  scene = await buildSchool(db(), { students: 2, guardiansOf: [0, 0, 1] });
});

const NOTHING_BUSY = { limit: 10, perHost: 64, busyHosts: new Map<string, number>(), busySubscriptions: [] };
const messageTo = (endpoint: string, keys = service.subscribe().json.keys) =>
  ({ endpoint, keys, payload: "x", topic: "t", urgency: "normal", ttlSeconds: 60 }) as const;
const student = () => at(scene.students, 0);
const guardian = () => at(scene.guardians, 0);
const states = (subscriptionId: string) =>
  db().notificationDelivery.findMany({
    where: { subscriptionId },
    select: { state: true, reason: true, attempts: true, notBefore: true },
    orderBy: { id: "asc" },
  });
const absent = (overrides = {}) =>
  deliver(notificationConsumer, eventOf("attendance_marked_absent", absenceData(student(), overrides)), {
    client: db(),
  });

describe("the push dispatcher", () => {
  it("tells the student and each guardian once, encrypted, without personal data, all of one length", async () => {
    const phones: Awaited<ReturnType<typeof addSubscription>>[] = [];
    for (const person of [student(), at(scene.guardians, 0), at(scene.guardians, 1), at(scene.guardians, 2)])
      phones.push(await addSubscription(db(), service, person, vapid));
    const event = eventOf("attendance_marked_absent", absenceData(student()));
    await deliver(notificationConsumer, event, { client: db() });
    await deliver(notificationConsumer, event, { client: db() });
    const dispatcher = dispatcherFor(db(), service, vapid);
    await drain(dispatcher);
    await dispatcher.close();
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
    expect(await states(at(phones, 1).id)).toMatchObject([{ state: "ACCEPTED", attempts: 1 }]);
  });

  it("signs once an origin, with a token that the service accepts", async () => {
    const phone = await addSubscription(db(), service, guardian(), vapid);
    for (let n = 0; n < 3; n += 1) await absent();
    const dispatcher = dispatcherFor(db(), service, vapid);
    await drain(dispatcher);
    await dispatcher.close();
    const requests = service.requestsTo(phone.token);
    expect(requests.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(requests.map(({ authorization }) => authorization)).size).toBe(1);
  });

  it("deletes a subscription that is gone and closes what waits for it, the other device goes on", async () => {
    const dead = await addSubscription(db(), service, guardian(), vapid);
    const alive = await addSubscription(db(), service, guardian(), vapid);
    service.expire(dead.token);
    await absent();
    await absent();
    const dispatcher = dispatcherFor(db(), service, vapid);
    await drain(dispatcher);
    await dispatcher.close();
    expect(await db().pushSubscription.findUnique({ where: { id: dead.id } })).toBeNull();
    expect((await states(dead.id)).map(({ state }) => state)).toEqual(["GONE", "GONE"]);
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
    const phone = await addSubscription(db(), service, guardian(), vapid);
    service.fault(phone.token, fault);
    await absent();
    const dispatcher = dispatcherFor(db(), service, vapid);
    await drain(dispatcher);
    await dispatcher.close();
    expect(await states(phone.id)).toMatchObject([{ state: "DEAD", reason, attempts: 1 }]);
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
    const phone = await addSubscription(db(), service, guardian(), vapid);
    service.fault(phone.token, fault);
    await absent();
    let now = new Date();
    const dispatcher = dispatcherFor(db(), service, vapid, { clock: () => now });
    await drain(dispatcher);
    const [waiting] = await states(phone.id);
    expect(waiting).toMatchObject({ state: "PENDING", attempts: 1 });
    expect((waiting?.notBefore.getTime() ?? 0) - now.getTime()).toBeGreaterThanOrEqual(waitMs);
    now = new Date(now.getTime() + waitMs + 1_000);
    await drain(dispatcher);
    await dispatcher.close();
    expect(await states(phone.id)).toMatchObject([{ state: "ACCEPTED", attempts: 2 }]);
    expect(service.receivedBy(phone.token)).toHaveLength(1);
  });

  it("repeats with the same Topic when the answer was lost", async () => {
    const phone = await addSubscription(db(), service, guardian(), vapid);
    service.fault(phone.token, { acceptedThenReset: true });
    await absent();
    let now = new Date();
    const dispatcher = dispatcherFor(db(), service, vapid, { clock: () => now });
    await drain(dispatcher);
    now = new Date(now.getTime() + 2_000);
    await drain(dispatcher);
    await dispatcher.close();
    const messages = service.receivedBy(phone.token);
    expect(messages).toHaveLength(2);
    expect(new Set(messages.map(({ topic }) => topic)).size).toBe(1);
    expect(new Set(messages.map(({ plaintext }) => plaintext)).size).toBe(1);
  });

  it("repeats at most once, with the same Topic, when the process died between the send and its outcome", async () => {
    const phone = await addSubscription(db(), service, guardian(), vapid);
    await absent();
    const [claimed] = await claimDeliveries(db(), { ...NOTHING_BUSY, worker: "dead-worker", now: new Date() });
    expect(claimed?.subscriptionId).toBe(phone.id);
    // A clock that is ahead (by less than a push lives) takes nothing from one that lives: leases are the database's.
    const other = dispatcherFor(db(), service, vapid, { clock: () => new Date(Date.now() + 50 * 60_000) });
    await other.sweep();
    await drain(other);
    expect(service.receivedBy(phone.token)).toHaveLength(0);
    await expireLeases(db());
    await other.sweep();
    await drain(other);
    await other.close();
    expect(service.receivedBy(phone.token)).toHaveLength(1);
    expect(await states(phone.id)).toMatchObject([{ state: "ACCEPTED", attempts: 2 }]);
  });

  it("sets a delivery aside when every process that sent it died", async () => {
    const phone = await addSubscription(db(), service, guardian(), vapid);
    await absent();
    const dispatcher = dispatcherFor(db(), service, vapid);
    let crashes = 0;
    for (const far = new Date(Date.now() + 600_000); ; crashes += 1) {
      const claimed = await claimDeliveries(db(), { ...NOTHING_BUSY, worker: `dead-${crashes}`, now: far });
      if (claimed.length === 0) break;
      await expireLeases(db());
      await dispatcher.sweep();
    }
    await dispatcher.close();
    expect(crashes).toBe(5);
    expect(await states(phone.id)).toMatchObject([{ state: "DEAD", reason: "worker_died", attempts: 5 }]);
  });

  it("claims no more for a push service than it may begin, and does not hide the others behind it", async () => {
    const slow = await new PushService().start();
    for (let n = 0; n < 6; n += 1) await addSubscription(db(), slow, guardian(), vapid);
    const fast = await addSubscription(db(), service, guardian(), vapid);
    await absent();
    await absent();
    const host = new URL(slow.origin).host;
    const request = { ...NOTHING_BUSY, worker: "a", now: new Date(), limit: 8, perHost: 4 };
    const claimed = await claimDeliveries(db(), { ...request, busyHosts: new Map([[host, 2]]) });
    await slow.stop();
    const ofSlow = claimed.filter((delivery) => delivery.host === host);
    expect(new Set(ofSlow.map(({ subscriptionId }) => subscriptionId)).size).toBe(2);
    expect(ofSlow).toHaveLength(4);
    expect(claimed.filter(({ subscriptionId }) => subscriptionId === fast.id)).toHaveLength(2);
  });

  it("finishes the send in flight when it is stopped and gives the rest back at once", async () => {
    const phone = await addSubscription(db(), service, guardian(), vapid);
    for (let n = 0; n < 3; n += 1) await absent();
    const real = createPushTransport({ vapid, allowlist: ["localhost"], ca: service.certificate.cert });
    const begun = Promise.withResolvers<undefined>();
    const go = Promise.withResolvers<undefined>();
    const transport: PushTransport = {
      ...real,
      async send(message) {
        begun.resolve(undefined);
        await go.promise;
        return real.send(message);
      },
    };
    const dispatcher = dispatcherFor(db(), service, vapid, { transport, pollMs: 10 });
    dispatcher.start();
    await begun.promise;
    const stopped = dispatcher.close();
    go.resolve(undefined);
    await stopped;
    real.close();
    expect(service.receivedBy(phone.token)).toHaveLength(1);
    expect(await states(phone.id)).toMatchObject([
      { state: "ACCEPTED", attempts: 1 },
      { state: "PENDING", attempts: 0 },
      { state: "PENDING", attempts: 0 },
    ]);
  });

  it("counts as alive while the database is away", async () => {
    const away = createDb("postgresql://nobody@127.0.0.1:1/none", 1);
    let progress = 0;
    const dispatcher = dispatcherFor(away, service, vapid, { pollMs: 1, onProgress: () => (progress += 1) });
    dispatcher.start();
    await eventually(() => progress > 1);
    await dispatcher.close();
    await away.$disconnect();
  });

  it("keeps trying until the news is not worth sending any more, then stops", async () => {
    const phone = await addSubscription(db(), service, guardian(), vapid);
    service.fault(phone.token, ...Array.from({ length: 500 }, () => ({ status: 503 })));
    await absent();
    let now = new Date();
    const dispatcher = dispatcherFor(db(), service, vapid, { clock: () => now });
    const left = () => db().notificationDelivery.findFirstOrThrow({ where: { subscriptionId: phone.id } });
    for (let row = await left(); row.state === "PENDING"; row = await left()) {
      now = new Date(Math.max(now.getTime(), row.notBefore.getTime()) + 1);
      await dispatcher.sweep();
      await drain(dispatcher);
    }
    await dispatcher.close();
    const row = await left();
    expect(row).toMatchObject({ state: "DEAD", reason: "expired_status_503" });
    expect(row.attempts).toBeGreaterThan(3);
    expect(now.getTime()).toBeLessThanOrEqual(row.expiresAt.getTime());
  });

  it("lets nothing of one slow endpoint delay the others", async () => {
    const slow = await addSubscription(db(), service, guardian(), vapid);
    const others: Awaited<ReturnType<typeof addSubscription>>[] = [];
    for (let n = 0; n < 5; n += 1) others.push(await addSubscription(db(), service, student(), vapid));
    service.fault(slow.token, { hang: true });
    for (let n = 0; n < 4; n += 1) await absent();
    const dispatcher = dispatcherFor(db(), service, vapid, { perHost: 2, pollMs: 10 });
    dispatcher.start();
    await eventually(() => others.every(({ token }) => service.receivedBy(token).length === 4));
    expect(service.receivedBy(slow.token)).toHaveLength(0);
    service.release();
    await eventually(async () => (await states(slow.id)).every(({ state }) => state === "ACCEPTED"));
    expect(service.receivedBy(slow.token)).toHaveLength(4);
    await dispatcher.close();
  });

  it("gives up on a service that does not answer in time and tries again", async () => {
    const phone = await addSubscription(db(), service, guardian(), vapid);
    service.fault(phone.token, { hang: true });
    await absent();
    const dispatcher = dispatcherFor(db(), service, vapid, { pollMs: 10, transportOptions: { timeoutMs: 200 } });
    dispatcher.start();
    await eventually(() => service.receivedBy(phone.token).length === 1);
    await dispatcher.close();
    service.release();
    expect(await states(phone.id)).toMatchObject([{ state: "ACCEPTED", attempts: 2 }]);
  });

  it("shares the queue among processes: each push leaves once", async () => {
    const phones: Awaited<ReturnType<typeof addSubscription>>[] = [];
    for (let n = 0; n < 20; n += 1) phones.push(await addSubscription(db(), service, guardian(), vapid));
    for (let n = 0; n < 5; n += 1) await absent();
    const dispatchers = [1, 2, 3].map(() => dispatcherFor(db(), service, vapid, { pollMs: 5, concurrency: 7 }));
    for (const dispatcher of dispatchers) dispatcher.start();
    await eventually(() => phones.every(({ token }) => service.receivedBy(token).length >= 5));
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.close()));
    expect(phones.map(({ token }) => service.requestsTo(token).length)).toEqual(phones.map(() => 5));
  });

  it("sends nothing to a browser that moved to another person, or was made for another key", async () => {
    const moved = await addSubscription(db(), service, guardian(), vapid);
    const rotated = await addSubscription(db(), service, guardian(), vapid);
    await absent();
    await db().pushSubscription.update({ where: { id: moved.id }, data: { userId: at(scene.guardians, 2).id } });
    await db().pushSubscription.update({ where: { id: rotated.id }, data: { vapidPublicKey: "older" } });
    const dispatcher = dispatcherFor(db(), service, vapid);
    await drain(dispatcher);
    await dispatcher.close();
    expect(await states(moved.id)).toMatchObject([{ state: "GONE", reason: "subscription_removed" }]);
    expect(await states(rotated.id)).toMatchObject([{ state: "DEAD", reason: "vapid_key_changed" }]);
    expect(service.requestsTo(moved.token)).toHaveLength(0);
  });

  it("checks the address again at every send", async () => {
    const phone = await addSubscription(db(), service, guardian(), vapid);
    await absent();
    const dispatcher = dispatcherFor(db(), service, vapid, { transportOptions: { allowlist: [] } });
    await drain(dispatcher);
    await dispatcher.close();
    expect(await states(phone.id)).toMatchObject([{ state: "DEAD", reason: "endpoint_port" }]);
    expect(service.requestsTo(phone.token)).toHaveLength(0);
  });

  it("speaks http to a host that the operator named", async () => {
    const plain = await new PushService({ scheme: "http" }).start();
    const phone = await addSubscription(db(), plain, guardian(), vapid);
    await absent();
    const dispatcher = dispatcherFor(db(), plain, vapid);
    await drain(dispatcher);
    await dispatcher.close();
    await plain.stop();
    expect(plain.receivedBy(phone.token)).toHaveLength(1);
  });

  it("does not connect when a push service's name leads to an address inside", async () => {
    const asked: string[] = [];
    const send = async (addresses: { address: string; family: number }[]) => {
      const transport = createPushTransport({
        vapid,
        allowlist: [],
        resolve(hostname, done) {
          asked.push(hostname);
          done(null, addresses);
        },
      });
      const result = await transport.send(messageTo("https://inside.push.apple.com/x"));
      transport.close();
      return result;
    };
    const inside = { address: "127.0.0.1", family: 4 };
    const refused = { kind: "failed", reason: "private_address" };
    expect(await send([inside])).toEqual(refused);
    expect(await send([{ address: "17.0.0.1", family: 4 }, inside])).toEqual(refused);
    expect(asked).toEqual(["inside.push.apple.com", "inside.push.apple.com"]);
  });

  it("makes its token anew when the clock was set back, and once an hour after a refusal", async () => {
    let nowMs = Date.now();
    const options = { vapid, allowlist: ["localhost"], ca: service.certificate.cert, nowMs: () => nowMs };
    const transport = createPushTransport(options);
    const phone = service.subscribe(vapid.publicKey);
    const tokens = async (count: number) => {
      for (let n = 0; n < count; n += 1) await transport.send(messageTo(phone.json.endpoint, phone.json.keys));
      return service.requestsTo(phone.token).map(({ authorization }) => authorization);
    };
    const first = await tokens(2);
    expect(new Set(first).size).toBe(1);
    nowMs -= 3_600_000;
    expect(new Set(await tokens(2)).size).toBe(2);
    service.fault(phone.token, { status: 403 }, { status: 403 });
    expect(new Set(await tokens(2)).size).toBe(2);
    nowMs += 3_600_001;
    service.fault(phone.token, { status: 403 });
    expect(new Set(await tokens(1)).size).toBe(2);
    expect(new Set(await tokens(2)).size).toBe(3);
    transport.close();
  });
});
