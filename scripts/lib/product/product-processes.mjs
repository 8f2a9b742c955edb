// How the processes of the product are started: the web server, the worker, and their development forms.
import fs from "node:fs";
import path from "node:path";
import { spawn } from "node:child_process";
import { messageOf } from "../errors.mjs";
import { nodeArguments, nodeBinary, root } from "../runtime.mjs";

/** @import { ChildProcess } from "node:child_process" */

const web = path.join(root, "server.ts");
const worker = path.join(root, "workers/main.ts");
const watchParent = ["--import", new URL("./parent-watch.mjs", import.meta.url).href];
// kafkajs computes negative timeouts; Node then prints a warning for each.
const quiet = ["--disable-warning=TimeoutNegativeWarning"];

/**
 * How large the heap may become, in MB. V8 goes by it long before it is reached: with the 4 GB that it takes on a large
 * machine it collects when three quarters of the heap are garbage, with these when a quarter is. The young generation keeps
 * its usual size, which V8 would make too small to be fast. Who sets a limit in NODE_OPTIONS decides alone.
 * @param {{ old: number, young: number }} limits
 */
const heap = ({ old, young }) =>
  /max[-_]old[-_]space[-_]size/.test(process.env.NODE_OPTIONS ?? "")
    ? []
    : [`--max-old-space-size=${old}`, `--max-semi-space-size=${young}`];

/** Node's arguments for the web server; `productEnvironment` says the port, and whether it is for development. */
export const webArguments = () => [...watchParent, ...heap({ old: 512, young: 16 }), ...nodeArguments(web)];

/**
 * Node's arguments for the worker with all roles, or with those named.
 * @param {{ dev?: boolean, roles?: string[] }} [options]
 */
export const workerArguments = ({ dev = false, roles = [] } = {}) =>
  dev
    ? [
        ...watchParent,
        path.join(root, "node_modules/tsx/dist/cli.mjs"),
        "watch",
        "--clear-screen=false",
        worker,
        ...roles,
      ]
    : [...watchParent, ...quiet, ...heap({ old: 384, young: 8 }), ...nodeArguments(worker), ...roles];

/**
 * What the settings of the product are made of.
 * @typedef {object} ProductOptions
 * @property {number} port
 * @property {string} publicUrl
 * @property {string} dataDir
 * @property {string} databaseUrl
 * @property {boolean} demo
 * @property {string | undefined} [host]
 * @property {boolean} [dev]
 */

/**
 * The settings that every process of the product gets on top of its environment.
 * @param {ProductOptions} options
 * @returns {Record<string, string>}
 */
export const productEnvironment = ({ port, publicUrl, dataDir, databaseUrl, demo, host, dev = false }) => ({
  PORT: String(port),
  PUBLIC_URL: publicUrl,
  CAMPUS_DATA_DIR: dataDir,
  DATABASE_URL: databaseUrl,
  CAMPUS_DEMO: demo ? "1" : "0",
  ...(host ? { CAMPUS_HOST: host } : {}),
  NODE_ENV: dev ? "development" : "production",
  NEXT_TELEMETRY_DISABLED: "1",
  KAFKAJS_NO_PARTITIONER_WARNING: "1",
});

/**
 * Starts one process of the product in its own process group. What it prints goes straight into `logFile`: a terminal
 * that nobody reads, or a supervisor that dies, can then never block it or break its pipes.
 * @param {string[]} args
 * @param {{ env: Record<string, string | undefined>, logFile: string }} options
 * @returns {ChildProcess}
 */
export function spawnProduct(args, { env, logFile }) {
  fs.mkdirSync(path.dirname(logFile), { recursive: true });
  const log = fs.openSync(logFile, "a", 0o600);
  try {
    return spawn(nodeBinary(), args, {
      cwd: root,
      env: { ...process.env, ...env, CAMPUS_SUPERVISOR_PID: String(process.pid) },
      stdio: ["ignore", log, log],
      detached: true,
    });
  } finally {
    fs.closeSync(log);
  }
}

/**
 * True when the web server at `url` says that it and its dependencies are ready; `onAnswer` sees every other answer. With
 * `startId` it has to be the very one that was started with it (parent-watch.mjs), not another program on its port.
 * @param {string} url
 * @param {{ startId?: string | undefined, onAnswer?: (answer: string) => void }} [options]
 */
export async function isReady(url, { startId, onAnswer = () => {} } = {}) {
  try {
    const response = await fetch(`${url}/api/health/ready`, { signal: AbortSignal.timeout(3_000) });
    const body = await response.text();
    const isOurs = startId === undefined || response.headers.get("x-campus-start") === startId;
    if (response.status === 200 && isOurs) return true;
    onAnswer(isOurs ? `${response.status} ${body.slice(0, 300)}` : "another program answers on this port");
  } catch (error) {
    onAnswer(messageOf(error instanceof Error && error.cause ? error.cause : error));
  }
  return false;
}
