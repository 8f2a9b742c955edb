// `node scripts/run.mjs [--with-database|--built] FILE arguments…`: runs a TypeScript or JavaScript entry on the product's
// own Node. With --with-database it gets DATABASE_URL, also when that is the embedded one; with --built the packages are
// installed and the pages built first. Both work in a fresh clone.
import "./lib/node-version.mjs";
import { spawn } from "node:child_process";
import { constants } from "node:os";
import path from "node:path";
import { messageOf } from "./lib/errors.mjs";
import { nodeArguments, nodeBinary, root } from "./lib/runtime.mjs";

const args = process.argv.slice(2);
const take = (/** @type {string} */ flag) => args[0] === flag && Boolean(args.shift());
const withDatabase = take("--with-database");
const built = take("--built");
const [file, ...rest] = args;

/**
 * Runs the entry and answers with its exit code; signals are passed on to it.
 * @param {string} entry
 * @param {Record<string, string>} env
 * @returns {Promise<number>}
 */
function run(entry, env) {
  const child = spawn(nodeBinary(), [...nodeArguments(path.resolve(entry)), ...rest], {
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  // A terminal sends Ctrl-C to the child as well; passing it on once more would look like "stop at once" to it.
  process.on("SIGINT", () => {
    if (!process.stdin.isTTY) child.kill("SIGINT");
  });
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGHUP"])) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`cannot run ${entry}: ${error.message}`)));
    child.once("exit", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

if (!file) {
  console.error("usage: node scripts/run.mjs [--with-database|--built] FILE [arguments]");
  process.exit(2);
}
let database;
try {
  if (withDatabase) {
    const { toolDatabase } = await import("./lib/services/tool-database.mjs");
    database = await toolDatabase();
  }
  if (built) {
    const { ensureBuilt, ensureGenerated, ensureInstalled } = await import("./lib/product/prepare.mjs");
    const steps = {
      logsDir: path.join(root, ".services/logs"),
      say: (/** @type {string} */ text) => console.error(text),
    };
    for (const prepare of [ensureInstalled, ensureGenerated, ensureBuilt]) await prepare(steps);
  }
  process.exitCode = await run(file, database?.env ?? {});
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
} finally {
  await database?.close();
}
process.exit();
