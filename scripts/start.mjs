// `npm start` (and `npm run dev`): everything from a fresh clone to a running CampusOS, and a clean way down again.
// Runs on the machine's own Node, before anything is installed.
import "./lib/node-version.mjs";
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { messageOf } from "./lib/errors.mjs";
import { lockFolder } from "./lib/folder-lock.mjs";
import { followLog } from "./lib/product/log-follower.mjs";
import { ensureBuilt, ensureGenerated, ensureInstalled, runSeed } from "./lib/product/prepare.mjs";
import { isPortFree } from "./lib/ports.mjs";
import { sleep, tailOf, waitUntil } from "./lib/processes.mjs";
import {
  isReady,
  productEnvironment,
  spawnProduct,
  webArguments,
  workerArguments,
} from "./lib/product/product-processes.mjs";
import { endLeftovers, removeRuntime, writeRuntime } from "./lib/product/runtime-file.mjs";
import { root } from "./lib/runtime.mjs";
import {
  accountsText,
  assertPortFree,
  loadEnvironmentFile,
  prepareDataFolder,
  readStartOptions,
} from "./lib/product/start-options.mjs";
import { setupLine } from "./lib/product/setup-link.mjs";
import { Supervisor } from "./lib/product/supervisor.mjs";

/** @import { Account, StartOptions } from "./lib/product/start-options.mjs" */
/** @import { EndCommand } from "./lib/product/preparation.mjs" */

const DRAIN_MS = 9_000; // a little more than web and worker give themselves
const HOPELESS_STARTS = 5;

/**
 * Everything that has to be undone, newest first. Filled while we start, so that a signal at any moment finds it.
 * @type {(() => unknown)[]}
 */
const undo = [];
/** @type {Promise<void> | undefined} */
let stopping;
let ready = false;
const say = (/** @type {string} */ text) => console.log(text);

/** @param {number} code */
function stop(code) {
  stopping ??= (async () => {
    for (let step = undo.pop(); step; step = undo.pop()) {
      try {
        await step();
      } catch (error) {
        console.error(messageOf(error));
        code ||= 1;
      }
    }
    process.exit(code);
  })();
  return stopping;
}

/** @type {Supervisor | undefined} */
let supervisor;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    // A terminal that goes away ends what runs in it, but not what was started under nohup or without a terminal.
    if (signal === "SIGHUP" && !process.stdin.isTTY && !process.stdout.isTTY) return;
    if (stopping) {
      supervisor?.kill(); // asked twice: no more draining, the database still stops cleanly
      for (const end of commands) void end({ now: true });
    } else if (ready) say("\nStopping …");
    void stop(0);
  });
}
// Nobody reads any more (a closed pipe, a terminal that is gone): the product does not depend on it, and logs go to files.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
process.on("uncaughtException", (error) => {
  console.error(error);
  void stop(1);
});

/**
 * A running command (npm install, build) is ended by a signal as well; `stop` waits for its end.
 * @type {Set<EndCommand>}
 */
const commands = new Set();
const onSpawn = (/** @type {EndCommand} */ end) => {
  commands.add(end);
  undo.push(end);
  return () => {
    commands.delete(end);
    if (undo.includes(end)) undo.splice(undo.indexOf(end), 1);
  };
};

async function main() {
  loadEnvironmentFile();
  const options = readStartOptions(process.env, process.argv.slice(2));
  const { dataDir, port, publicUrl, dev, demo } = options;
  const logsDir = path.join(dataDir, "logs");
  prepareDataFolder(dataDir);
  const lock = await lockFolder(dataDir, { what: dev ? "npm run dev" : "npm start", url: `http://localhost:${port}` });
  undo.push(() => lock.release());
  await endLeftovers(dataDir);
  await assertPortFree(port);

  const steps = { logsDir, say, onSpawn };
  await ensureInstalled(steps);
  await ensureGenerated(steps);
  if (!dev) await ensureBuilt(steps);
  if (stopping) return;

  const databaseUrl = await startDatabase(options);
  const env = productEnvironment({ ...options, databaseUrl });
  if (demo) await runSeed({ ...steps, env });
  if (stopping) return;
  await assertPortFree(port); // once more: installing and building took their time
  const startId = randomUUID();
  startProcesses({ ...options, env: { ...env, CAMPUS_START_ID: startId }, databaseUrl, logsDir });
  await untilReady({ port, startId: dev ? undefined : startId });
  if (stopping) return;
  ready = true;
  const accounts = demo ? accountsText(await demoAccounts(databaseUrl)) : "";
  const elsewhere = new URL(publicUrl).origin === `http://localhost:${port}` ? "" : `Links lead to ${publicUrl}\n`;
  const setUp = demo ? undefined : await setupLine({ databaseUrl, env });
  say(`\nCampusOS is ready: http://localhost:${port}\n${elsewhere}${accounts ? `\n${accounts}\n` : ""}`);
  if (setUp) say(`${setUp}\n(works for 24 hours; \`npm run setup-link\` makes a new one)\n`);
  say(
    `Ctrl-C stops it. ${options.databaseUrl ? "" : `The data stay in ${path.relative(process.cwd(), dataDir) || dataDir}. `}Logs: ${logsDir}`,
  );
}

