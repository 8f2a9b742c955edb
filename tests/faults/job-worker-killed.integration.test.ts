import { afterAll, beforeAll, expect, it } from "vitest";
import { testDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { startProcess, type SourceProcess } from "./support/source-processes";

let database: TestDatabase;
const workers: SourceProcess[] = [];
const start = () => {
  const worker = startProcess("workers/main.ts", ["jobs"], { DATABASE_URL: database.url });
  workers.push(worker);
  return worker;
};
const lockedBy = async () => {
  const { rows } = await database.pool.query<{ worker: string }>(
    "SELECT locked_by AS worker FROM graphile_worker.jobs WHERE task_identifier = 'delete-old-rows' AND locked_by IS NOT NULL",
  );
  return rows[0]?.worker;
};

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => workers.forEach((worker) => worker.kill()));

it("takes over the job of a worker that was killed in the middle of it", async () => {
  const blocker = await database.pool.connect();
  try {
    await blocker.query("BEGIN");
    await blocker.query("LOCK TABLE dead_letter IN ACCESS EXCLUSIVE MODE"); // the job waits for it
    const first = start();
    let dead: string | undefined;
    await eventually(async () => (dead = await lockedBy()) !== undefined, {
      timeoutMs: 20_000,
      what: "the job begins",
    });
    first.kill();
    expect(await lockedBy()).toBe(dead); // still its own in the table
    await blocker.query("ROLLBACK");
    const second = start();
    await eventually(() => second.log().includes("jobs of workers that died are taken over"), { timeoutMs: 40_000 });
    expect(second.log()).toContain(dead);
    await eventually(
      async () => {
        const { rows } = await database.pool.query(
          "SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = 'delete-old-rows'",
        );
        return rows.length === 0;
      },
      { timeoutMs: 30_000, what: "the job is done" },
    );
    expect(await second.stop()).toBe(0);
  } finally {
    await blocker.query("ROLLBACK");
    blocker.release();
  }
}, 90_000);
