import type { Db } from "@/lib/platform/db/client";
import { LockSession } from "@/lib/platform/events/lock-session";
import { runJobs } from "@/lib/platform/jobs/run-jobs";
import { settleLostImports } from "@/lib/roster/job/settle-imports";
import { rosterImportTask } from "../../jobs/roster-import";

/** A worker for roster imports in this process. */
export type OwnWorker = {
  /** Rejects when it cannot go on. */
  ended: Promise<void>;
  /** Gives back what it has begun, and waits for that. */
  stop(): Promise<void>;
};

/**
 * Works on roster imports in this process, as the role `jobs` does in a worker: also on one that waits before ours, and on one
 * whose process died.
 */
export function runHere(client: Db, connectionString: string): OwnWorker {
  const session = new LockSession(connectionString);
  const stopping = new AbortController();
  const ended = runJobs(
    {
      tasks: [rosterImportTask(client)],
      client,
      session,
      connectionString,
      eachRound: () => settleLostImports(client),
    },
    { signal: stopping.signal, onProgress: () => {} },
  ).finally(() => session.close());
  ended.catch(() => {}); // whoever follows the import asks
  return {
    ended,
    async stop() {
      stopping.abort();
      await ended.catch(() => {});
    },
  };
}
