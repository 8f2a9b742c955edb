// The parts of `npm run check`: every script of package.json whose name begins with `check:`.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pidOf, signalProcess } from "./processes.mjs";
import { root } from "./runtime.mjs";

/** @typedef {{ name: string, passed: boolean, output: string, seconds: number }} Checked */

/** Each takes one core, more or less; what takes longest begins first. */
const LONGEST_FIRST = ["check:lint", "check:format", "check:sql", "check:types"];

/**
 * Runs the checks, as many at a time as there are cores, and says of each how it ended, with all it wrote, when it ends.
 * One that fails does not end the others. `onSpawn` is given a function that ends a running one; it answers one to forget it.
 * @param {(checked: Checked) => void} onEnd
 * @param {{ onSpawn?: (endIt: () => unknown) => () => unknown }} [options]
 */
export async function runChecks(onEnd, { onSpawn = () => () => undefined } = {}) {
  /** @type {{ scripts: Record<string, string> }} */
  const { scripts } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
  const rank = (/** @type {string} */ name) => {
    const place = LONGEST_FIRST.indexOf(name);
    return place < 0 ? LONGEST_FIRST.length : place;
  };
  const waiting = Object.keys(scripts)
    .filter((name) => name.startsWith("check:"))
    .sort((a, b) => rank(a) - rank(b));
  const runNext = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) onEnd(await run(name, onSpawn));
  };
  await Promise.all(Array.from({ length: Math.max(1, os.availableParallelism()) }, runNext));
}

/**
 * @param {string} name
 * @param {(endIt: () => unknown) => () => unknown} onSpawn
 * @returns {Promise<Checked>}
 */
function run(name, onSpawn) {
  const startedAt = performance.now();
  const child = spawn("npm", ["run", "-s", name], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const forget = onSpawn(() => signalProcess(pidOf(child), "SIGTERM"));
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (/** @type {string} */ text) => (output += text));
  return new Promise((resolve) => {
    const finish = (/** @type {boolean} */ passed) => {
      forget();
      resolve({ name, passed, output, seconds: (performance.now() - startedAt) / 1000 });
    };
    child.once("error", () => finish(false));
    child.once("close", (code) => finish(code === 0));
  });
}
