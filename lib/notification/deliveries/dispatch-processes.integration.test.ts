// Several dispatchers at one queue, and those that die, stop or lose their database at it.
import pg from "pg";
import { describe, expect, it, vi } from "vitest";
import { createDb, db } from "@/lib/platform/db/client";
import { LockSession } from "@/lib/platform/events/lock-session";
import { eventually } from "@/tests/support/eventually";
import { addSubscription, dispatcherFor, drain, expireLeases } from "@/tests/support/notification-scene";
import { pushScene } from "@/tests/support/push-scene";
import { PushService } from "@/tests/support/push-service";
import { claimDeliveries, settleDeliveries } from "./due-deliveries";

const PATIENCE = { timeoutMs: 30_000 };
const NOTHING_BUSY = {
  channel: "webPush" as const,
  limit: 10,
  perHost: 64,
  busyHosts: new Map<string, number>(),
  busyLanes: [],
};
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

  it("asks and writes for many pushes together", async () => {
    const phones = await Promise.all(Array.from({ length: 100 }, () => phoneOf()));
    await absent();
    const query = vi.spyOn(pg.Client.prototype, "query");
    await drain(dispatcher({ perHost: 100 }));
    expect(phones.every(({ token }) => service.receivedBy(token).length === 1)).toBe(true);
    // One by one it is three a push: may it go, has it gone, when did its browser last get one. How many share one depends
    // on how the answers of the push service come in.
    expect(query.mock.calls.length).toBeLessThan(2 * phones.length);
    const ids = phones.map(({ id }) => id);
    const accepted = { subscriptionId: { in: ids }, state: "ACCEPTED" as const };
    expect(await db().notificationDelivery.count({ where: accepted })).toBe(phones.length);
    const dated = { id: { in: ids }, lastAcceptedAt: { not: null } };
    expect(await db().pushSubscription.count({ where: dated })).toBe(phones.length);
  }, 60_000);

  it("never sends to one browser from two processes at a time, whatever is written meanwhile", async () => {
    await drain(dispatcher());
    const phones = [await phoneOf(), await phoneOf()];
    const url = process.env["DATABASE_URL"] ?? "";
    const workers = Array.from({ length: 6 }, (_, n) => ({ name: `claimer-${n}`, client: createDb(url, 1) }));
    let writing = true;
    let claims = 0;
    const together: unknown[] = [];
    const claim = async ({ name, client }: (typeof workers)[number]) => {
      while (writing) {
        const claimed = await claimDeliveries(client, { ...NOTHING_BUSY, limit: 1, worker: name, now: new Date() });
        claims += claimed.length;
        together.push(
          ...(await client.$queryRaw<unknown[]>`
            SELECT subscription_id FROM notification_delivery WHERE state = 'SENDING'
            GROUP BY subscription_id HAVING count(DISTINCT claimed_by) > 1`),
        );
        const ids = claimed.map(({ id }) => id);
        await settleDeliveries(client, name, [
          { ids, settlement: { state: "ACCEPTED", reason: null }, now: new Date() },
        ]);
      }
    };
    const claiming = workers.map(claim);
    for (let n = 0; n < 60; n += 1) await absent();
    await eventually(async () => (await deliveriesTo(phones[0]?.id ?? "")).every(({ state }) => state === "ACCEPTED"));
    writing = false;
    await Promise.all(claiming);
    await Promise.all(workers.map(({ client }) => client.$disconnect()));
    expect(together).toEqual([]);
    expect(claims).toBeGreaterThanOrEqual(120);
  }, 60_000);

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

  it("repeats nothing when it loses the database between a send and its outcome, and is not taken for dead", async () => {
    const phone = await phoneOf();
    const url = process.env["DATABASE_URL"] ?? "";
    const named = new URL(url);
    named.searchParams.set("application_name", "loses its database");
    const client = createDb(named.href, 2);
    const session = new LockSession(url);
    const sending = dispatcherFor(client, service, vapid, {
      session,
      pollMs: 20,
      async aroundSend(send) {
        const result = await send();
        const lost = await db().$queryRaw<unknown[]>`
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
            AND application_name IN ('loses its database', 'campusos worker locks')`;
        expect(lost.length).toBeGreaterThan(1);
        return result;
      },
    });
    const otherSession = new LockSession(url);
    const other = dispatcher({ session: otherSession, patienceMs: 5_000, pollMs: 20 });
    await absent();
    sending.start();
    await eventually(() => service.receivedBy(phone.token).length > 0, PATIENCE);
    other.start();
    await eventually(async () => (await deliveriesTo(phone.id))[0]?.state === "ACCEPTED", PATIENCE);
    await Promise.all([sending.close(), other.close()]);
    await Promise.all([client.$disconnect(), session.close(), otherSession.close()]);
    expect(service.requestsTo(phone.token)).toHaveLength(1);
    expect(await db().notificationDelivery.findMany({ where: { subscriptionId: phone.id } })).toMatchObject([
      { state: "ACCEPTED", attempts: 1, crashes: 0 },
    ]);
  }, 90_000);

  it("takes what a session held once it has ended and not come back, and only that", async () => {
    const url = process.env["DATABASE_URL"] ?? "";
    const [dead, alive] = [new LockSession(url), new LockSession(url)];
    await Promise.all([dead.connection(), alive.connection()]);
    const [first, second] = [await phoneOf(), await phoneOf()];
    await absent();
    const claim = (session: LockSession) =>
      claimDeliveries(db(), { ...NOTHING_BUSY, limit: 1, worker: `${session.owner}/x`, now: new Date() });
    const [ofDead] = await claim(dead);
    await claim(alive);
    const other = dispatcher();
    await other.sweep();
    await drain(other);
    expect(service.receivedBy(first.token).length + service.receivedBy(second.token).length).toBe(0);
    await dead.close();
    const patient = dispatcher({ patienceMs: 60_000 });
    await patient.sweep();
    await patient.sweep();
    await drain(patient);
    expect(service.receivedBy(first.token).length + service.receivedBy(second.token).length).toBe(0);
    await other.sweep();
    await drain(other);
    await Promise.all([other.close(), patient.close(), alive.close()]);
    const [sent, held] = ofDead?.subscriptionId === first.id ? [first, second] : [second, first];
    expect(await deliveriesTo(sent.id)).toMatchObject([{ state: "ACCEPTED", attempts: 2 }]);
    expect(await deliveriesTo(held.id)).toMatchObject([{ state: "SENDING", attempts: 1 }]);
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
