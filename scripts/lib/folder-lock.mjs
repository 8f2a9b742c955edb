// One supervisor per data folder. The lock is a file that appears whole (hard link) and names its holder; a holder that
// was killed is recognised by its start time, so neither a crash nor a recycled pid blocks the folder for good.
import fs from "node:fs";
import path from "node:path";
import { codeOf } from "./errors.mjs";
import { describeProcess, isSame, sleep } from "./processes.mjs";

/** @import { RememberedProcess } from "./processes.mjs" */

const LOCK_NAME = "supervisor.lock";
const TAKEOVER_MS = 10_000;

/**
 * What the holder of a folder says about itself.
 * @typedef {{ what: string, url?: string }} LockDetails
 */
/** @typedef {RememberedProcess & LockDetails & { since: string }} LockHolder */

/** Thrown when somebody else holds the folder; `holder` says who. */
export class FolderInUse extends Error {
  /** @param {string} folder @param {LockHolder} holder */
  constructor(folder, holder) {
    const where = holder.url ? ` at ${holder.url}` : "";
    super(
      `${folder} is in use by \`${holder.what}\` (process ${holder.pid}, since ${holder.since})${where}. ` +
        "Stop that one first, or choose another folder with CAMPUS_DATA_DIR.",
    );
    this.name = "FolderInUse";
    this.holder = holder;
  }
}

/**
 * Who holds the folder now; undefined when nobody does.
 * @param {string} folder
 */
export function lockHolder(folder) {
  const holder = readLock(path.join(folder, LOCK_NAME));
  return holder && isSame(holder) ? holder : undefined;
}

/**
 * Takes the folder or throws {@link FolderInUse}. `details` (`what`, `url`) is shown to whoever comes second. The answer
 * has `release()`, which is safe to call twice and never removes another holder's lock.
 * @param {string} folder
 * @param {LockDetails} details
 */
export async function lockFolder(folder, details) {
  const file = path.join(folder, LOCK_NAME);
  const mine = { ...describeProcess(process.pid), since: new Date().toISOString(), ...details };
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  fs.writeFileSync(draft, JSON.stringify(mine), { mode: 0o600 });
  try {
    while (!link(draft, file)) {
      const holder = readLock(file);
      if (holder && isSame(holder)) throw new FolderInUse(folder, holder);
      await removeStale(file);
    }
  } finally {
    fs.rmSync(draft, { force: true });
  }
  return {
    release() {
      const holder = readLock(file);
      if (holder?.pid === mine.pid && holder.identity === mine.identity) fs.rmSync(file, { force: true });
    },
  };
}

/**
 * Takes the folder as {@link lockFolder} does, but waits while somebody else has it; `onWait` gets its holder once. Throws
 * {@link FolderInUse} when that lasts longer than `timeoutMs`.
 * @param {string} folder
 * @param {LockDetails} details
 * @param {{ timeoutMs?: number, onWait?: (holder: LockHolder) => void }} [options]
 */
export async function waitForFolder(folder, details, { timeoutMs = Infinity, onWait = () => {} } = {}) {
  const end = Date.now() + timeoutMs;
  for (let told = false; ; told = true) {
    try {
      return await lockFolder(folder, details);
    } catch (error) {
      if (!(error instanceof FolderInUse) || Date.now() > end) throw error;
      if (!told) onWait(error.holder);
      await sleep(200);
    }
  }
}

/** @param {string} draft @param {string} file */
function link(draft, file) {
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** @param {string} file @returns {LockHolder | undefined} */
function readLock(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Two starters may see the same dead holder. Without the inner lock the slower one would remove the faster one's new lock.
 * @param {string} file
 */
async function removeStale(file) {
  const takeover = `${file}.takeover`;
  try {
    fs.mkdirSync(takeover);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    const age = Date.now() - (fs.statSync(takeover, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > TAKEOVER_MS) fs.rmSync(takeover, { recursive: true, force: true });
    await sleep(20);
    return;
  }
  try {
    const holder = readLock(file);
    if (!holder || !isSame(holder)) fs.rmSync(file, { force: true });
  } finally {
    fs.rmSync(takeover, { recursive: true, force: true });
  }
}
