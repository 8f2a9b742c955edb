import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { notificationConsumer } from "@/lib/notification/consumer";
import { db } from "@/lib/platform/db";
import { deliver } from "@/lib/platform/events/deliver";
import { freePorts } from "@/scripts/lib/ports.mjs";
import { eventually } from "@/tests/support/eventually";
import {
  absenceData,
  addSubscription,
  dispatcherFor,
  drain,
  expireLeases,
  eventOf,
  newVapidKeys,
} from "@/tests/support/notification-scene";
import { PushService } from "@/tests/support/push-service";
import { at, buildSchool } from "@/tests/support/school";
import { startProcess, type SourceProcess } from "./support/source-processes";

const vapid = newVapidKeys();
const service = new PushService();

beforeAll(() => service.start());
afterAll(() => service.stop());

async function startWorker(): Promise<SourceProcess> {
  const [port] = await freePorts(1);
  const dataDir = process.env["CAMPUS_DATA_DIR"] ?? "";
  const certificate = path.join(dataDir, "push-service.pem");
  fs.writeFileSync(certificate, service.certificate.cert);
  return startProcess("workers/main.ts", ["push-dispatcher"], {
    DATABASE_URL: process.env["DATABASE_URL"] ?? "",
    CAMPUS_DATA_DIR: dataDir,
    WORKER_HEALTH_PORT: String(port),
    NODE_EXTRA_CA_CERTS: certificate,
    PUSH_ENDPOINT_ALLOWLIST: "localhost",
    VAPID_PUBLIC_KEY: vapid.publicKey,
    VAPID_PRIVATE_KEY: vapid.privateKey,
    VAPID_SUBJECT: vapid.subject,
  });
}

it("a worker killed after the push service took the push, before it wrote so: one repeat with the same Topic", async () => {
  const scene = await buildSchool(db(), { students: 1, guardiansOf: [0] });
  const phone = await addSubscription(db(), service, at(scene.guardians, 0), vapid);
  const worker = await startWorker();
  service.fault(phone.token, { acceptedThenHang: true });
  const data = absenceData(at(scene.students, 0));
  await deliver(notificationConsumer, eventOf("attendance_marked_absent", data), { client: db() });
  await eventually(() => service.receivedBy(phone.token).length === 1, { timeoutMs: 30_000, what: "the first push" });
  await worker.kill();
  const delivery = () => db().notificationDelivery.findFirstOrThrow({ where: { subscriptionId: phone.id } });
  expect(await delivery()).toMatchObject({ state: "SENDING", attempts: 1 });

  // Another worker, once the lease of the dead one is over; that its own clock is wrong changes nothing.
  const next = dispatcherFor(db(), service, vapid, { clock: () => new Date(Date.now() + 50 * 60_000) });
  await next.sweep();
  await drain(next);
  expect(service.receivedBy(phone.token)).toHaveLength(1);
  await expireLeases(db());
  await next.sweep();
  await drain(next);
  await drain(next);
  await next.close();
  const messages = service.receivedBy(phone.token);
  expect(messages).toHaveLength(2);
  expect(messages[1]).toMatchObject({ topic: messages[0]?.topic });
  expect(JSON.parse(messages[1]?.plaintext ?? "").notification.tag).toBe(messages[0]?.topic);
  expect(await delivery()).toMatchObject({ state: "ACCEPTED", attempts: 2, crashes: 1 });
}, 60_000);

it("a worker told to end while a push service does not answer: ends in time and holds nothing back", async () => {
  const scene = await buildSchool(db(), { students: 1, guardiansOf: [0] });
  const phone = await addSubscription(db(), service, at(scene.guardians, 0), vapid);
  service.release();
  service.fault(phone.token, { hang: true }, { hang: true }, { hang: true });
  for (let n = 0; n < 3; n += 1) {
    const event = eventOf("attendance_marked_absent", absenceData(at(scene.students, 0)));
    await deliver(notificationConsumer, event, { client: db() });
  }
  const worker = await startWorker();
  await eventually(() => service.hanging > 0, { timeoutMs: 30_000, what: "a send that hangs" });
  expect(await worker.stop()).toBe(0);
  service.release();
  const deliveries = await db().notificationDelivery.findMany({
    where: { subscriptionId: phone.id },
    select: { state: true, attempts: true },
    orderBy: { id: "asc" },
  });
  expect(deliveries.map(({ state }) => state)).toEqual(["PENDING", "PENDING", "PENDING"]);
  expect(deliveries.map(({ attempts }) => attempts)).toEqual([1, 0, 0]);
}, 60_000);
