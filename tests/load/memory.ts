// `npm run bench:memory [-- --minutes N] [--clients N] [--heap]`: what the product takes as the README starts it (`npm
// start`, demo school), process by process: idle, under N minutes of mixed load, and after some rest. Memory that several
// processes share is counted in proportion, so that sums are true. Prints figures; asserts nothing of them.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";
import accounts from "@/prisma/seed/accounts.json" with { type: "json" };
import { freePorts } from "@/scripts/lib/ports.mjs";
import { isAlive, sleep, tailOf } from "@/scripts/lib/processes.mjs";
import { readRuntime } from "@/scripts/lib/product/runtime-file.mjs";
import { isReady } from "@/scripts/lib/product/product-processes.mjs";
import { dieWithParent } from "@/scripts/lib/services/postgres-binaries.mjs";
import { eventually } from "@/tests/support/eventually";
import { PushService } from "@/tests/support/push-service";
import { at } from "@/tests/support/school";
import { LoadClient } from "./driver/client";
import { type Bench, benchmark, positive } from "./driver/loaded-product";
import { tell } from "./driver/figures";
import { machine } from "./driver/machine";
import { MixedLoad } from "./driver/mixed-load";
import { memoryOf, treeOf } from "./driver/process-figures";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "5" },
    clients: { type: "string", default: "48" },
    heap: { type: "boolean", default: false },
  },
});
const minutes = positive("minutes", values.minutes);
const clients = positive("clients", values.clients);
const START_MS = 300_000;
const SETTLE_MS = 20_000;
const REST_MS = 45_000;
const SAMPLE_MS = 2_000;
/** What a process of the tree is called, by its command line; the first that fits. */
const NAMES: [string, RegExp][] = [
  ["web", /server\.ts/],
  ["worker", /workers\/main\.ts/],
  ["database", /postgres/],
  ["supervisor", /scripts\/start\.mjs/],
  ["npm", /npm/],
];
const PARTS = [...NAMES.map(([name]) => name), "other"];

/** Bytes by part. */
type Sample = Map<string, number>;

await benchmark(async (bench) => {
  const pushes = await new PushService().start();
  bench.undo.push(() => pushes.stop());
  const product = await start(bench, pushes);
  const { url, databaseUrl } = product;
  await (await fetch(`${url}/login`)).text();
  await sleep(SETTLE_MS);
  const idle = await samplesWhile(product.pid, sleep(5 * SAMPLE_MS));
  const heapIdle = await heapOf(product);

  const client = new LoadClient([url], clients);
  bench.undo.push(() => client.close());
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  bench.undo.push(() => database.end());
  const load = new MixedLoad(client, database, at(accounts, 0).password);
  await load.prepare(pushes);
  const loaded = await samplesWhile(product.pid, load.run(clients, Date.now() + minutes * 60_000));
  const heapLoaded = await heapOf(product);
  await sleep(REST_MS);
  const rested = await samplesWhile(product.pid, sleep(5 * SAMPLE_MS));

  const third = Math.ceil(loaded.length / 3);
  const columns: [string, (part: string) => number][] = [
    ["idle", (part) => middle(idle, part)],
    ["load, first third", (part) => middle(loaded.slice(0, third), part)],
    ["load, last third", (part) => middle(loaded.slice(-third), part)],
    ["load, most", (part) => Math.max(...loaded.map((sample) => megabytes(sample, part)))],
    [`after ${REST_MS / 1_000} s of rest`, (part) => middle(rested, part)],
  ];
  print(`${machine()}; ${minutes} min, ${clients} at once, driver on the machine too`);
  print("");
  print(row("memory, MB", ...columns.map(([name]) => name)));
  for (const part of [...PARTS, "all"]) print(row(part, ...columns.map(([, of]) => of(part).toFixed(0))));
  tell(
    columns.map(([name, of]) => ({
      what: `memory, ${name}`,
      figure: `${of("all").toFixed(0)} MB (${PARTS.map((part) => `${part} ${of(part).toFixed(0)}`).join(", ")})`,
    })),
  );
  print("");
  print(`answers        ${[...load.answers].map(([name, count]) => `${name}: ${count}`).join(", ")}`);
  print(`pushes         ${pushes.received.length} taken`);
  if (values.heap)
    for (const [when, heap] of [
      ["idle", heapIdle],
      ["loaded", heapLoaded],
      ["rested", await heapOf(product)],
    ] as const)
      print(`${when.padEnd(10)} ${heap}`);
});

