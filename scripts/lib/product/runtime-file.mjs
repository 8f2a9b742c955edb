// CAMPUS_DATA_DIR/runtime.json: what runs now. Other commands find the embedded database through it, and a start after a
// crash of the supervisor finds the processes that it left behind.
import fs from "node:fs";
import path from "node:path";
import { isSame, signalProcess, waitUntil } from "../processes.mjs";

/** @import { RememberedProcess } from "../processes.mjs" */

/**
 * What runs now: the address of this machine and the one that links lead to, the database, and the processes.
 * @typedef {object} Runtime
 * @property {string} url
 * @property {string} [publicUrl]
 * @property {string} databaseUrl
 * @property {number} supervisorPid
 * @property {RememberedProcess[]} [processes]
 */

/** @param {string} dataDir */
const fileOf = (dataDir) => path.join(dataDir, "runtime.json");

/**
 * What the file says; undefined when there is none.
 * @param {string} dataDir
 * @returns {Runtime | undefined}
 */
export function readRuntime(dataDir) {
  try {
    return JSON.parse(fs.readFileSync(fileOf(dataDir), "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Replaces the file. It holds the address of the database with its password, so it is for its owner alone.
 * @param {string} dataDir
 * @param {Runtime} runtime
 */
export function writeRuntime(dataDir, runtime) {
  const draft = `${fileOf(dataDir)}.${process.pid}`;
  fs.writeFileSync(draft, JSON.stringify(runtime), { mode: 0o600 });
  fs.renameSync(draft, fileOf(dataDir));
}

/**
 * Removes the file.
 * @param {string} dataDir
 */
export const removeRuntime = (dataDir) => fs.rmSync(fileOf(dataDir), { force: true });

/**
 * Ends web and worker processes of a supervisor that was killed. They notice it by themselves and drain; the ones that
 * still run after `drainMs` are killed. The caller must hold the folder's lock.
 * @param {string} dataDir
 */
export async function endLeftovers(dataDir, drainMs = 9_000) {
  const left = (readRuntime(dataDir)?.processes ?? []).filter(isSame);
  for (const { pid } of left) signalProcess(-pid, "SIGTERM");
  if (!(await waitUntil(() => !left.some(isSame), drainMs))) {
    for (const remembered of left) if (isSame(remembered)) signalProcess(-remembered.pid, "SIGKILL");
    await waitUntil(() => !left.some(isSame), 5_000);
  }
  removeRuntime(dataDir);
}
