// What has to be true before the product can run: packages installed, Prisma client generated, pages built. Each step is
// done only when what it depends on has changed. Nothing here needs an installed package.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { aloneInRepository, preparationFolder, runCommand } from "./preparation.mjs";
import { nodeArguments, nodeBinary, root, thisPlatform } from "../runtime.mjs";

/** @import { Platform } from "../runtime.mjs" */
/** @import { OnSpawn } from "./preparation.mjs" */

/**
 * What a step gets: the folder for its log, whom it tells, and who may end it.
 * @typedef {object} StepOptions
 * @property {string} logsDir
 * @property {(text: string) => void} say
 * @property {OnSpawn} [onSpawn]
 */

/** @typedef {string | string[]} Names */

/**
 * What is read of a package in npm's lock files.
 * @typedef {{ name?: string, version?: string, link?: boolean, optional?: boolean, devOptional?: boolean, peer?: boolean }} PackageState
 * @typedef {PackageState & { os?: Names, cpu?: Names, libc?: Names }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 */

const STAMPS = preparationFolder();
const CLIENT = path.join(root, "lib/platform/generated/prisma/client.ts");
const BUILD_ID = path.join(root, ".next/BUILD_ID");

/**
 * Hash of files and folders (relative to the repository): names and contents, in a fixed order. `skip` leaves paths out.
 * @param {string[]} entries
 * @param {{ base?: string, skip?: (relative: string) => boolean }} [options]
 */
export function fingerprint(entries, { base = root, skip = () => false } = {}) {
  const hash = createHash("sha256");
  const add = (/** @type {string} */ relative) => {
    const absolute = path.join(base, relative);
    const stat = fs.statSync(absolute, { throwIfNoEntry: false });
    if (!stat || skip(relative)) return;
    if (stat.isDirectory()) {
      for (const name of fs.readdirSync(absolute).sort()) add(path.posix.join(relative, name));
    } else {
      hash.update(`${relative}\0${stat.size}\0`).update(fs.readFileSync(absolute));
    }
  };
  for (const entry of entries) add(entry);
  return hash.digest("hex");
}

/**
 * True when node_modules holds what the lock file says, by npm's own record of the folder: one that was filled by hand
 * counts as well. Optional packages may be absent, except those that are made for this very platform: the database, Node
 * and compilers among them do not come again by themselves. `exists(location)` looks at the folder itself.
 * @param {Lock} lock
 * @param {Lock | undefined} installed
 * @param {{ platform?: Platform, exists?: (location: string) => boolean }} [options]
 */
export function isInstalled(lock, installed, { platform = thisPlatform(), exists = () => true } = {}) {
  if (!installed) return false;
  return Object.entries(lock.packages).every(([location, wanted]) => {
    if (location === "" || wanted.link) return true;
    const found = installed.packages[location];
    if (found) return found.version === wanted.version && exists(location);
    return Boolean(wanted.optional || wanted.devOptional || wanted.peer) && !isMadeFor(wanted, platform);
  });
}

/** @param {LockedPackage} wanted @param {Platform} platform */
function isMadeFor({ os, cpu, libc }, platform) {
  /** @param {Names | undefined} list @param {string | undefined} value */
  const allows = (list, value) => list === undefined || [list].flat().some((name) => name === value);
  return os !== undefined && allows(os, platform.os) && allows(cpu, platform.cpu) && allows(libc, platform.libc);
}

