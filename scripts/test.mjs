// `npm test`: everything, from a fresh clone of a new machine. A stage that fails does not hide the next ones, unless they
// need it. What is missing (a browser, a service) is a failure, never a skip. The last line is `N passed, N failed`.
import "./lib/node-version.mjs";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { runChecks } from "./lib/checks.mjs";
import { messageOf } from "./lib/errors.mjs";
import { kafkaJars } from "./lib/services/kafka.mjs";
import { chromiumPath, ensurePrograms, preferPrograms, PROGRAMS } from "./lib/services/packages.mjs";
import { ensureBuilt, ensureGenerated, ensureInstalled } from "./lib/product/prepare.mjs";
import { pidOf, signalProcess } from "./lib/processes.mjs";
import { nodeArguments, nodeBinary, root } from "./lib/runtime.mjs";
import {
  addCounts,
  closingLine,
  countPlaywright,
  countRunner,
  countVitest,
  failedLines,
  slowestLines,
  testsOf,
  unsteadyLines,
} from "./lib/test-report.mjs";

/** @import { Counts, NamedTest } from "./lib/test-report.mjs" */
/** @import { ProgramName } from "./lib/services/packages.mjs" */

/** @typedef {(text: string) => void} OnOutput What is printed goes here instead of to our own output. */

const PROGRAM_NAMES = /** @type {ProgramName[]} */ (Object.keys(PROGRAMS));
const VITEST = "node_modules/vitest/vitest.mjs";
const reports = fs.mkdtempSync(path.join(os.tmpdir(), "campus-test-report-"));
const steps = { logsDir: reports, say: (/** @type {string} */ text) => console.log(text), onSpawn: remember };
/** @type {string[]} */
const failedStages = [];
/** @type {NamedTest[]} */
const tests = [];
/** @type {Set<() => unknown>} */
const running = new Set();
let total = { passed: 0, failed: 0 };
/** @type {{ env: Record<string, string>, down: () => Promise<void> } | undefined} */
let services;

/** @param {() => unknown} endIt */
function remember(endIt) {
  running.add(endIt);
  return () => running.delete(endIt);
}

/**
 * Runs Node with `args` and resolves with its exit code; `onOutput` gets what it prints.
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @param {OnOutput} [onOutput]
 */
function node(args, env, onOutput) {
  return command(nodeBinary(), args, env, onOutput);
}

/**
 * Runs a command as {@link node} does.
 * @param {string} file
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @param {OnOutput} [onOutput]
 * @returns {Promise<number>}
 */
