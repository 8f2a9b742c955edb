// A PostgreSQL cluster of our own: made once, started, stopped, and taken back from a supervisor that was killed.
// The caller must hold the folder (folder-lock.mjs): what still runs on the cluster is then nobody's.
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { messageOf } from "../errors.mjs";
import { freePort } from "../ports.mjs";
import { dieWithParent, embeddedBinaries, makeReachable, unprivileged } from "./postgres-binaries.mjs";
import { describeProcess, isAlive, pidOf, signalProcess, tailOf, waitUntil } from "../processes.mjs";

/** @import { Binaries, Runner } from "./postgres-binaries.mjs" */

const USER = "campus";
const PASSWORD_FILE = "campus.password";
const READY_MS = 60_000;
const LOG_LIMIT_BYTES = 10_000_000;

/**
 * What a cluster is started with.
 * @typedef {object} PostgresOptions
 * @property {string} dataDir
 * @property {string} logFile
 * @property {number | undefined} [port]
 * @property {Record<string, string>} [settings]
 * @property {Binaries} [binaries]
 * @property {boolean} [diesWithParent]
 */

/** Fast and not durable: for clusters whose data may vanish with the machine, such as those of the tests. */
export const THROW_AWAY_SETTINGS = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  shared_buffers: "128MB",
  max_connections: "100",
  max_locks_per_transaction: "256",
  idle_in_transaction_session_timeout: "15s",
  log_checkpoints: "off",
  timezone: "UTC", // a new cluster would take the machine's
};

/**
 * Makes the cluster in `dataDir` when there is none and starts it. Resolves once it accepts connections; rejects with the
 * tail of its log otherwise. `port` is a wish, the answer says what it became. Answer: `{pid, port, url(database), exited,
 * stop()}`, where `exited` resolves when the server ends for whatever reason.
 * @param {PostgresOptions} options
 */
