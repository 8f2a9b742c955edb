import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { env } from "@/lib/platform/runtime/env";
import { newId } from "@/lib/shared/ids";
import { generatedFiles } from "@/tests/load/school/generate-school";
import { testDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { rosterJobs } from "@/tests/support/roster-jobs";
import { memorySource } from "../sources/sources";
import { NotStoring, storeSource } from "../store/store-source";
import { cancelImport, createImport, endStoring, queueImport } from "./imports";
import { listImports, type ImportState } from "./read-imports";
import { runImportJob } from "./run-import-job";
import { deleteOldImports, endLeftStoring, settleLostImports } from "./settle-imports";

const database = await testDatabase();
const { prisma: client, pool } = database;
const dataDir = env().CAMPUS_DATA_DIR;
const { parts, queued, withWorker, state, end, held, isHeld, left } = rosterJobs(database, dataDir);

const SHAPE = { students: 6, teachers: 2, sections: 6, courses: 4 };
const small = (school: string) => generatedFiles({ ...SHAPE, school });
const people = (school: string) => client.user.count({ where: { school: { sourcedId: school } } });
const never = new AbortController().signal;
const context = { signal: never, onProgress: () => {}, isLastAttempt: false };
const linksOf = (id: string) => readdirSync(path.join(dataDir, "invitations")).filter((name) => name.includes(id));
const jobs = async () => (await pool.query<{ id: string }>("SELECT id FROM graphile_worker.jobs")).rows;

beforeEach(async () => {
  await pool.query("DELETE FROM graphile_worker._private_jobs");
  await client.rosterImport.deleteMany({});
});

describe("an import as a job", () => {
  it("says how far it is until all is done, and leaves no file and no hash of a password", async () => {
    const id = await queued(generatedFiles({ school: "far" }));
    const seen: ImportState[] = [];
    const done = await withWorker(async () => {
      await eventually(
        async () => {
          seen.push(await state(id));
          return seen.at(-1)?.finishedAt;
        },
        { timeoutMs: 50_000, everyMs: 50 },
      );
      return state(id);
    });
    expect(done).toMatchObject({ status: "DONE", phase: "WRITE", result: { status: "DONE" } });
    if (done.result?.status !== "DONE") throw new Error("not done");
    expect(done.result.report).toMatchObject({ dryRun: false, withoutPassword: 3_987, invitations: null });
    expect(done.result.report.tallies.sections.created).toBe(574);
    expect(done.total).toBeGreaterThan(10_000);
    expect(done.done).toBe(done.total);
    const order = ["STORE", "READ", "COMPARE", "WRITE"];
    const places = seen.map(
      ({ phase, done: at, total }) => order.indexOf(phase) + (total === 0 ? 0 : at / (total + 1)),
    );
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(new Set(places).size).toBeGreaterThan(3);
    expect(await people("far")).toBe(3_987);
    expect(await left()).toEqual({ chunks: 0, hashes: 0 });
    expect(await client.rosterImport.findUnique({ where: { id } })).toMatchObject({ attempts: 1, errorCode: null });
  }, 60_000);

  it("that is refused changes nothing, and says where", async () => {
    const files = small("refused");
    const enrollments = `${files["enrollments.csv"] ?? ""}x1,,,s1,refused,nobody,student,\n`;
    const id = await queued({ ...files, "enrollments.csv": enrollments });
    const refused = await withWorker(() => end(id));
    expect(refused.result).toMatchObject({
      status: "REFUSED",
      refusal: { errorCount: 1, errors: [{ file: "enrollments.csv", code: "danglingUser" }] },
    });
    expect(await people("refused")).toBe(0);
    expect(await left()).toEqual({ chunks: 0, hashes: 0 });
    expect(await jobs()).toEqual([]);
  });

  it("that is a dry run reports and changes nothing", async () => {
    const id = await queued(small("dry"), { dryRun: true });
    const dry = await withWorker(() => end(id));
    expect(dry.result).toMatchObject({
      status: "DONE",
      report: { dryRun: true, tallies: { sections: { created: 6 } } },
    });
    expect(await people("dry")).toBe(0);
    expect(await left()).toEqual({ chunks: 0, hashes: 0 });
  });

  it("writes links of invitations to a file for its owner's eyes, and to no table", async () => {
    const id = await queued(small("invited"), { sharedPasswordHash: null });
    const folder = path.join(dataDir, "invitations");
    // As of an attempt that died before its commit, and of another import.
    mkdirSync(folder, { recursive: true });
    const { createdAt } = await client.rosterImport.update({ where: { id }, data: { attempts: 1 } });
    const begin = `${createdAt.toISOString().replaceAll(":", "-")}-`;
    for (const name of [`${begin}${id}-1.csv`, `${begin}other-1.csv`]) writeFileSync(path.join(folder, name), "x");
    const invited = await withWorker(() => end(id));
    if (invited.result?.status !== "DONE") throw new Error("not done");
    const { invitations } = invited.result.report;
    expect(readdirSync(folder).sort()).toEqual([`${begin}${id}-2.csv`, `${begin}other-1.csv`].sort());
    expect(invitations).toMatchObject({ count: await people("invited"), origin: "https://campus.example.edu" });
    const file = invitations?.file ?? "";
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const token = /\/invite\/([\w-]{20,})/.exec(readFileSync(file, "utf8"))?.[1];
    const { rows } = await pool.query<{ row: string }>("SELECT i::text AS row FROM roster_import i");
    expect(token).toBeDefined();
    for (const { row } of rows) expect(row).not.toContain(token);
  });
});

describe("an import that is cancelled", () => {
  it("in the middle changes nothing", async () => {
    const id = await queued(small("middle"), { sharedPasswordHash: null });
    await withWorker(async () => {
      await held(async () => {
        await isHeld(id);
        expect(await cancelImport(client, id)).toBe(true);
        await eventually(async () => (await state(id)).isCancelRequested);
      });
      expect(await end(id)).toMatchObject({ status: "CANCELLED", result: null });
    });
    expect(await client.school.count({ where: { sourcedId: "middle" } })).toBe(0);
    expect(await left()).toEqual({ chunks: 0, hashes: 0 });
    expect(await jobs()).toEqual([]);
    expect(await cancelImport(client, id)).toBe(false);
  });

  it("after its last look does not commit", async () => {
    const id = await queued(small("late"), { sharedPasswordHash: null });
    const afterwards = () => cancelImport(client, id);
    expect(await withWorker(() => end(id), { afterwards })).toMatchObject({ status: "CANCELLED" });
    expect(await people("late")).toBe(0);
    expect(linksOf(id)).toEqual([]);
  });

  it("before it begins never begins", async () => {
    const waiting = await queued(small("waiting"));
    expect(await cancelImport(client, waiting)).toBe(true);
    expect(await state(waiting)).toMatchObject({ status: "CANCELLED" });
    const storing = await createImport(client, {
      dryRun: false,
      timeZone: null,
      sharedPasswordHash: "$",
      publicUrl: "",
    });
    expect(await cancelImport(client, storing)).toBe(true);
    await expect(storeSource(client, storing, memorySource(small("waiting")))).rejects.toThrow(NotStoring);
    await expect(queueImport(client, storing)).rejects.toThrow(NotStoring);
    expect(await left()).toEqual({ chunks: 0, hashes: 0 });
    await withWorker(() => eventually(async () => (await jobs()).length === 0));
    expect(await people("waiting")).toBe(0);
    expect(await cancelImport(client, "nothing")).toBe(false);
  });
});

describe("several imports and several workers", () => {
  it("run one after another", async () => {
    const [first, second] = [await queued(small("queue-1")), await queued(small("queue-2"))];
    await withWorker(() =>
      withWorker(async () => {
        await held(async () => {
          await isHeld(first);
          expect(await state(second)).toMatchObject({ status: "QUEUED" });
        });
        expect(await end(first)).toMatchObject({ status: "DONE" });
        expect(await end(second)).toMatchObject({ status: "DONE" });
      }),
    );
    const rows = await client.rosterImport.findMany({ orderBy: { id: "asc" } });
    expect(rows[1]?.startedAt?.getTime()).toBeGreaterThanOrEqual(rows[0]?.finishedAt?.getTime() ?? Infinity);
    expect((await listImports(client)).map(({ id }) => id)).toEqual([second, first]);
  });

  it("give an import back when they stop, and the next one runs it", async () => {
    const id = await queued(small("back"));
    const [before] = await jobs();
    await withWorker((stop) =>
      held(async () => {
        await isHeld(id);
        stop();
      }),
    );
    expect(await state(id)).toMatchObject({ status: "QUEUED", isCancelRequested: false });
    expect(await people("back")).toBe(0);
    const [after, ...others] = await jobs();
    expect(others).toEqual([]);
    expect(after?.id).not.toBe(before?.id);
    expect(await withWorker(() => end(id))).toMatchObject({ status: "DONE" });
    expect(await people("back")).toBeGreaterThan(0);
  });

  it("do not commit an import that another has taken over", async () => {
    const id = await queued(small("twice"));
    const outcomes = await held(async () => {
      const runs = [1, 2].map(async () => {
        await runImportJob({ importId: id }, context, parts);
        return "done";
      });
      await eventually(async () => (await client.rosterImport.findUnique({ where: { id } }))?.attempts === 2);
      return { runs: Promise.allSettled(runs) };
    });
    expect((await outcomes.runs).map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await state(id)).toMatchObject({
      status: "DONE",
      result: { report: { tallies: { users: { unchanged: 0 } } } },
    });
    expect(await client.auditEntry.count({ where: { action: "roster.imported", requestId: id } })).toBe(1);
    // And once more, as after a crash between the commit and the word that the job is done.
    await runImportJob({ importId: id }, context, parts);
    expect(await client.rosterImport.findUnique({ where: { id } })).toMatchObject({ attempts: 2 });
  });
});

describe("an import that fails", () => {
  it("is tried three times, and then it has failed", async () => {
    const id = await queued(small("defect"));
    const afterwards = () => Promise.reject(new TypeError("of ours: pat@example.edu"));
    const failed = await withWorker(
      () =>
        eventually(
          async () => {
            await pool.query("UPDATE graphile_worker._private_jobs SET run_at = now() WHERE locked_at IS NULL");
            const now = await state(id);
            return now.finishedAt && now;
          },
          { timeoutMs: 25_000, everyMs: 100 },
        ),
      { afterwards },
    );
    expect(failed.result).toEqual({ status: "FAILED", failure: "defect", reason: "TypeError" });
    expect(await client.rosterImport.findUnique({ where: { id } })).toMatchObject({ attempts: 3 });
    expect(await people("defect")).toBe(0);
    const { rows } = await pool.query("SELECT last_error FROM graphile_worker.jobs");
    expect(rows).toEqual([{ last_error: "the import did not come through: TypeError" }]);
    expect(await left()).toEqual({ chunks: 0, hashes: 0 });
  });

  it("for want of the database runs once more, and comes out right", async () => {
    const id = await queued(small("outage"));
    await withWorker(async () => {
      await held(async () => {
        await isHeld(id);
        await pool.query(
          `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted AND relation = 'section'::regclass
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        );
        await eventually(async () => (await state(id)).status === "QUEUED");
      });
      await pool.query("UPDATE graphile_worker._private_jobs SET run_at = now()");
      expect(await end(id)).toMatchObject({ status: "DONE" });
    });
    expect(await client.rosterImport.findUnique({ where: { id } })).toMatchObject({ attempts: 2, errorCode: null });
    expect(await left()).toEqual({ chunks: 0, hashes: 0 });
  });

  it("after its commit, for want of the answer, is done and keeps its links", async () => {
    const id = await queued(small("unanswered"), { sharedPasswordHash: null });
    let commits = 0;
    const deaf = new Proxy(client, {
      get(target, key) {
        if (key !== "$transaction") return Reflect.get(target, key) as unknown;
        return async (...args: Parameters<typeof client.$transaction>) => {
          const result = await target.$transaction(...args);
          if ((commits += 1) === 1) throw Object.assign(new Error("the connection is lost"), { code: "ECONNRESET" });
          return result;
        };
      },
    });
    const { result } = await withWorker(() => end(id), { client: deaf });
    if (result?.status !== "DONE") throw new Error("not done");
    expect(readFileSync(result.report.invitations?.file ?? "", "utf8")).toContain("/invite/");
    expect(await client.rosterImport.findUnique({ where: { id } })).toMatchObject({ attempts: 1 });
    expect(await jobs()).toEqual([]);
    expect(commits).toBe(1);
  });

  it("in a database without a column has failed right away", async () => {
    const id = await queued(small("old"));
    const afterwards = () => client.$executeRawUnsafe("SELECT ended FROM school");
    const { result } = await withWorker(() => end(id), { afterwards });
    expect(result).toMatchObject({ status: "FAILED", failure: "notMigrated" });
  });

  it("with its last process does not run for ever", async () => {
    const [dead, cancelled, waiting] = [await queued(small("a")), await queued(small("b")), await queued(small("c"))];
    await client.rosterImport.updateMany({ where: { id: { in: [dead, cancelled] } }, data: { status: "RUNNING" } });
    await client.rosterImport.update({ where: { id: cancelled }, data: { cancelRequestedAt: new Date() } });
    const gone = await client.rosterImport.findUniqueOrThrow({ where: { id: dead } });
    await pool.query("DELETE FROM graphile_worker._private_jobs WHERE id = $1", [gone.jobId]);
    const last = await client.rosterImport.findUniqueOrThrow({ where: { id: cancelled } });
    const attempts = (lockedBy: string | null) =>
      pool.query(
        "UPDATE graphile_worker._private_jobs SET attempts = 3, locked_at = now(), locked_by = $1 WHERE id = $2",
        [lockedBy, last.jobId],
      );
    await attempts("worker-1");
    await settleLostImports(client);
    expect((await state(dead)).result).toMatchObject({ status: "FAILED", failure: "workerDied" });
    expect(await state(cancelled)).toMatchObject({ status: "RUNNING" }); // its last attempt runs
    await pool.query("UPDATE graphile_worker._private_jobs SET locked_at = NULL, locked_by = NULL");
    await settleLostImports(client);
    expect(await state(cancelled)).toMatchObject({ status: "CANCELLED" });
    expect(await state(waiting)).toMatchObject({ status: "QUEUED" });
  });
});

describe("what is kept of imports", () => {
  it("are no files that nobody stores further, and no import after 90 days", async () => {
    const request = { dryRun: false, timeZone: null, sharedPasswordHash: "$argon2id$", publicUrl: "" };
    const ids = [await createImport(client, request), await createImport(client, request)];
    for (const id of ids) await storeSource(client, id, memorySource(small("left")));
    const [first = "", second = ""] = ids;
    const hours = (n: number) => ({ now: new Date(Date.now() + n * 3_600_000), signal: never });
    expect(await endLeftStoring(client, hours(0))).toBe(0);
    await client.rosterImport.update({ where: { id: second }, data: { movedAt: hours(1).now } });
    expect(await endLeftStoring(client, hours(1.1))).toBe(1);
    expect((await state(first)).result).toEqual({ status: "FAILED", failure: "notStored", reason: null });
    expect(await client.rosterImportChunk.count({ where: { importId: first } })).toBe(0);
    expect(await endStoring(client, second, { status: "REFUSED", refusal: { errors: [], errorCount: 1 } })).toBe(true);
    expect(await endStoring(client, second, { status: "REFUSED", refusal: { errors: [], errorCount: 1 } })).toBe(false);
    const open = await client.rosterImport.create({ data: { id: newId(), dryRun: false, publicUrl: "" } });
    expect(await deleteOldImports(client, hours(24 * 89))).toBe(0);
    expect(await deleteOldImports(client, hours(24 * 91))).toBe(2);
    expect((await listImports(client)).map(({ id }) => id)).toEqual([open.id]);
  });
});
