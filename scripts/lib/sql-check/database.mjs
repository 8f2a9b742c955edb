// A database for one check: the embedded PostgreSQL in a temporary folder, with the migrations of a house. It runs in a
// thread of its own, so that the product is read meanwhile.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { messageOf } from "../errors.mjs";
import { migrate } from "../migrate.mjs";
import { startPostgres, THROW_AWAY_SETTINGS } from "../services/postgres.mjs";

/** @typedef {{ url: string } | { failure: string }} Started */

/**
 * Starts the database; `url` resolves when it is migrated and rejects when it cannot be. `stop` ends it and removes its
 * folder, whatever became of it.
 * @param {string} migrations the folder
 * @returns {{ url: Promise<string>, stop: () => Promise<void> }}
 */
export function startDatabase(migrations) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { migrations } });
  const ended = new Promise((resolve) => worker.once("exit", resolve));
  /** @type {Promise<string>} */
  const url = new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (/** @type {Started} */ started) => {
      if ("url" in started) resolve(started.url);
      else reject(new Error(started.failure));
    });
  });
  url.catch(() => {}); // whoever waits for it hears of it
  return {
    url,
    async stop() {
      worker.postMessage("stop");
      await ended;
    },
  };
}

async function run() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "campus-sql-check-"));
  /** @type {Awaited<ReturnType<typeof startPostgres>> | undefined} */
  let server;
  /** @type {Promise<void>} */
  const told = new Promise((resolve) => parentPort?.once("message", () => resolve()));
  try {
    server = await startPostgres({
      dataDir: path.join(folder, "data"),
      logFile: path.join(folder, "log"),
      settings: { ...THROW_AWAY_SETTINGS, log_min_messages: "panic", log_min_error_statement: "panic" },
      diesWithParent: true,
    });
    const url = server.url("postgres");
    await migrate(url, workerData.migrations);
    parentPort?.postMessage({ url });
  } catch (error) {
    parentPort?.postMessage({ failure: messageOf(error) });
  }
  await told;
  await server?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
}

if (!isMainThread && parentPort) await run();
