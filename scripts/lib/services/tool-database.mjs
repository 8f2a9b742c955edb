// The database for a command-line tool: the one of DATABASE_URL, the embedded one of a running `npm start`, or the
// embedded one started for as long as the tool runs.
import path from "node:path";
import { lockFolder, lockHolder } from "../folder-lock.mjs";
import { ensureGenerated, ensureInstalled } from "../product/prepare.mjs";
import { waitUntil } from "../processes.mjs";
import { endLeftovers, readRuntime } from "../product/runtime-file.mjs";
import { loadEnvironmentFile, prepareDataFolder, readStartOptions } from "../product/start-options.mjs";

const STARTING_MS = 180_000;

/** @typedef {{ env: Record<string, string>, close: () => Promise<void> }} ToolDatabase */

/**
 * Prepares what a tool needs. Answer: `{env, close()}` with the settings to add to the tool's environment.
 * @param {Record<string, string | undefined>} [env]
 * @returns {Promise<ToolDatabase>}
 */
export async function toolDatabase(env = process.env) {
  loadEnvironmentFile();
  const { dataDir, databaseUrl, publicUrl } = readStartOptions({ ...env, CAMPUS_DEMO: "0" });
  const saysWhere = Boolean(env.PUBLIC_URL);
  prepareDataFolder(dataDir);
  const steps = { logsDir: path.join(dataDir, "logs"), say: (/** @type {string} */ text) => console.error(text) };
  await ensureInstalled(steps);
  await ensureGenerated(steps);
  // Links that a tool writes lead to where people are: the address that was set, else that of the product which runs now.
  const settings = (/** @type {string} */ url) => ({
    DATABASE_URL: url,
    CAMPUS_DATA_DIR: dataDir,
    PUBLIC_URL: (saysWhere ? undefined : publicUrlOfRunningStart(dataDir, url)) ?? publicUrl,
  });
  if (databaseUrl) {
    const { assertMigrated, externalDatabase } = await import("./database.mjs");
    await externalDatabase(databaseUrl, { waitMs: 0, mayMake: false });
    await assertMigrated(databaseUrl);
    return { env: settings(databaseUrl), close: async () => {} };
  }

  const runningUrl = await urlOfRunningStart(dataDir);
  if (runningUrl) return { env: settings(runningUrl), close: async () => {} };

  const lock = await lockFolder(dataDir, { what: "a command-line tool" });
  try {
    await endLeftovers(dataDir);
    const { embeddedDatabase, migrate } = await import("./database.mjs");
    const embedded = await embeddedDatabase({ dataDir });
    await migrate(embedded.url);
    const close = async () => {
      await embedded.stop();
      lock.release();
    };
    return { env: settings(embedded.url), close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Where people reach a running `npm start` of this folder that uses this database; undefined when there is none.
 * @param {string} dataDir
 * @param {string} databaseUrl
 */
export function publicUrlOfRunningStart(dataDir, databaseUrl) {
  const runtime = readRuntime(dataDir);
  const runs = runtime && lockHolder(dataDir)?.pid === runtime.supervisorPid && runtime.databaseUrl === databaseUrl;
  return runs ? (runtime.publicUrl ?? runtime.url) : undefined;
}

/**
 * A start that has only just begun has no address yet; it is waited for.
 * @param {string} dataDir
 */
async function urlOfRunningStart(dataDir) {
  /** @type {string | undefined} */
  let url;
  await waitUntil(
    () => {
      const holder = lockHolder(dataDir);
      const runtime = readRuntime(dataDir);
      url = holder && runtime?.supervisorPid === holder.pid ? runtime.databaseUrl : undefined;
      return !holder || Boolean(url);
    },
    STARTING_MS,
    100,
  );
  return url;
}