export async function startPostgres({
  dataDir,
  logFile,
  port,
  settings = {},
  binaries = embeddedBinaries(),
  diesWithParent = false,
}) {
  const runner = unprivileged();
  makeReachable({ runner, folder: path.dirname(dataDir), program: binaries.postgres });
  const major = majorOf(binaries.postgres);
  if (!fs.existsSync(path.join(dataDir, "PG_VERSION")))
    createCluster({ dataDir, runner, initdb: binaries.initdb, major });
  assertUsable(dataDir, major);
  takeOwnership(dataDir, runner);
  await clearRemains(dataDir);
  if ((fs.statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES)
    fs.renameSync(logFile, `${logFile}.1`);

  const wrapper = [...runner.prefix, ...(diesWithParent ? dieWithParent("INT") : [])];
  let wish = port;
  for (let attempt = 1; ; attempt++) {
    const chosen = await freePort(wish);
    try {
      return await launch({ dataDir, logFile, port: chosen, wrapper, settings, postgres: binaries.postgres });
    } catch (error) {
      // Between our look and its bind somebody else took the port.
      if (attempt === 3 || !/Address already in use/i.test(messageOf(error))) throw error;
      wish = undefined;
    }
  }
}

/**
 * The major version of a PostgreSQL program; NaN when it does not run.
 * @param {string} program
 */
const majorOf = (program) =>
  Number(/(\d+)/.exec(spawnSync(program, ["--version"], { encoding: "utf8" }).stdout ?? "")?.[1]);

/** @param {string} folder */
const isAbsentOrEmpty = (folder) => !fs.existsSync(folder) || fs.readdirSync(folder).length === 0;

const DRAFT_MARK = "unfinished"; // so that we know our own draft, and delete nobody else's folder

/** @param {{ dataDir: string, runner: Runner, initdb: string, major: number }} options */
function createCluster({ dataDir, runner, initdb, major }) {
  if (!isAbsentOrEmpty(dataDir)) {
    throw new Error(
      `${dataDir} is not empty, and not a PostgreSQL data folder either (it has no PG_VERSION); it was left as it is. ` +
        "If it is a damaged database, restore it; else move it away, or choose another data folder with CAMPUS_DATA_DIR.",
    );
  }
  // Renamed when complete: a cluster that was half made by a crash is never started.
  const draft = `${dataDir}.init`;
  const cluster = path.join(draft, "cluster");
  if (!isAbsentOrEmpty(draft) && !fs.existsSync(path.join(draft, DRAFT_MARK)))
    throw new Error(`${draft} is in the way of making a database: move it away.`);
  fs.rmSync(draft, { recursive: true, force: true });
  fs.mkdirSync(draft, { recursive: true, mode: 0o700 });
  fs.writeFileSync(path.join(draft, DRAFT_MARK), "");
  fs.mkdirSync(cluster, { mode: 0o700 });
  const passwordFile = path.join(draft, "password");
  const password = randomBytes(24).toString("base64url");
  fs.writeFileSync(passwordFile, password, { mode: 0o600 });
  try {
    if (runner.account) {
      for (const file of [draft, cluster, passwordFile]) fs.chownSync(file, runner.account.uid, runner.account.gid);
    }
    // The builtin provider sorts the same on every machine, whatever locales it has installed.
    const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
    const access = [`--username=${USER}`, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
    const localeOptions = major >= 17 ? locale : ["--encoding=UTF8", "--locale=C.UTF-8"];
    const [command, ...prefix] = [...runner.prefix, initdb];
    const result = spawnSync(command, [...prefix, "-D", cluster, ...access, ...localeOptions], {
      encoding: "utf8",
      cwd: "/", // an account may not see the present folder
    });
    if (result.status !== 0) {
      throw new Error(
        `PostgreSQL could not make its data folder ${dataDir}:\n${result.error?.message ?? result.stderr}`,
      );
    }
    fs.writeFileSync(path.join(cluster, PASSWORD_FILE), password, { mode: 0o600 });
    fs.renameSync(cluster, dataDir);
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

/** @param {string} dataDir @param {number} major */
function assertUsable(dataDir, major) {
  const made = fs.readFileSync(path.join(dataDir, "PG_VERSION"), "utf8").trim();
  if (!Number.isNaN(major) && Number(made) !== major) {
    throw new Error(
      `${dataDir} was made by PostgreSQL ${made || "(PG_VERSION is empty)"}, and this one is ${major}. Nothing was changed.`,
    );
  }
  if (!fs.existsSync(path.join(dataDir, PASSWORD_FILE))) {
    throw new Error(
      `${dataDir} has no ${PASSWORD_FILE}: another program made it, or it is damaged. It was left as it is.`,
    );
  }
}

/**
 * As root the same folder may have been used with a namespace (owner root) or with an account; PostgreSQL insists on its own.
 * @param {string} dataDir
 * @param {Runner} runner
 */
function takeOwnership(dataDir, runner) {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = runner.account ?? { uid: 0, gid: 0 };
  if (fs.statSync(dataDir).uid === uid) return;
  for (const entry of fs.readdirSync(dataDir, { recursive: true, encoding: "utf8" }))
    fs.lchownSync(path.join(dataDir, entry), uid, gid);
  fs.chownSync(dataDir, uid, gid); // last: a crash before it leaves the work to the next start
}

/**
 * True when `pid` is a PostgreSQL process of this very cluster, and not somebody who got its number since.
 * @param {string} dataDir
 * @param {number} pid
 */
export function isPostgresOf(dataDir, pid) {
  if (!isAlive(pid)) return false;
  try {
    const works = fs.readlinkSync(`/proc/${pid}/cwd`) === fs.realpathSync(dataDir); // PostgreSQL changes into its data folder
    return works && fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("postgres");
  } catch {
    if (process.platform === "linux") return false;
    const command = spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? "";
    return command.includes("postgres") && command.includes(dataDir);
  }
}

/** @param {string} dataDir */
function postgresProcesses(dataDir) {
  const pids =
    process.platform === "linux"
      ? fs
          .readdirSync("/proc")
          .filter((name) => /^\d+$/.test(name))
          .map(Number)
      : [];
  return pids.filter((pid) => isPostgresOf(dataDir, pid));
}

/** @param {string} dataDir */
async function clearRemains(dataDir) {
  const pidFile = path.join(dataDir, "postmaster.pid");
  const { pid } = readPidFile(pidFile);
  if (pid && isPostgresOf(dataDir, pid)) {
    signalProcess(pid, "SIGINT"); // fast shutdown: open transactions roll back, the data are flushed
    if (!(await waitUntil(() => !isPostgresOf(dataDir, pid), 30_000))) {
      throw new Error(
        `A PostgreSQL left over from a killed run (process ${pid}) does not stop. End it and start again.`,
      );
    }
  }
  // Back ends of a killed postmaster end by themselves; two servers on one data folder would destroy it.
  if (!(await waitUntil(() => postgresProcesses(dataDir).length === 0, 15_000))) {
    const pids = postgresProcesses(dataDir).join(", ");
    throw new Error(`PostgreSQL processes (${pids}) still use ${dataDir}. End them and start again.`);
  }
  // What is left is stale. It has to go: its old "ready" line would be taken for ours, and a recycled pid would stop the start.
  fs.rmSync(pidFile, { force: true });
}

/** @param {string} file */
function readPidFile(file) {
  try {
    const lines = fs.readFileSync(file, "utf8").split("\n");
    return { pid: Number(lines[0]), ready: lines[7]?.trim() === "ready" };
  } catch {
    return { pid: undefined, ready: false };
  }
}

/** @param {PostgresOptions & { port: number, wrapper: string[], postgres: string }} options */
async function launch({ dataDir, logFile, port, wrapper, settings, postgres }) {
  const options = Object.entries({ ...SETTINGS, ...settings }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const [command, ...prefix] = [...wrapper, postgres];
  const log = fs.openSync(logFile, "a");
  const logStart = fs.fstatSync(log).size;
  // Its own process group: Ctrl-C is for the supervisor, which stops the database last.
  const child = spawn(command, [...prefix, "-D", dataDir, "-p", String(port), ...options], {
    stdio: ["ignore", log, log],
    detached: true,
    cwd: "/",
    env: { ...process.env, LC_ALL: "C" },
  });
  fs.closeSync(log);
  /** @type {Promise<string>} */
  const exited = new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(`it ended with ${signal ?? `code ${code}`}`));
  });
  /** @type {string | undefined} */
  let end;
  void exited.then((reason) => (end = reason));
  const pid = pidOf(child);
  const pidFile = path.join(dataDir, "postmaster.pid");
  const isReady = () => readPidFile(pidFile).ready && readPidFile(pidFile).pid === pid;
  const inTime = await waitUntil(() => end !== undefined || isReady(), READY_MS);
  if (end !== undefined || !inTime) {
    if (end === undefined) signalProcess(pid, "SIGQUIT");
    const said = fs.readFileSync(logFile).subarray(logStart).toString().trimEnd().split("\n").slice(-12).join("\n");
    throw new Error(
      `PostgreSQL did not start: ${end ?? `not ready after ${READY_MS / 1000} s`}.\n` +
        `Its log, ${logFile}, says:\n${said}\n${adviceFor(said, dataDir)}`,
    );
  }
  child.unref();
  const password = fs.readFileSync(path.join(dataDir, PASSWORD_FILE), "utf8");
  return {
    ...describeProcess(pid),
    port,
    url: (/** @type {string} */ database) => `postgresql://${USER}:${password}@127.0.0.1:${port}/${database}`,
    exited,
    stop: () => stopPostgres(dataDir, pid, logFile),
  };
}

/** @param {string} said @param {string} dataDir */
function adviceFor(said, dataDir) {
  if (/No space left on device/i.test(said))
    return "The disk is full: make room and start again. The data are unharmed.";
  return (
    `Nothing in ${dataDir} was deleted. Mend what the log names, or put a backup of the folder in its place. ` +
    `To begin with an empty database instead, keep the old one aside: mv "${dataDir}" "${dataDir}.damaged"`
  );
}

/**
 * Stops the server of the cluster: fast first, at once when that takes too long. The data survive both.
 * @param {string} dataDir
 * @param {number} pid
 * @param {string} logFile
 */
export async function stopPostgres(dataDir, pid, logFile) {
  for (const [signal, timeoutMs] of /** @type {const} */ ([
    ["SIGINT", 20_000],
    ["SIGQUIT", 10_000],
  ])) {
    if (!isPostgresOf(dataDir, pid)) return;
    signalProcess(pid, signal);
    if (await waitUntil(() => !isPostgresOf(dataDir, pid), timeoutMs)) return;
  }
  throw new Error(`PostgreSQL (process ${pid}) does not stop. Its log says:\n${tailOf(logFile)}`);
}
