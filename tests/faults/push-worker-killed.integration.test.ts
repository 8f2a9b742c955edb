import fs from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { db } from "@/lib/platform/db";
import { freePorts } from "@/scripts/lib/ports.mjs";
import { eventually } from "@/tests/support/eventually";
import { drain, expireLeases } from "@/tests/support/notification-scene";
import { pushScene } from "@/tests/support/push-scene";
import { startProcess, type SourceProcess } from "./support/source-processes";

const { service, vapid, phoneOf, absent, dispatcher, deliveriesTo } = pushScene({ students: 1, guardiansOf: [0] });

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
  const phone = await phoneOf();
  const worker = await startWorker();
  service.fault(phone.token, { acceptedThenHang: true });
  await absent();
  await eventually(() => service.receivedBy(phone.token).length === 1, { timeoutMs: 30_000, what: "the first push" });
  await worker.kill();
  const delivery = () => db().notificationDelivery.findFirstOrThrow({ where: { subscriptionId: phone.id } });
  expect(await delivery()).toMatchObject({ state: "SENDING", attempts: 1 });

  // Another worker, once the lease of the dead one is over; that its own clock is wrong changes nothing.
  const next = dispatcher({ clock: () => new Date(Date.now() + 50 * 60_000) });
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
  const phone = await phoneOf();
  service.release();
  service.fault(phone.token, { hang: true }, { hang: true }, { hang: true });
  for (let n = 0; n < 3; n += 1) await absent();
  const worker = await startWorker();
  await eventually(() => service.hanging > 0, { timeoutMs: 30_000, what: "a send that hangs" });
  expect(await worker.stop()).toBe(0);
  service.release();
  expect(await deliveriesTo(phone.id)).toMatchObject([
    { state: "PENDING", attempts: 1 },
    { state: "PENDING", attempts: 0 },
    { state: "PENDING", attempts: 0 },
  ]);
}, 60_000);