/** @param {string} file @returns {Lock | undefined} */
function readLock(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** True in an image that was built with everything in it (deploy/Dockerfile): there is nothing to prepare with. */
const isPrepared = () => process.env.CAMPUS_PREPARED === "1";

/**
 * Installs the packages of the lock file when they are not there. `npm ci` would refuse a lock without foreign platforms.
 * @param {StepOptions} step
 */
export async function ensureInstalled({ logsDir, say, onSpawn }) {
  if (isPrepared()) return false;
  const lock = readLock(path.join(root, "package-lock.json"));
  if (!lock) throw new Error("package-lock.json is missing or broken: is this a complete clone?");
  const exists = (/** @type {string} */ location) => fs.existsSync(path.join(root, location, "package.json"));
  const platform = thisPlatform();
  const begun = path.join(STAMPS, "installing");
  const isDone = () =>
    !fs.existsSync(begun) &&
    isInstalled(lock, readLock(path.join(root, "node_modules/.package-lock.json")), { platform, exists });
  const work = async () => {
    say("Installing packages (once; one to three minutes) …");
    if (fs.existsSync(begun)) removePackages(lock);
    fs.writeFileSync(begun, "");
    const args = ["install", "--no-save", "--include=dev", "--include=optional", "--no-audit", "--no-fund"];
    const logFile = path.join(logsDir, "install.log");
    await runCommand("npm install", "npm", args, { logFile, onSpawn, remembered: true });
    fs.rmSync(begun, { force: true });
    if (!isDone()) say(`npm left some packages for this platform out: see ${logFile}.`);
  };
  return aloneInRepository({ isDone, work, say, what: "installing packages" });
}

/**
 * An install that was killed leaves packages half unpacked, and npm takes a folder with a package.json for a whole one.
 * @param {Lock} lock
 */
function removePackages(lock) {
  for (const location of Object.keys(lock.packages))
    if (/^node_modules\/(@[^/]+\/)?[^/]+$/.test(location))
      fs.rmSync(path.join(root, location), { recursive: true, force: true });
  fs.rmSync(path.join(root, "node_modules/.package-lock.json"), { force: true });
}

/**
 * Generates the Prisma client when the schema changed.
 * @param {StepOptions} step
 */
export async function ensureGenerated({ logsDir, say, onSpawn }) {
  if (isPrepared()) return false;
  const hash = fingerprint(["prisma/schema", "prisma.config.ts", "package-lock.json"]);
  const stamp = path.join(STAMPS, "generated");
  const isDone = () => fs.existsSync(CLIENT) && readText(stamp) === hash;
  const work = async () => {
    say("Generating the database client …");
    fs.rmSync(stamp, { force: true });
    const args = [path.join(root, "scripts/prisma.mjs"), "generate"];
    const logFile = path.join(logsDir, "generate.log");
    await runCommand("prisma generate", nodeBinary(), args, { logFile, onSpawn, remembered: true });
    writeStamp(stamp, hash);
  };
  return aloneInRepository({ isDone, work, say, what: "generating the database client" });
}

const BUILD_SOURCES = [
  ...["app", "components", "lib", "messages", "public"],
  ...["next.config.ts", "postcss.config.mjs", "proxy.ts", "instrumentation.ts", "tsconfig.json", "package-lock.json"],
];

/** What the build is made of; tests are not part of it. */
export const buildFingerprint = () => fingerprint(BUILD_SOURCES, { skip: (file) => /\.test\.tsx?$/.test(file) });

/**
 * Builds the pages when their sources changed.
 * @param {StepOptions} step
 */
export async function ensureBuilt({ logsDir, say, onSpawn }) {
  if (isPrepared()) return false;
  const hash = buildFingerprint();
  const stamp = path.join(root, ".next/campus-build");
  const isDone = () => fs.existsSync(BUILD_ID) && readText(stamp) === hash;
  const work = async () => {
    say("Building (once after each change; about a minute) …");
    fs.rmSync(stamp, { force: true });
    const args = [path.join(root, "node_modules/next/dist/bin/next"), "build"];
    const env = { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
    const logFile = path.join(logsDir, "build.log");
    await runCommand("The build", nodeBinary(), args, { logFile, onSpawn, env, remembered: true });
    writeStamp(stamp, hash);
  };
  return aloneInRepository({ isDone, work, say, what: "building" });
}

/**
 * Loads the demo school; the seed itself leaves a database alone that is not empty.
 * @param {Omit<StepOptions, "say"> & { env: Record<string, string> }} step
 */
export async function runSeed({ logsDir, onSpawn, env }) {
  const args = nodeArguments(path.join(root, "prisma/seed/main.ts"));
  const logFile = path.join(logsDir, "seed.log");
  await runCommand("Loading the demo school", nodeBinary(), args, { logFile, onSpawn, env });
}

/** @param {string} file */
function readText(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** @param {string} file @param {string} hash */
function writeStamp(file, hash) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, hash);
}
