// A redis-server of our own.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { freePort, isListening } from "../ports.mjs";
import { dieWithParent } from "./postgres-binaries.mjs";
import { describeProcess, isAlive, pidOf, tailOf, waitUntil } from "../processes.mjs";

/**
 * Starts redis-server on 127.0.0.1 with its files in `dir`; nothing is saved to disk. `databases` is how many numbered
 * databases it offers; with `diesWithParent` it ends when this process does, however that ends. Answer: `{pid, identity, port, url}`.
 * @param {{ dir: string, port?: number | undefined, databases?: number, diesWithParent?: boolean }} options
 */
export async function startRedis({ dir, port, databases = 16, diesWithParent = false }) {
  fs.mkdirSync(dir, { recursive: true });
  const chosen = await freePort(port);
  const logFile = path.join(dir, "redis.log");
  const options = { port: chosen, bind: "127.0.0.1", dir, save: "", appendonly: "no", databases, daemonize: "no" };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const log = fs.openSync(logFile, "a");
  const [command, ...prefix] = [...(diesWithParent ? dieWithParent("KILL") : []), "redis-server"];
  const child = spawn(command, [...prefix, ...args], { stdio: ["ignore", log, log], detached: true });
  fs.closeSync(log);
  /** @type {string | undefined} */
  let failure;
  child.once("error", (error) => (failure = error.message));
  await waitUntil(async () => failure !== undefined || child.exitCode !== null || (await isListening(chosen)), 10_000);
  if (failure !== undefined || !isAlive(pidOf(child)) || !(await isListening(chosen))) {
    throw new Error(
      `redis-server did not start${failure ? `: ${failure}` : ""}. Its log, ${logFile}, says:\n${tailOf(logFile)}`,
    );
  }
  child.unref();
  return { ...describeProcess(pidOf(child)), port: chosen, url: `redis://127.0.0.1:${chosen}` };
}
