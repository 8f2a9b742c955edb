// Several dispatchers at one queue, and those that die, stop or lose their database at it.
import { describe, expect, it } from "vitest";
import { createDb, db } from "@/lib/platform/db";
import { eventually } from "@/tests/support/eventually";
import { addSubscription, dispatcherFor, drain, expireLeases } from "@/tests/support/notification-scene";
import { pushScene } from "@/tests/support/push-scene";
import { PushService } from "@/tests/support/push-service";
import { claimDeliveries } from "./delivery-queue";

const PATIENCE = { timeoutMs: 30_000 };
const NOTHING_BUSY = { limit: 10, perHost: 64, busyHosts: new Map<string, number>(), busySubscriptions: [] };
const { service, vapid, guardian, phoneOf, absent, dispatcher, deliveriesTo } = pushScene({
  students: 1,
  guardiansOf: [0],
});

describe("push dispatchers of several processes", () => {
  it("shares the queue among processes: each push leaves once", async () => {
    const phones: Awaited<ReturnType<typeof phoneOf>>[] = [];
    for (let n = 0; n < 20; n += 1) phones.push(await phoneOf());
    for (let n = 0; n < 5; n += 1) await absent();
    const dispatchers = [1, 2, 3].map(() => dispatcher({ pollMs: 5, concurrency: 7 }));
    for (const each of dispatchers) each.start();
    await eventually(() => phones.every(({ token }) => service.receivedBy(token).length >= 5), PATIENCE);
    await Promise.all(dispatchers.map((each) => each.close()));
    expect(phones.map(({ token }) => service.requestsTo(token).length)).toEqual(phones.map(() => 5));
  }, 90_000);

  it("claims no more for a push service than it may begin, and does not hide the others behind it", async () => {
    const slow = await new PushService().start();
    for (let n = 0; n < 6; n += 1) await addSubscription(db(), slow, guardian(), vapid);
    const fast = await phoneOf();
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

  it("repeats at most once, with the same Topic, when the process died between the send and its outcome", async () => {
    const phone = await phoneOf();
    await absent();
    const [claimed] = await claimDeliveries(db(), { ...NOTHING_BUSY, worker: "dead-worker", now: new Date() });
    expect(claimed?.subscriptionId).toBe(phone.id);
    // A clock that is ahead (by less than a push lives) takes nothing from one that lives: leases are the database's.
    const other = dispatcher({ clock: () => new Date(Date.now() + 50 * 60_000) });
    await other.sweep();
    await drain(other);
    expect(service.receivedBy(phone.token)).toHaveLength(0);
    await expireLeases(db());
    await other.sweep();
    await drain(other);
    await other.close();
    expect(service.receivedBy(phone.token)).toHaveLength(1);
    expect(await deliveriesTo(phone.id)).toMatchObject([{ state: "ACCEPTED", attempts: 2 }]);
  });

  it("sets a delivery aside when every process that sent it died", async () => {
    const phone = await phoneOf();
    await absent();
    const sending = dispatcher();
    let crashes = 0;
    for (const far = new Date(Date.now() + 600_000); ; crashes += 1) {
      const claimed = await claimDeliveries(db(), { ...NOTHING_BUSY, worker: `dead-${crashes}`, now: far });
      if (claimed.length === 0) break;
      await expireLeases(db());
      await sending.sweep();
    }
    await sending.close();
    expect(crashes).toBe(5);
    expect(await deliveriesTo(phone.id)).toMatchObject([{ state: "DEAD", reason: "worker_died", attempts: 5 }]);
  });

  it("finishes the send in flight when it is stopped and gives the rest back at once", async () => {
    const phone = await phoneOf();
    for (let n = 0; n < 3; n += 1) await absent();
    const begun = Promise.withResolvers<undefined>();
    const go = Promise.withResolvers<undefined>();
    const sending = dispatcher({
      pollMs: 10,
      async aroundSend(sendOne) {
        begun.resolve(undefined);
        await go.promise;
        return sendOne();
      },
    });
    sending.start();
    await begun.promise;
    const stopped = sending.close();
    go.resolve(undefined);
    await stopped;
    expect(service.receivedBy(phone.token)).toHaveLength(1);
    expect(await deliveriesTo(phone.id)).toMatchObject([
      { state: "ACCEPTED", attempts: 1 },
      { state: "PENDING", attempts: 0 },
      { state: "PENDING", attempts: 0 },
    ]);
  });

  it("counts as alive while the database is away", async () => {
    const away = createDb("postgresql://nobody@127.0.0.1:1/none", 1);
    let progress = 0;
    const sending = dispatcherFor(away, service, vapid, { pollMs: 1, onProgress: () => (progress += 1) });
    sending.start();
    await eventually(() => progress > 1, PATIENCE);
    await sending.close();
    await away.$disconnect();
  }, 90_000);
});
