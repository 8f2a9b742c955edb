// `npm run bench -- [--data FOLDER] [--connections N] [--processes N]`: registration day over HTTP, with a recount.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { ensureDatabase, migrate } from "@/scripts/lib/migrate.mjs";
import { serviceEnvironment, servicesDown, servicesUp } from "@/scripts/lib/services.mjs";
import { startProduct } from "@/tests/support/product";
import { LoadClient } from "./client";
import { generateSchool } from "./generate-school";
import { measureNoOp, register, sectionIds, signIn } from "./registration";
import { recount } from "./recount";
import { printReport } from "./report";
import { prepareSchool } from "./school-data";

const PASSWORD = "bench-password-of-one-run";
const { values } = parseArgs({
  options: {
    data: { type: "string" },
    connections: { type: "string", default: "64" },
    processes: { type: "string", default: "1" },
  },
});
const connections = positive("connections", values.connections);
const processes = positive("processes", values.processes);

/** What has to be undone, newest first, also when a signal ends the run in the middle. */
const undo: (() => Promise<unknown>)[] = [];
let ending: Promise<void> | undefined;
function end(): Promise<void> {
  ending ??= (async () => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  })();
  return ending;
}
let interrupted = false;
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)
  process.on(signal, () => {
    interrupted = true;
    // What is taken away under the run complains, also where nobody waits for it (a connection that is cut).
    process.on("uncaughtException", () => {});
    void end().finally(() => process.exit(code));
  });

const work = fs.mkdtempSync(path.join(os.tmpdir(), "campus-bench-"));
undo.push(() => fs.promises.rm(work, { recursive: true, force: true }));
try {
  await main();
} catch (error) {
  if (!interrupted) throw error;
} finally {
  await end();
}

async function main(): Promise<void> {
  const source = values.data ? path.resolve(values.data) : path.join(work, "generated");
  if (!values.data) await generateSchool(source);
  const school = prepareSchool(source, path.join(work, "roster"), new Date());
  const folder = path.join(work, "services");
  undo.push(() => servicesDown({ folder }));
  const { state } = await servicesUp({ names: ["postgres"], durable: true, folder, diesWithParent: true });
  const url = new URL(serviceEnvironment(state)["DATABASE_URL"] ?? "");
  url.pathname = "/campus_bench";
  const databaseUrl = url.href;
  await ensureDatabase(databaseUrl);
  await migrate(databaseUrl);
  const env = {
    DATABASE_URL: databaseUrl,
    CAMPUS_DATA_DIR: path.join(work, "data"),
    LOG_LEVEL: "warn",
    CAMPUS_DEMO: "0",
  };
  const importSeconds = importRoster(school.folder, env);
  const product = await startProduct({ env, webProcesses: processes });
  undo.push(() => product.stop());
  const client = new LoadClient(product.baseUrls, connections);
  undo.push(() => client.close());
  const signedIn = await signIn(client, school, PASSWORD, connections);
  const ids = await sectionIds(client, signedIn.tokens);
  const before = await measureNoOp(client, signedIn.tokens, connections, 5_000);
  const outcome = await register(client, school, ids, signedIn.tokens, connections);
  const after = await measureNoOp(client, signedIn.tokens, connections, 5_000);
  const counted = await recount(databaseUrl);
  printReport({
    source: values.data ?? "generated",
    school,
    connections,
    processes,
    importSeconds,
    signIn: signedIn.phase,
    noOp: [before, after],
    outcome,
    counted,
  });
  const clean = counted.overFilled === 0 && counted.doubleBooked === 0 && counted.enrolled === outcome.accepted;
  process.exitCode = clean && outcome.failed === 0 ? 0 : 1;
}

function importRoster(folder: string, env: Record<string, string>): number {
  const startedAt = performance.now();
  const arguments_ = [
    "--import",
    "tsx",
    "workers/tools/roster.ts",
    "import",
    folder,
    "--initial-password",
    PASSWORD,
    "--time-zone",
    "Europe/Prague",
  ];
  const run = spawnSync(process.execPath, arguments_, { env: { ...process.env, ...env }, encoding: "utf8" });
  if (run.status !== 0) throw new Error(`the roster import failed:\n${run.stdout}\n${run.stderr}`);
  return (performance.now() - startedAt) / 1000;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1, not ${text}`);
  return value;
}
