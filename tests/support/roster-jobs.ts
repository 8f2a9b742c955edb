import { classMarks } from "@/lib/attendance/class-changes/was-held";
import { LockSession } from "@/lib/platform/events/lock-session";
import { task } from "@/lib/platform/jobs/kind";
import { runJobs } from "@/lib/platform/jobs/run-jobs";
import { createImport, queueImport, type ImportRequest } from "@/lib/roster/job/imports";
import { ROSTER_IMPORT } from "@/lib/roster/job/kind";
import { readImport, type ImportState } from "@/lib/roster/job/read-imports";
import { runImportJob, type ImportJobParts } from "@/lib/roster/job/run-import-job";
import { settleLostImports } from "@/lib/roster/job/settle-imports";
import { memorySource } from "@/lib/roster/sources/sources";
import { storeSource } from "@/lib/roster/store/store-source";
import { eventually } from "./eventually";
import type { TestDatabase } from "./database";

const REQUEST: ImportRequest = {
  dryRun: false,
  timeZone: "Europe/Prague",
  sharedPasswordHash: "$argon2id$test",
  publicUrl: "https://campus.example.edu",
};

const LOCKS = { COMPARE: "section IN ACCESS EXCLUSIVE", WRITE: "class_session IN SHARE" };

/** Imports as jobs, in this process, on the database of a test. */
export function rosterJobs({ prisma: client, pool, url }: TestDatabase, dataDir: string) {
  const parts: ImportJobParts = { client, dataDir, marks: classMarks, afterwards: () => Promise.resolve() };

  return {
    parts,
    /** Stores and queues an import of these files; answers its id. */
    async queued(files: Record<string, string>, request: Partial<ImportRequest> = {}): Promise<string> {
      const id = await createImport(client, { ...REQUEST, ...request });
      await storeSource(client, id, memorySource(files));
      await queueImport(client, id);
      return id;
    },
    /** Runs a worker for imports beside `test`, and drains it. */
    async withWorker<T>(test: (stop: () => void) => Promise<T>, more: Partial<ImportJobParts> = {}): Promise<T> {
      const session = new LockSession(url);
      const stop = new AbortController();
      const run = task(ROSTER_IMPORT, (payload, context) => runImportJob(payload, context, { ...parts, ...more }));
      const eachRound = () => settleLostImports(client);
      const options = { tasks: [run], client, session, connectionString: url, eachRound, pollMs: 200 };
      const worker = runJobs(options, { signal: stop.signal, onProgress: () => {} });
      try {
        return await test(() => stop.abort());
      } finally {
        stop.abort();
        await worker;
        await session.close();
      }
    },
    async state(id: string): Promise<ImportState> {
      const state = await readImport(client, id);
      if (!state) throw new Error("no such import");
      return state;
    },
    /** Waits for the end of an import. */
    async end(id: string): Promise<ImportState> {
      let state: ImportState | null = null;
      await eventually(async () => (state = await readImport(client, id))?.finishedAt, { timeoutMs: 40_000 });
      if (!state) throw new Error("no such import");
      return state;
    },
    /** While `test` runs, imports stand still: before they write anything, or when people and sections are written. */
    async held<T>(test: () => Promise<T>, phase: keyof typeof LOCKS = "COMPARE"): Promise<T> {
      const blocker = await pool.connect();
      try {
        await blocker.query(
          `BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; LOCK TABLE ${LOCKS[phase]} MODE`,
        );
        return await test();
      } finally {
        await blocker.query("ROLLBACK");
        blocker.release();
      }
    },
    /** Waits until an import stands still where `held` holds it. */
    async isHeld(id: string): Promise<void> {
      await eventually(async () => (await readImport(client, id))?.status === "RUNNING", { timeoutMs: 20_000 });
      await eventually(
        async () => {
          const { rows } = await pool.query(
            `SELECT 1 FROM pg_locks WHERE NOT granted AND relation IN ('section'::regclass, 'class_session'::regclass)
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
          );
          return rows.length > 0;
        },
        { timeoutMs: 20_000, what: "the import is held" },
      );
    },
    /** What is left of the files of all imports, and of the hashes of their passwords. */
    async left(): Promise<{ chunks: number; hashes: number }> {
      const chunks = await client.rosterImportChunk.count();
      const hashes = await client.rosterImport.count({ where: { sharedPasswordHash: { not: null } } });
      return { chunks, hashes };
    },
  };
}
