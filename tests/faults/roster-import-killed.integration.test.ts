import path from "node:path";
import { afterEach, expect, it } from "vitest";
import { env } from "@/lib/platform/runtime/env";
import { generatedFiles, generateSchool } from "@/tests/load/school/generate-school";
import { testDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { rosterJobs } from "@/tests/support/roster-jobs";
import { startProcess, type SourceProcess } from "./support/source-processes";

const database = await testDatabase();
const { prisma: client, pool, url } = database;
const { queued, withWorker, held, isHeld, end, left } = rosterJobs(database, env().CAMPUS_DATA_DIR);
const processes: SourceProcess[] = [];
const start = (entry: string, ...args: string[]) => {
  const started = startProcess(entry, args, { DATABASE_URL: url });
  processes.push(started);
  return started;
};
afterEach(() => Promise.all(processes.map((each) => each.kill())));

const shape = { students: 40, teachers: 3, sections: 20, courses: 10 };
const attempts = async (id: string) => (await client.rosterImport.findUnique({ where: { id } }))?.attempts;

it("an import whose worker is killed while it writes is taken over, and comes out once", async () => {
  const files = generatedFiles({ ...shape, school: "killed" });
  const id = await queued(files);
  await held(async () => {
    const worker = start("workers/main.ts", "jobs");
    await isHeld(id);
    await worker.kill();
  }, "WRITE");
  const second = start("workers/main.ts", "jobs");
  const done = await end(id);
  expect(done).toMatchObject({ status: "DONE" });
  if (done.result?.status !== "DONE") throw new Error("not done");
  const { tallies } = done.result.report;
  expect(tallies.sections).toMatchObject({ created: 20, unchanged: 0 });
  expect(await attempts(id)).toBe(2);
  expect(await client.user.count()).toBe(tallies.users.created);
  expect(await client.section.count()).toBe(20);
  expect(await client.auditEntry.count({ where: { action: "roster.imported" } })).toBe(1);
  expect(await left()).toEqual({ chunks: 0, hashes: 0 });
  await eventually(async () => {
    const { rows } = await pool.query("SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = 'roster-import'");
    return rows.length === 0;
  });
  expect(await second.stop()).toBe(0);
}, 120_000);

it("a worker that is stopped in the middle gives its import back and ends well", async () => {
  const id = await queued(generatedFiles({ ...shape, school: "given-back" }));
  const worker = await held(async () => {
    const started = start("workers/main.ts", "jobs");
    await isHeld(id);
    started.child.kill("SIGTERM");
    await eventually(() => started.log().includes('"stopping"'));
    return started;
  });
  expect(await worker.stop()).toBe(0);
  expect(await client.rosterImport.findUnique({ where: { id } })).toMatchObject({ status: "QUEUED", attempts: 1 });
  expect(await withWorker(() => end(id))).toMatchObject({ status: "DONE" });
}, 60_000);

it("a command line that leaves at the second Ctrl-C leaves an import that the next command ends", async () => {
  const folder = path.join(env().CAMPUS_DATA_DIR, "left");
  await generateSchool(folder, { ...shape, school: "left" });
  const tool = "workers/tools/roster.ts";
  let id = "";
  const importing = await held(async () => {
    const started = start(tool, "import", folder);
    id = (await eventually(() => client.rosterImport.findFirst({ where: { finishedAt: null } }), { timeoutMs: 40_000 }))
      .id;
    await isHeld(id);
    started.child.kill("SIGINT");
    await eventually(async () => (await client.rosterImport.findUnique({ where: { id } }))?.cancelRequestedAt);
    await started.stop(); // SIGTERM: it waits for nothing any more
    return started;
  });
  expect(importing.child.exitCode).toBe(130);
  expect(await client.rosterImport.findUnique({ where: { id } })).toMatchObject({ status: "RUNNING" });
  const cancelling = start(tool, "cancel", id);
  expect(await end(id)).toMatchObject({ status: "CANCELLED" });
  await eventually(() => cancelling.child.exitCode !== null, { timeoutMs: 20_000 });
  expect(cancelling.child.exitCode).toBe(0);
  expect(await client.school.count({ where: { sourcedId: "left" } })).toBe(0);
  expect(await left()).toEqual({ chunks: 0, hashes: 0 });
}, 120_000);