function command(file, args, env = {}, onOutput) {
  const child = spawn(file, args, {
    cwd: root,
    stdio: ["inherit", onOutput ? "pipe" : "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
  child.stdout?.setEncoding("utf8").on("data", (/** @type {string} */ text) => onOutput?.(text));
  const release = remember(() => signalProcess(pidOf(child), "SIGTERM"));
  return new Promise((resolve) => {
    const finish = (/** @type {number} */ code) => {
      release();
      resolve(code);
    };
    child.once("error", () => finish(127));
    child.once("close", (code) => finish(code ?? 1));
  });
}

/**
 * Runs a stage and prints its time. `work` throws, or resolves to false, when it failed. Answer: whether it passed.
 * @param {string} name
 * @param {() => unknown} work
 */
async function stage(name, work) {
  console.log(`\n=== ${name}`);
  const startedAt = performance.now();
  let passed;
  try {
    passed = (await work()) !== false;
  } catch (error) {
    console.error(messageOf(error));
    passed = false;
  }
  if (!passed) failedStages.push(name);
  console.log(`=== ${name}: ${passed ? "ok" : "FAILED"} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  return passed;
}

/**
 * A stage that is no test runner counts only when it fails.
 * @param {string} name
 * @param {() => unknown} work
 */
async function plainStage(name, work) {
  const passed = await stage(name, work);
  if (!passed) total = addCounts(total, { passed: 0, failed: 1 });
  return passed;
}

/**
 * A stage whose counts are read from the report that `run` writes.
 * @template Report
 * @param {string} name
 * @param {(report: Report) => Counts} count
 * @param {(reportFile: string) => Promise<number>} run
 */
const runnerStage = (name, count, run) =>
  stage(name, async () => {
    const reportFile = path.join(reports, `${name.replaceAll(" ", "-")}.json`);
    const counts = countRunner({ reportFile, exitCode: await run(reportFile), count });
    total = addCounts(total, counts);
    tests.push(...testsOf(reportFile));
    return counts.failed === 0;
  });

/**
 * What runs on real services and in real browsers gets a second try, on a machine whose load nobody knows. Who needed it is
 * named at the end.
 */
const TRIES_AGAIN = 1;

/** Browser tests mostly wait for pages to settle: two at once, each on a product of its own (about 1.5 GB), where there is room. */
const BROWSER_WORKERS = os.totalmem() >= 7 * 2 ** 30 ? 2 : 1;

/** @param {string} name @param {string[]} projects @param {string[]} [more] @param {OnOutput} [onOutput] */
const vitest = (name, projects, more = [], onOutput = undefined) =>
  runnerStage(name, countVitest, (report) => {
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const args = [VITEST, "run", ...projects.flatMap((project) => ["--project", project]), ...reporters, ...more];
    return node(args, {}, onOutput);
  });

/** Tests on real services. Those of the event log and of Kafka mostly wait: they run beside the others, and print after them. */
async function serviceStages() {
  const again = [`--retry=${TRIES_AGAIN}`];
  let output = "";
  const events = vitest("event tests", ["events"], again, (text) => (output += text));
  await vitest("integration tests", ["integration"], again);
  await events;
  console.log(`\n=== what the event tests said\n${output}`);
  await vitest("fault tests", ["faults"], again);
}

// Each part of `npm run check` counts by itself, and only when it fails.
const checkStages = () =>
  runChecks(
    ({ name, passed, output, seconds }) => {
      console.log(`\n=== ${name}\n${output}=== ${name}: ${passed ? "ok" : "FAILED"} (${seconds.toFixed(1)} s)`);
      if (passed) return;
      failedStages.push(name);
      total = addCounts(total, { passed: 0, failed: 1 });
    },
    { onSpawn: remember },
  );

/**
 * The budgets say their counts in their own closing line.
 * @param {string} reportFile
 */
async function budgets(reportFile) {
  let output = "";
  const code = await node(nodeArguments(path.join(root, "tests/budgets/first-load.ts")), {}, (text) => {
    process.stdout.write(text);
    output += text;
  });
  const [, passed, failed] = /(\d+) passed, (\d+) failed\s*$/.exec(output) ?? [];
  if (passed !== undefined)
    fs.writeFileSync(reportFile, JSON.stringify({ passed: Number(passed), failed: Number(failed) }));
  return code;
}

async function servicesStage() {
  const { serviceEnvironment, servicesDown, servicesUp } = await import("./lib/services/services.mjs");
  kafkaJars(); // fetched here, so that no test waits for it
  const { state, started } = await servicesUp({ names: ["postgres", "redis"] });
  services = { env: serviceEnvironment(state), down: () => servicesDown({ names: started }) };
}

// The diff is empty only when the migrations and the schema say the same.
function driftStage() {
  const diff = [
    "migrate",
    "diff",
    "--from-migrations",
    "prisma/migrations",
    "--to-schema",
    "prisma/schema",
    "--exit-code",
  ];
  return node(["scripts/prisma.mjs", ...diff], services?.env).then((code) => code === 0);
}

async function main() {
  if (!(await plainStage("install packages", () => ensureInstalled(steps).then(() => true)))) return;
  await plainStage("programs", () => {
    ensurePrograms(PROGRAM_NAMES);
    preferPrograms();
  });
  if (!(await plainStage("prisma generate", () => ensureGenerated(steps).then(() => true)))) return;
  await checkStages();
  await vitest("unit tests", ["unit"]);
  const built = await plainStage("build", () => ensureBuilt(steps).then(() => true));
  const servicesRun = await plainStage("services", servicesStage);
  if (servicesRun) {
    await plainStage("migration drift", driftStage);
    await serviceStages();
  }
  if (built) await runnerStage("budgets", (/** @type {Counts} */ counts) => counts, budgets);
  if (built && servicesRun) {
    await runnerStage("browser tests", countPlaywright, (report) =>
      node(["node_modules/@playwright/test/cli.js", "test", `--retries=${TRIES_AGAIN}`], {
        CAMPUS_E2E_REPORT: report,
        CAMPUS_E2E_WORKERS: String(BROWSER_WORKERS),
        CHROMIUM_PATH: chromiumPath() ?? "/usr/bin/chromium",
      }),
    );
  }
}

/** @type {Promise<void> | undefined} */
let ending;
/** @param {number} [code] */
function end(code) {
  ending ??= (async () => {
    await Promise.all([...running].map((endIt) => endIt()));
    await services?.down().catch((error) => console.error(messageOf(error)));
    fs.rmSync(reports, { recursive: true, force: true });
    if (tests.length > 0) console.log(`\nSlowest:\n${slowestLines(tests).join("\n")}`);
    // Named once more at the end: whoever reads the last lines of a long log needs no other.
    for (const line of [...unsteadyLines(tests), ...failedLines(tests)]) console.log(line);
    if (failedStages.length > 0) console.log(`\nFailed: ${failedStages.join(", ")}`);
    console.log(closingLine(total));
    process.exit(code ?? (total.failed === 0 && total.passed > 0 ? 0 : 1));
  })();
  return ending;
}
for (const [signal, code] of /** @type {const} */ ([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
]))
  process.on(signal, () => void end(code));

try {
  await main();
} catch (error) {
  console.error(error);
  total = addCounts(total, { passed: 0, failed: 1 });
}
await end();
