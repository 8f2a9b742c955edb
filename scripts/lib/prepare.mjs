// What has to be true before the product can run: packages installed, Prisma client generated, pages built. Each step is
// done only when what it depends on has changed. Nothing here needs an installed package.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { signalProcess, tailOf } from "./processes.mjs";
import { nodeArguments, nodeBinary, root } from "./runtime.mjs";

const STAMPS = path.join(root, "node_modules/.cache/campus");
const CLIENT = path.join(root, "lib/platform/generated/prisma/client.ts");
const BUILD_ID = path.join(root, ".next/BUILD_ID");

/** Hash of files and folders (relative to the repository): names and contents, in a fixed order. `skip` leaves paths out. */
export function fingerprint(entries, { base = root, skip = () => false } = {}) {
  const hash = createHash("sha256");
  const add = (relative) => {
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
 * True when node_modules holds what the lock file says. npm's own record of the folder is compared, so a folder that was
 * filled by hand counts as well. Optional packages of other platforms may be absent.
 */
export function isInstalled(lock, installed) {
  if (!installed) return false;
  return Object.entries(lock.packages).every(([location, wanted]) => {
    if (location === "" || wanted.link) return true;
    const found = installed.packages[location];
    return found ? found.version === wanted.version : Boolean(wanted.optional || wanted.devOptional || wanted.peer);
  });
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Runs a preparing command; its output goes to `logFile` and is shown only when it fails. `onSpawn` gets its process group. */
async function runStep(what, command, args, { logFile, onSpawn, env = {} }) {
  fs.mkdirSync(path.dirname(logFile), { recursive: true });
  const log = fs.openSync(logFile, "w");
  const options = { cwd: root, stdio: ["ignore", log, log], detached: true, env: { ...process.env, ...env } };
  const child = spawn(command, args, options);
  fs.closeSync(log);
  const release = onSpawn?.(() => signalProcess(-child.pid, "SIGTERM"));
  const code = await new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (exitCode, signal) => resolve(exitCode ?? signal));
  });
  release?.();
  if (code !== 0) throw new Error(`${what} failed (${code}). The end of ${logFile}:\n${tailOf(logFile, 25)}`);
}

/** Installs the packages of the lock file when they are not there. `npm ci` would refuse a lock without foreign platforms. */
export async function ensureInstalled({ logsDir, say, onSpawn }) {
  const lock = readJson(path.join(root, "package-lock.json"));
  if (!lock) throw new Error("package-lock.json is missing or broken: is this a complete clone?");
  if (isInstalled(lock, readJson(path.join(root, "node_modules/.package-lock.json")))) return false;
  say("Installing packages (once; one to three minutes) …");
  const args = ["install", "--no-save", "--include=dev", "--include=optional", "--no-audit", "--no-fund"];
  await runStep("npm install", "npm", args, { logFile: path.join(logsDir, "install.log"), onSpawn });
  return true;
}

/** Generates the Prisma client when the schema changed. */
export async function ensureGenerated({ logsDir, say, onSpawn }) {
  const hash = fingerprint(["prisma/schema", "prisma.config.ts", "package-lock.json"]);
  const stamp = path.join(STAMPS, "generated");
  if (fs.existsSync(CLIENT) && readText(stamp) === hash) return false;
  say("Generating the database client …");
  const args = [path.join(root, "scripts/prisma.mjs"), "generate"];
  await runStep("prisma generate", nodeBinary(), args, { logFile: path.join(logsDir, "generate.log"), onSpawn });
  writeStamp(stamp, hash);
  return true;
}

const BUILD_SOURCES = [
  ...["app", "components", "lib", "messages", "public"],
  ...["next.config.ts", "postcss.config.mjs", "proxy.ts", "instrumentation.ts", "tsconfig.json", "package-lock.json"],
];

/** What the build is made of; tests are not part of it. */
export const buildFingerprint = () => fingerprint(BUILD_SOURCES, { skip: (file) => /\.test\.tsx?$/.test(file) });

/** Builds the pages when their sources changed. */
export async function ensureBuilt({ logsDir, say, onSpawn }) {
  const hash = buildFingerprint();
  const stamp = path.join(root, ".next/campus-build");
  if (fs.existsSync(BUILD_ID) && readText(stamp) === hash) return false;
  say("Building (once after each change; about a minute) …");
  fs.rmSync(stamp, { force: true });
  const args = [path.join(root, "node_modules/next/dist/bin/next"), "build"];
  const env = { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  await runStep("The build", nodeBinary(), args, { logFile: path.join(logsDir, "build.log"), onSpawn, env });
  writeStamp(stamp, hash);
  return true;
}

/** Loads the demo school; the seed itself leaves a database alone that is not empty. */
export async function runSeed({ logsDir, onSpawn, env }) {
  const args = nodeArguments(path.join(root, "prisma/seed/main.ts"));
  await runStep("Loading the demo school", nodeBinary(), args, {
    logFile: path.join(logsDir, "seed.log"),
    onSpawn,
    env,
  });
}

function readText(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function writeStamp(file, hash) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, hash);
}
