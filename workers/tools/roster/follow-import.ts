import { setTimeout as delay } from "node:timers/promises";
import { isDatabaseDown, type Db } from "@/lib/platform/db/client";
import { hasJobWorker } from "@/lib/platform/jobs/run-jobs";
import { cancelImport } from "@/lib/roster/job/imports";
import { readImport, type ImportState } from "@/lib/roster/job/read-imports";
import type { ProgressView } from "./progress-view";
import { runHere, type OwnWorker } from "./run-here";

const LOOK_EVERY_MS = 250;
/** So long a worker that lives may take to begin. */
const MOMENT_MS = 2_000;
/** A running import says something several times a second: the process of one that is silent for so long may be dead. */
const SILENT_MS = 10_000;
/** So long the database may be away. */
const PATIENCE_MS = 60_000;

export type Follow = {
  client: Db;
  connectionString: string;
  id: string;
  view: ProgressView;
  /** Aborted: the import is to be cancelled. */
  cancel: AbortSignal;
};

/**
 * Follows a queued import to its end, and answers how it ended. When no worker takes it, or its worker died, this process works
 * on it itself. Throws when the database stays away.
 */
export async function followImport({ client, connectionString, id, view, cancel }: Follow): Promise<ImportState> {
  let own: OwnWorker | undefined;
  let isAsked = false;
  let answeredAtMs = performance.now();
  try {
    for (;;) {
      try {
        if (cancel.aborted && !isAsked) isAsked = (await cancelImport(client, id)) || isAsked;
        const state = await readImport(client, id);
        if (!state) throw new Error(`the import ${id} is gone`);
        if (state.finishedAt) return state;
        view.show(state);
        if (!own && (await isLeftAlone(client, state))) own = runHere(client, connectionString);
        answeredAtMs = performance.now();
      } catch (error) {
        if (!isDatabaseDown(error) || performance.now() - answeredAtMs > PATIENCE_MS) throw error;
      }
      await Promise.race([delay(LOOK_EVERY_MS), ...(own ? [failed(own)] : [])]);
    }
  } finally {
    await own?.stop();
  }
}

async function isLeftAlone(client: Db, { status, silentMs }: ImportState): Promise<boolean> {
  if (status === "QUEUED") return silentMs > MOMENT_MS || !(await hasJobWorker(client));
  return silentMs > SILENT_MS;
}

// Only its failure is news: it ends by itself when it is told to.
async function failed({ ended }: OwnWorker): Promise<void> {
  await ended;
  await new Promise(() => {});
}