type Started = { pid: number; url: string; databaseUrl: string; token: string; workerPort: number };

/** The product as `npm start` starts it, in a data folder of this run. */
async function start({ work, undo }: Bench, pushes: PushService): Promise<Started> {
  const [port = 0, workerPort = 0] = await freePorts(2);
  const trusted = path.join(work, "push-service.pem");
  fs.writeFileSync(trusted, pushes.certificate.cert);
  const dataDir = path.join(work, "data");
  const logFile = path.join(work, "start.log");
  const log = fs.openSync(logFile, "a");
  const token = "a-token-of-this-run-alone";
  const [program = "npm", ...args] = [...dieWithParent("TERM"), "npm", "start"];
  const child = spawn(program, args, {
    stdio: ["ignore", log, log],
    detached: true,
    env: {
      ...process.env,
      PORT: String(port),
      CAMPUS_DATA_DIR: dataDir,
      DATABASE_URL: "",
      CAMPUS_DEMO: "1",
      CAMPUS_ALERT_GRACE_SECONDS: "0",
      METRICS_TOKEN: token,
      WORKER_HEALTH_PORT: String(workerPort),
      NODE_EXTRA_CA_CERTS: trusted,
      PUSH_ENDPOINT_ALLOWLIST: "localhost",
    },
  });
  fs.closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new Error("npm start could not be started");
  undo.push(async () => {
    const supervisor = readRuntime(dataDir)?.supervisorPid;
    if (child.exitCode === null) process.kill(-pid, "SIGTERM");
    await eventually(() => child.exitCode !== null || child.signalCode !== null, { timeoutMs: 30_000 });
    if (supervisor) await eventually(() => !isAlive(supervisor), { timeoutMs: 30_000 });
  });
  const url = `http://localhost:${port}`;
  await eventually(
    () => {
      if (child.exitCode !== null) throw new Error(`npm start ended:\n${tailOf(logFile, 20)}`);
      return isReady(`http://127.0.0.1:${port}`);
    },
    { timeoutMs: START_MS, everyMs: 500, what: "the product" },
  );
  const runtime = readRuntime(dataDir);
  if (!runtime) throw new Error(`no runtime.json in ${dataDir}`);
  return { pid, url, databaseUrl: runtime.databaseUrl, token, workerPort };
}

/** What each part takes, every two seconds until `work` is done. */
async function samplesWhile(pid: number, work: Promise<unknown>): Promise<Sample[]> {
  const samples: Sample[] = [];
  let isOver = false;
  const over = work.finally(() => (isOver = true));
  while (!isOver) {
    await Promise.race([over, sleep(SAMPLE_MS)]);
    samples.push(sampleOf(pid));
  }
  await over;
  return samples;
}

function sampleOf(root: number): Sample {
  const sample: Sample = new Map();
  for (const { pid, command } of treeOf(root)) {
    const part = NAMES.find(([, pattern]) => pattern.test(command))?.[0] ?? "other";
    try {
      sample.set(part, (sample.get(part) ?? 0) + memoryOf(pid));
    } catch {
      continue; // it has ended meanwhile
    }
  }
  return sample;
}

function megabytes(sample: Sample, part: string): number {
  const bytes = part === "all" ? [...sample.values()].reduce((sum, each) => sum + each, 0) : (sample.get(part) ?? 0);
  return bytes / 2 ** 20;
}

function middle(samples: readonly Sample[], part: string): number {
  const sorted = samples.map((sample) => megabytes(sample, part)).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** What V8 and Node say of themselves in web and worker, in MB. */
async function heapOf({ url, workerPort, token }: Started): Promise<string> {
  const of = async (address: string) => {
    const text = await (await fetch(address, { headers: { authorization: `Bearer ${token}` } })).text();
    const figures = [...text.matchAll(/^(?:nodejs|process)_(\w+)_bytes(?:\{space="(\w+)"\})? (\d+)/gm)];
    return figures
      .filter(([, name, space]) => name !== "virtual_memory" && (space === undefined || name?.endsWith("used")))
      .map(([, name = "", space, bytes]) => `${space ?? name} ${(Number(bytes) / 2 ** 20).toFixed(0)}`)
      .join(", ");
  };
  return `web: ${await of(`${url}/api/metrics`)}\n${" ".repeat(11)}worker: ${await of(`http://127.0.0.1:${workerPort}/metrics`)}`;
}

function row(name: string, ...cells: string[]): string {
  return name.padEnd(14) + cells.map((cell) => cell.padStart(20)).join("");
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
