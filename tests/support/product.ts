// The built product as real processes, for tests that go through the network: several web processes and workers against
// one database, one Redis and one Kafka.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { once } from "node:events";
import type { ChildProcess } from "node:child_process";
import { freePorts, isPortFree } from "@/scripts/lib/ports.mjs";
import { signalProcess, tailOf, waitUntil } from "@/scripts/lib/processes.mjs";
import {
  isReady,
  productEnvironment,
  spawnProduct,
  webArguments,
  workerArguments,
} from "@/scripts/lib/product/product-processes.mjs";
import { migrate } from "@/scripts/lib/migrate.mjs";
import { eventually } from "./eventually";

/** What to start. */
export interface ProductOptions {
  /** DATABASE_URL is needed; REDIS_URL, KAFKA_BROKERS and everything else as wanted. */
  env: { DATABASE_URL: string } & Record<string, string>;
  /** How many web processes (1). */
  webProcesses?: number;
  /** How many worker processes with all roles (1); 0 for none. */
  workerProcesses?: number;
  /** Port of the first web process; the next ones take the ports after it. Free ports when absent. */
  port?: number;
  /** The ports of the web processes, instead of `webProcesses` and `port`. */
  ports?: number[];
}

/** A running process of the product. */
export interface ProductProcess {
  name: string;
  pid: number;
  logFile: string;
  /** Kills it with SIGKILL, as a crash does, and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it again with the same settings; a web process is waited for. */
  restart(): Promise<void>;
}

/** The running product. */
export interface Product {
  /** One address for each web process, `http://localhost:PORT`. */
  baseUrls: string[];
  web: ProductProcess[];
  workers: ProductProcess[];
  dataDir: string;
  stop(): Promise<void>;
}

const DRAIN_MS = 10_000;
const READY_MS = 90_000;

/** Starts an already built product (`npm run build`) on a migrated database and waits until every web process is ready. */
export async function startProduct({
  env,
  webProcesses = 1,
  workerProcesses = 1,
  port,
  ports: wantedPorts,
}: ProductOptions): Promise<Product> {
  if (!fs.existsSync(".next/BUILD_ID")) throw new Error("The product is not built: run `npm run build` first.");
  await migrate(env.DATABASE_URL);
  const ownDataDir = env["CAMPUS_DATA_DIR"] === undefined;
  const dataDir = env["CAMPUS_DATA_DIR"] ?? fs.mkdtempSync(path.join(os.tmpdir(), "campus-product-"));
  const ports = wantedPorts ?? (await portsFor(webProcesses, port));
  const publicUrl = env["PUBLIC_URL"] ?? `http://localhost:${ports[0] ?? 3000}`;
  const settings = (webPort: number): Record<string, string> => ({
    ...productEnvironment({ port: webPort, publicUrl, dataDir, databaseUrl: env.DATABASE_URL, demo: false }),
    LOG_LEVEL: "info",
    CAMPUS_ALERT_GRACE_SECONDS: "0",
    ...env,
    PORT: String(webPort),
  });
  const logFile = (name: string) => path.join(dataDir, "logs", `${name}.log`);
  const web = ports.map((webPort, index) =>
    launch(`web-${index + 1}`, webArguments(), settings(webPort), logFile(`web-${index + 1}`), webPort),
  );
  const workers = Array.from({ length: workerProcesses }, (_, index) =>
    launch(`worker-${index + 1}`, workerArguments(), settings(ports[0] ?? 3000), logFile(`worker-${index + 1}`)),
  );
  const all = [...web, ...workers];
  const product: Product = {
    baseUrls: ports.map((webPort) => `http://localhost:${webPort}`),
    web,
    workers,
    dataDir,
    async stop() {
      await Promise.all(all.map((running) => running.stop()));
      if (ownDataDir) fs.rmSync(dataDir, { recursive: true, force: true });
    },
  };
  try {
    await Promise.all(web.map((running) => running.untilReady()));
  } catch (error) {
    const tails = all.map((running) => `--- ${running.name}\n${tailOf(running.logFile, 15)}`).join("\n");
    await product.stop();
    throw new Error(`The product did not become ready.\n${tails}`, { cause: error });
  }
  return product;
}

function portsFor(count: number, first: number | undefined): Promise<number[]> | number[] {
  return first === undefined ? freePorts(count) : Array.from({ length: count }, (_, index) => first + index);
}

interface Launched extends ProductProcess {
  stop(): Promise<void>;
  untilReady(): Promise<void>;
}

function launch(
  name: string,
  args: string[],
  env: Record<string, string>,
  logFile: string,
  webPort?: number,
): Launched {
  let child = spawnProduct(args, { env, logFile });
  return {
    name,
    logFile,
    get pid() {
      return pidOf(child);
    },
    async kill() {
      await end(child, "SIGKILL", DRAIN_MS);
    },
    async restart() {
      if (webPort !== undefined) await eventually(() => isPortFree(webPort), { what: `port ${webPort} to be free` });
      child = spawnProduct(args, { env, logFile });
      await this.untilReady();
    },
    async untilReady() {
      if (webPort === undefined) return;
      await eventually(
        () => {
          if (hasEnded(child)) return true;
          return isReady(`http://127.0.0.1:${webPort}`);
        },
        { timeoutMs: READY_MS, everyMs: 100, what: `${name} to be ready` },
      );
      if (hasEnded(child)) throw new Error(`${name} ended while it was starting`);
    },
    stop: () => end(child, "SIGTERM", DRAIN_MS),
  };
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error("the process could not be started");
  return child.pid;
}

async function end(child: ChildProcess, signal: NodeJS.Signals, timeoutMs: number): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, "exit");
  signalProcess(-pidOf(child), signal);
  if (!(await waitUntil(() => hasEnded(child), timeoutMs))) signalProcess(-pidOf(child), "SIGKILL");
  await exited;
}