/** @param {StartOptions} options */
async function startDatabase({ databaseUrl, dataDir }) {
  const { embeddedDatabase, externalDatabase, migrate } = await import("./lib/services/database.mjs");
  let url = databaseUrl;
  if (url) {
    await externalDatabase(url);
  } else {
    const embedded = await embeddedDatabase({
      dataDir,
      onDeath: (how) => !stopping && console.error(`PostgreSQL: ${how}; starting it again`),
    });
    undo.push(() => embedded.stop());
    url = embedded.url;
  }
  const applied = await migrate(url);
  if (applied.length > 0) say(`Database: ${applied.length} migration${applied.length === 1 ? "" : "s"} applied.`);
  return url;
}

/** @param {StartOptions & { env: Record<string, string>, databaseUrl: string, logsDir: string }} options */
function startProcesses({ port, publicUrl, dev, env, databaseUrl, dataDir, logsDir }) {
  const commands = { web: webArguments(), worker: workerArguments({ dev }) };
  const runtime = { url: `http://localhost:${port}`, publicUrl, databaseUrl, supervisorPid: process.pid };
  /** @type {(() => void)[]} */
  const followers = [];
  const processes = new Supervisor({
    onChange: (now) => writeRuntime(dataDir, { ...runtime, processes: now }),
    onDeath(name, how, failures) {
      console.error(`The ${name} process ended (${how}); starting it again.`);
      if (name === "web") void explainTakenPort(port);
      if (ready || failures < HOPELESS_STARTS) return;
      console.error(`It does not come up. The end of its log:\n${tailOf(path.join(logsDir, `${name}.log`), 25)}`);
      void stop(1);
    },
  });
  supervisor = processes;
  undo.push(async () => {
    await processes.stop(DRAIN_MS);
    for (const unfollow of followers) unfollow();
    removeRuntime(dataDir);
  });
  for (const [name, args] of Object.entries(commands)) {
    const logFile = path.join(logsDir, `${name}.log`);
    followers.push(followLog(logFile));
    processes.start(name, () => spawnProduct(args, { env, logFile }));
  }
}

/**
 * Another program took the port: before we were ready that is the end of the start, later it may give it back.
 * @param {number} port
 */
async function explainTakenPort(port) {
  if (await waitUntil(() => isPortFree(port), 300)) return; // what the process started may hold it a moment longer
  try {
    await assertPortFree(port);
  } catch (error) {
    if (stopping) return;
    console.error(messageOf(error));
    if (!ready) await stop(1);
  }
}

/** @param {{ port: number, startId: string | undefined }} options */
async function untilReady({ port, startId }) {
  let answer = "";
  for (let seconds = 0; !stopping; seconds += 0.25) {
    if (await isReady(`http://127.0.0.1:${port}`, { startId, onAnswer: (said) => (answer = said) })) return;
    if (seconds > 0 && seconds % 20 === 0) say(`Not ready yet after ${seconds} s: ${answer}`);
    await sleep(250);
  }
}

/**
 * The database may have been filled by somebody else: accounts that are not in it are not shown.
 * @param {string} databaseUrl
 */
async function demoAccounts(databaseUrl) {
  const file = path.join(root, "prisma/seed/accounts.json");
  if (!fs.existsSync(file)) return [];
  /** @type {Account[]} */
  const accounts = JSON.parse(fs.readFileSync(file, "utf8"));
  const { existingEmails } = await import("./lib/services/database.mjs");
  const existing = await existingEmails(
    databaseUrl,
    accounts.map((account) => account.email),
  );
  return accounts.filter((account) => existing.has(account.email.toLowerCase()));
}

try {
  await main();
} catch (error) {
  if (!stopping) console.error(messageOf(error));
  await stop(1);
}
