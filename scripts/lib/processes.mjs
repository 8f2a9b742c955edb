// Processes by pid, without ever touching one that is not ours: pids are recycled, so each is remembered with an identity.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { codeOf } from "./errors.mjs";

/** @import { ChildProcess } from "node:child_process" */

/**
 * A process as it was when it was started: its pid, and what tells it from a later process with that pid.
 * @typedef {{ pid: number, identity: string | undefined }} RememberedProcess
 */

/**
 * Resolves after `delayMs`.
 * @param {number} delayMs
 * @returns {Promise<void>}
 */
export const sleep = (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs));

/**
 * The pid of a child; NaN, which is no process and takes no signal, when it could not be started.
 * @param {ChildProcess} child
 */
export const pidOf = (child) => child.pid ?? NaN;

/**
 * True while `pid` runs; a zombie that nobody has reaped yet counts as dead. The first thread of a process may be a zombie
 * while others still end, and until the last one has, its ports and files are held: that counts as running.
 * @param {number} pid
 */
export function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) !== "EPERM") return false;
  }
  try {
    if (!/^State:\s*[ZX]/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"))) return true;
    return fs.readdirSync(`/proc/${pid}/task`).length > 1;
  } catch {
    return process.platform !== "linux" || fs.existsSync(`/proc/${pid}`);
  }
}

/**
 * What tells this process from a later one with the same pid: boot id and start time on Linux, the start time that `ps`
 * prints elsewhere. Undefined when there is no such process.
 * @param {number} pid
 * @returns {string | undefined}
 */
export function identityOf(pid) {
  if (!isAlive(pid)) return undefined;
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    const startTicks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return `${fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}:${startTicks}`;
  } catch {
    const started = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).stdout?.trim();
    return started || undefined;
  }
}

/**
 * A process as it is written to a file, to be recognised later by {@link isSame}.
 * @param {number} pid
 * @returns {RememberedProcess}
 */
export const describeProcess = (pid) => ({ pid, identity: identityOf(pid) });

/**
 * True when the remembered process still runs and is the very same one.
 * @param {RememberedProcess | undefined} remembered
 */
export function isSame(remembered) {
  if (!remembered?.identity) return false;
  return identityOf(remembered.pid) === remembered.identity;
}

/**
 * Sends a signal; false when the process (or group, for a negative pid) is gone already.
 * @param {number} pid
 * @param {NodeJS.Signals | 0} signal
 */
export function signalProcess(pid, signal) {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Waits until `isDone()` is true; false when `timeoutMs` passes first.
 * @param {() => boolean | Promise<boolean>} isDone
 * @param {number} timeoutMs
 */
export async function waitUntil(isDone, timeoutMs, everyMs = 25) {
  const end = Date.now() + timeoutMs;
  while (!(await isDone())) {
    if (Date.now() >= end) return false;
    await sleep(everyMs);
  }
  return true;
}

/**
 * Stops a remembered process: `signal`, and SIGKILL when it has not ended after `timeoutMs`. A recycled pid is left alone.
 * @param {RememberedProcess} remembered
 * @param {{ signal?: NodeJS.Signals, timeoutMs?: number }} [options]
 */
export async function stopProcess(remembered, { signal = "SIGTERM", timeoutMs = 10_000 } = {}) {
  if (!isSame(remembered)) return;
  signalProcess(remembered.pid, signal);
  if (await waitUntil(() => !isSame(remembered), timeoutMs)) return;
  signalProcess(remembered.pid, "SIGKILL");
  await waitUntil(() => !isSame(remembered), 5_000);
}

/**
 * True when the command exists on PATH.
 * @param {string} name
 */
export function commandExists(name) {
  return (process.env.PATH ?? "").split(path.delimiter).some((folder) => {
    try {
      fs.accessSync(path.join(folder, name), fs.constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * The last lines of a log file, for error messages.
 * @param {string} file
 */
export function tailOf(file, lines = 12) {
  try {
    return fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } catch {
    return "";
  }
}
