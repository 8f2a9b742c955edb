// What every benchmark over HTTP needs: a database of its own, a school imported into it, and the built product before it.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { ensureDatabase, migrate } from "@/scripts/lib/migrate.mjs";
import { serviceEnvironment, servicesDown, servicesUp } from "@/scripts/lib/services/services.mjs";
import { startProduct } from "@/tests/support/product";
import { LoadClient } from "./client";
import { COMMITS_HAVE_TIMES } from "./deliveries";
import { familyProcessorMsOf, postmasterOf, processorMsOf } from "./process-figures";

/** The password of every imported person. */
export const PASSWORD = "bench-password-of-one-run";

/** Where a benchmark works, and what it leaves for {@link benchmark} to undo. */
export type Bench = {
  /** A folder of this run alone. */
  work: string;
  /** Undone in reverse order at the end, also when a signal ends the run in the middle. */
  undo: (() => Promise<unknown>)[];
};

/** The product with the school in it. */
export type LoadedProduct = {
  databaseUrl: string;
  client: LoadClient;
  importSeconds: number;
  /** Processor time so far, in milliseconds, of each part of the product and of the driver itself. */
  processorMs: () => Record<Part, number>;
};

/** The processes that share the machine while something is measured. */
export const PARTS = ["web", "worker", "database", "driver"] as const;
export type Part = (typeof PARTS)[number];

/** Runs a benchmark; whatever happens, and whichever signal ends it, nothing of it stays behind. */
export async function benchmark(run: (bench: Bench) => Promise<void>): Promise<void> {
  const undo: Bench["undo"] = [];
  let ending: Promise<void> | undefined;
  const end = () =>
    (ending ??= (async () => {
      for (let step = undo.pop(); step; step = undo.pop()) await step();
    })());
  // Who started this benchmark and hears of its figures is gone.
  process.once("disconnect", () => ending ?? process.kill(process.pid, "SIGTERM"));
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
    await run({ work, undo });
  } catch (error) {
    if (!interrupted) throw error;
  } finally {
    await end();
    if (process.connected) process.disconnect();
  }
}

/** A PostgreSQL of this run alone with a migrated, empty database; `postmaster`: its process. */
export async function benchDatabase(
  { work, undo }: Bench,
  { durable = true, settings = {} }: { durable?: boolean; settings?: Record<string, string> } = {},
) {
  const folder = path.join(work, "services");
  undo.push(() => servicesDown({ folder }));
  const { state } = await servicesUp({ names: ["postgres"], durable, settings, folder, diesWithParent: true });
  const url = new URL(serviceEnvironment(state)["DATABASE_URL"] ?? "");
  url.pathname = "/campus_bench";
  await ensureDatabase(url.href);
  await migrate(url.href);
  return { databaseUrl: url.href, postmaster: postmasterOf(path.join(folder, "postgres")) };
}

/** What the product of a benchmark is started with. */
export function benchEnvironment({ work }: Bench, databaseUrl: string) {
  return {
    DATABASE_URL: databaseUrl,
    CAMPUS_DATA_DIR: path.join(work, "data"),
    LOG_LEVEL: "warn",
    CAMPUS_DEMO: "0",
  };
}

/** Starts a durable PostgreSQL, imports the OneRoster folder and starts the product with one worker on it. */
export async function loadProduct(
  bench: Bench,
  { folder, processes, connections }: { folder: string; processes: number; connections: number },
): Promise<LoadedProduct> {
  const { undo } = bench;
  const { databaseUrl, postmaster } = await benchDatabase(bench, { settings: COMMITS_HAVE_TIMES });
  const env = benchEnvironment(bench, databaseUrl);
  const importSeconds = importRoster(folder, env);
  const product = await startProduct({ env, webProcesses: processes });
  undo.push(() => product.stop());
  const client = new LoadClient(product.baseUrls, connections);
  undo.push(() => client.close());
  const sum = (processes: readonly { pid: number }[]) =>
    processes.reduce((total, { pid }) => total + processorMsOf(pid), 0);
  const processorMs = () => ({
    web: sum(product.web),
    worker: sum(product.workers),
    database: familyProcessorMsOf(postmaster),
    driver: processorMsOf(process.pid),
  });
  return { databaseUrl, client, importSeconds, processorMs };
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

/** A whole number from 1 out of an option of the command line. */
export function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1, not ${text}`);
  return value;
}
