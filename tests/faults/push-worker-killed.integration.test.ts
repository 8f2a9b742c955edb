import fs from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { db } from "@/lib/platform/db/client";
import { freePorts } from "@/scripts/lib/ports.mjs";
import { eventually } from "@/tests/support/eventually";
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

/** From kill -9 to the push that another worker sends: looks of a second, and two in which a living one could come back. */
const RESENT_WITHIN_MS = 5_000;

it("a worker killed after the push service took the push: another repeats it once, in seconds, with the same Topic", async () => {
  const phone = await phoneOf();
  const worker = await startWorker();
  service.fault(phone.token, { acceptedThenHang: true });
  await absent();
  await eventually(() => service.receivedBy(phone.token).length === 1, { timeoutMs: 30_000, what: "the first push" });
  const delivery = () => db().notificationDelivery.findFirstOrThrow({ where: { subscriptionId: phone.id } });
  // Another one at the same queue. It takes nothing from a worker that lives, whatever its own clock says.
  const other = dispatcher({ clock: () => new Date(Date.now() + 50 * 60_000), patienceMs: 2_000 });
  other.start();
  await other.sweep();
  expect(await delivery()).toMatchObject({ state: "SENDING", attempts: 1, crashes: 0 });

  const killedAt = performance.now();
  await worker.kill();
  await eventually(() => service.receivedBy(phone.token).length === 2, { timeoutMs: 30_000, what: "the second push" });
  const resentMs = performance.now() - killedAt;
  expect(resentMs).toBeLessThan(RESENT_WITHIN_MS);
  await eventually(async () => (await delivery()).state === "ACCEPTED");
  expect(await delivery()).toMatchObject({ attempts: 2, crashes: 1 });
  const messages = service.receivedBy(phone.token);
  expect(messages).toHaveLength(2);
  expect(messages[1]).toMatchObject({ topic: messages[0]?.topic });
  expect(JSON.parse(messages[1]?.plaintext ?? "").notification.tag).toBe(messages[0]?.topic);
  await other.close();
}, 90_000);

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
