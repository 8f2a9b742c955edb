// Which Node runs the product, and where the repository is. Plain JavaScript: it runs on the machine's own Node ≥ 20.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Absolute path of the repository root. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/**
 * The Node 24 that the lock file brings (linux), else the Node that runs this script. Everything of the product is
 * started with it, so that a machine with an older Node behaves like every other.
 */
export function nodeBinary() {
  const bundled = path.join(root, "node_modules/.bin/node");
  return fs.existsSync(bundled) ? bundled : process.execPath;
}

/**
 * What npm compares a package's `os`, `cpu` and `libc` with; `libc` is undefined outside Linux.
 * @typedef {{ os: string, cpu: string, libc?: string | undefined }} Platform
 */

/** @typedef {{ header: { glibcVersionRuntime?: string } }} DiagnosticReport */

/**
 * The platform of this machine.
 * @returns {Platform}
 */
export function thisPlatform() {
  let libc;
  if (process.platform === "linux") {
    Object.assign(process.report, { excludeNetwork: true }); // else it looks up names of open connections
    const report = /** @type {DiagnosticReport} */ (process.report.getReport());
    libc = report.header.glibcVersionRuntime ? "glibc" : "musl";
  }
  return { os: process.platform, cpu: process.arch, libc };
}

/**
 * Arguments for Node that make it run `file`: TypeScript goes through tsx, everything else runs as it is.
 * @param {string} file
 */
export function nodeArguments(file) {
  if (!/\.[cm]?tsx?$/.test(file)) return [file];
  return ["--import", pathToFileURL(path.join(root, "node_modules/tsx/dist/loader.mjs")).href, file];
}

/** Throws one clear sentence when the running Node is older than the scripts can live with. */
export function assertNodeVersion(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 20)) return;
  throw new Error(
    `CampusOS needs Node 20.20 or newer, this is ${version}. Install a newer one from https://nodejs.org.`,
  );
}
