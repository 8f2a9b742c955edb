// One preparing command at a time in a repository, whatever started it and whichever data folder it has: two installs or
// two builds in one folder spoil each other. A command that outlived its starter is ended before the next one begins.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { codeOf } from "../errors.mjs";
import { waitForFolder } from "../folder-lock.mjs";
import { describeProcess, isSame, signalProcess, tailOf, waitUntil } from "../processes.mjs";
import { root } from "../runtime.mjs";

/** @import { RememberedProcess } from "../processes.mjs" */
/** @import { LockHolder } from "../folder-lock.mjs" */

const END_MS = 10_000;

/**
 * Ends a running command and resolves when it has ended; `now`: without giving it time.
 * @typedef {(how?: { now?: boolean }) => Promise<void>} EndCommand
 */

/**
 * Gets what ends a command when it begins; what it answers is called when the command has ended.
 * @typedef {(end: EndCommand) => (() => void) | undefined} OnSpawn
 */

/** Where the repository remembers its preparation; npm leaves it alone. */
export const preparationFolder = (base = root) => path.join(base, "node_modules/.cache/campus");

/**
 * Does `work` unless `isDone()`, and alone: somebody who prepares the same repository is waited for, and may have done it
 * all by then. Answer: whether it had to be done.
 * @param {{ isDone: () => boolean, work: () => Promise<unknown>, say: (text: string) => void, what: string, base?: string }} task
 */
export async function aloneInRepository({ isDone, work, say, what, base = root }) {
  if (isDone()) return false;
  const folder = preparationFolder(base);
  try {
    fs.mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Error(`${folder} cannot be made (${codeOf(error)}): the folder of the clone has to be writable.`);
  }
  /** @param {LockHolder} holder */
  const onWait = ({ what: task, pid }) => say(`Waiting for process ${pid} (${task}) in this folder …`);
  const lock = await waitForFolder(folder, { what }, { onWait });
  try {
    await endLeftCommand(folder);
    if (isDone()) return false;
    await work();
    return true;
  } finally {
    lock.release();
  }
}

/** @param {string} folder */
const commandFile = (folder) => path.join(folder, "command.json");

/**
 * The supervisor was killed while its command ran on.
 * @param {string} folder
 */
async function endLeftCommand(folder) {
  /** @type {RememberedProcess} */
  let left;
  try {
    left = JSON.parse(fs.readFileSync(commandFile(folder), "utf8"));
  } catch {
    return;
  }
  if (isSame(left)) await endGroup(left.pid, () => !isSame(left));
  fs.rmSync(commandFile(folder), { force: true });
}

/**
 * Ends a process group: SIGTERM, then SIGKILL for what is left of it once its leader has ended or time is up.
 * @param {number} pid
 * @param {() => boolean} hasEnded
 */
async function endGroup(pid, hasEnded) {
  signalProcess(-pid, "SIGTERM");
  await waitUntil(hasEnded, END_MS);
  signalProcess(-pid, "SIGKILL");
  await waitUntil(hasEnded, END_MS);
}

/**
 * How a command is run.
 * @typedef {object} CommandOptions
 * @property {string} logFile
 * @property {OnSpawn | undefined} [onSpawn]
 * @property {Record<string, string>} [env]
 * @property {boolean} [remembered]
 * @property {string} [base]
 */

/**
 * Runs a preparing command in the repository; its output goes to `logFile` and is shown only when it fails. `onSpawn` gets
 * a function that ends it and resolves when it has ended (`{now: true}`: without giving it time); what `onSpawn` answers is
 * called at the end. With `remembered` a later start finds the command should this process be killed.
 * @param {string} what
 * @param {string} command
 * @param {string[]} args
 * @param {CommandOptions} options
 */
export async function runCommand(what, command, args, { logFile, onSpawn, env = {}, remembered = false, base = root }) {
  fs.mkdirSync(path.dirname(logFile), { recursive: true });
  const log = fs.openSync(logFile, "w");
  const child = spawn(command, args, {
    cwd: base,
    stdio: ["ignore", log, log],
    detached: true,
    env: { ...process.env, ...env },
  });
  fs.closeSync(log);
  /** @type {string | number | null | undefined} */
  let code;
  const ended = new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (exitCode, signal) => resolve(exitCode ?? signal));
  }).then((how) => (code = how));
  if (remembered && child.pid)
    fs.writeFileSync(commandFile(preparationFolder(base)), JSON.stringify(describeProcess(child.pid)));
  const release = onSpawn?.(async ({ now = false } = {}) => {
    if (!child.pid || code !== undefined) return;
    if (now) signalProcess(-child.pid, "SIGKILL");
    else await endGroup(child.pid, () => code !== undefined);
  });
  await ended;
  release?.();
  if (remembered) fs.rmSync(commandFile(preparationFolder(base)), { force: true });
  if (code !== 0) throw new Error(`${what} failed (${code}). The end of ${logFile}:\n${tailOf(logFile, 25)}`);
}
