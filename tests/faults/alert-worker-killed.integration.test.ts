import { expect, it } from "vitest";
import { db, transaction } from "@/lib/platform/db/client";
import { lockEntities } from "@/lib/platform/db/locks";
import { freePorts } from "@/scripts/lib/ports.mjs";
import { advisoryLocks } from "@/tests/support/advisory-locks";
import { testDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { markingScene, told } from "@/tests/support/marking-scene";
import { startProcess } from "./support/source-processes";

const CLASSES = 8;
/** The class in whose transaction the worker dies: its last absent student is held by somebody else meanwhile. */
const HELD = 4;
const ABSENT = 12;
const { school, student, newClass, mark, marks } = markingScene();

async function startWorker() {
  const [port] = await freePorts(1);
  return startProcess("workers/main.ts", ["absence-alerts"], {
    DATABASE_URL: process.env["DATABASE_URL"] ?? "",
    CAMPUS_DATA_DIR: process.env["CAMPUS_DATA_DIR"] ?? "",
    WORKER_HEALTH_PORT: String(port),
  });
}

it("a worker killed at the end of a grace: no class is announced in part, and the next worker announces each once", async () => {
  await db().school.update({ where: { id: school().school.id }, data: { alertGraceSeconds: 3_600 } });
  const ids: string[] = [];
  for (let n = 0; n < CLASSES; n += 1) {
    const { id } = await newClass();
    const absent = marks(...Array<"ABSENT">(ABSENT).fill("ABSENT"));
    const last = { studentId: student(29), status: "ABSENT" as const };
    await mark({ classSessionId: id, records: n === HELD ? [...absent, last] : absent });
    ids.push(id);
  }
  const announced = async () => Promise.all(ids.map(async (id) => (await told(id)).length));
  const expected = (upTo: number) => ids.map((_, n) => (n >= upTo ? 0 : n === HELD ? ABSENT + 1 : ABSENT));

  const gate = Promise.withResolvers<undefined>();
  const held = Promise.withResolvers<undefined>();
  const holding = transaction(async (tx) => {
    await lockEntities(tx, "student", [student(29)]);
    held.resolve(undefined);
    await gate.promise;
  });
  await held.promise;
  for (const [n, classSessionId] of ids.entries())
    await db().attendanceSheet.updateMany({
      where: { classSessionId },
      data: { alertsAt: new Date(Date.now() - 60_000 + n) },
    });

  const worker = await startWorker();
  const { pool } = await testDatabase();
  const waits = () => advisoryLocks(pool, { isGranted: false });
  await eventually(async () => (await waits()).length > 0, { timeoutMs: 30_000, what: "the worker in the held class" });
  expect(await announced()).toEqual(expected(HELD));
  await worker.kill();
  expect(await announced()).toEqual(expected(HELD));
  gate.resolve(undefined);
  await holding;

  const next = await startWorker();
  const waiting = () => db().attendanceSheet.count({ where: { classSessionId: { in: ids }, alertsAt: { not: null } } });
  await eventually(async () => (await waiting()) === 0, { timeoutMs: 30_000, what: "every class announced" });
  await next.stop();
  expect(await announced()).toEqual(expected(CLASSES));
  for (const id of ids) expect(new Set((await told(id)).map(([, key]) => key)).size).toBe((await told(id)).length);
}, 90_000);
