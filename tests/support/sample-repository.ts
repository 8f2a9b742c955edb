// A repository with our real scripts and a tiny product in place of Next.js, Prisma and the workers: `npm start` can be
// tried, hurt and timed in a second instead of a minute.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { signalProcess } from "@/scripts/lib/processes.mjs";
import { eventually } from "./eventually";

const NEXT = `
const fs = require("node:fs");
fs.mkdirSync(".next", { recursive: true });
fs.appendFileSync("builds.txt", process.pid + "\\n");
process.on("SIGTERM", () => setTimeout(() => { fs.writeFileSync("build-ended.txt", ""); process.exit(143); }, 300));
const look = setInterval(() => {
  if (fs.existsSync("hold-the-build")) return;
  clearInterval(look);
  fs.writeFileSync(".next/BUILD_ID", "1");
  process.exit(0);
}, 20);
`;
const SERVER = `
const http = require("node:http"), pg = require("pg");
const server = http.createServer(async (request, response) => {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  client.on("error", () => {});
  try { await client.connect(); await client.query("INSERT INTO visit DEFAULT VALUES");
    response.end((await client.query("SELECT count(*)::int AS n FROM visit")).rows[0].n + "");
  } catch (error) { response.statusCode = 503; response.end(error.message); } finally { await client.end().catch(() => {}); }
});
server.listen(Number(process.env.PORT), () => console.log("web listens"));
process.on("SIGTERM", () => setTimeout(() => { console.log("web drained"); process.exit(0); }, 200));
`;
const WORKER = `
process.on("SIGTERM", () => setTimeout(() => { console.log("worker drained"); process.exit(0); }, 200));
console.log("worker runs with", process.env.CAMPUS_DATA_DIR);
setInterval(() => {}, 1000);
`;
const PRISMA = `
const fs = require("node:fs");
fs.mkdirSync("lib/platform/generated/prisma", { recursive: true });
fs.writeFileSync("lib/platform/generated/prisma/client.ts", "");
`;
const MIGRATION = `CREATE TABLE visit (id int GENERATED ALWAYS AS IDENTITY);
CREATE TABLE app_user (email text); INSERT INTO app_user VALUES ('ada@demo.example');`;
const ACCOUNTS = [{ role: "admin", name: "Ada", email: "ada@demo.example", password: "secret-of-the-demo" }];

/** A running `npm start` of the sample repository. */
export interface SampleStart {
  child: ChildProcess;
  /** Everything it has printed so far. */
  output(): string;
  /** Resolves with the exit code (or the signal that ended it). */
  exit: Promise<number | NodeJS.Signals>;
}

/** The repository on disk and the ways to use it. */
export interface SampleRepository {
  dir: string;
  dataDir: string;
  write(file: string, text: string): void;
  /** Runs scripts/start.mjs; `env` adds settings. */
  start(env?: Record<string, string>): SampleStart;
  /** Waits until it says that it is ready. */
  ready(start: SampleStart): Promise<void>;
  /** Pids of all processes that have to do with the repository. */
  processes(what?: string): number[];
  remove(): Promise<void>;
}

/** Makes the repository below the system's folder for temporary files. */
export function sampleRepository(port: number): SampleRepository {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "campus sample #-")); // as other people name their folders
  const dataDir = path.join(dir, ".campus");
  const write = (file: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    fs.writeFileSync(path.join(dir, file), text);
  };
  fs.cpSync("scripts", path.join(dir, "scripts"), { recursive: true });
  fs.mkdirSync(path.join(dir, "node_modules"));
  const replaced = ["next", "prisma", ".cache", ".package-lock.json", ".vite", ".vite-temp"];
  for (const name of fs.readdirSync("node_modules").filter((entry) => !replaced.includes(entry))) {
    fs.symlinkSync(path.resolve("node_modules", name), path.join(dir, "node_modules", name));
  }
  write("package.json", "{}");
  write("package-lock.json", `{"packages":{"":{}}}`);
  write("node_modules/.package-lock.json", `{"packages":{}}`);
  write("node_modules/next/dist/bin/next", NEXT);
  write("node_modules/prisma/build/index.js", PRISMA);
  write("server.ts", SERVER);
  write("workers/main.ts", WORKER);
  write("prisma/migrations/1_init/migration.sql", MIGRATION);
  write("prisma/seed/main.ts", "");
  write("prisma/seed/accounts.json", JSON.stringify(ACCOUNTS));
  return {
    dir,
    dataDir,
    write,
    start: (env = {}) => startSample(dir, { PORT: String(port), CAMPUS_DATA_DIR: dataDir, ...env }),
    async ready(start) {
      await eventually(() => start.output().includes("CampusOS is ready") || start.child.exitCode !== null, {
        timeoutMs: 60_000,
      });
      if (start.child.exitCode !== null) throw new Error(`it ended:\n${start.output()}`);
    },
    processes: (what = dir) => processesOf(dir, what),
    async remove() {
      for (const pid of processesOf(dir, dir)) signalProcess(pid, "SIGKILL");
      await eventually(() => processesOf(dir, dir).length === 0);
      fs.rmSync(dir, { recursive: true, force: true });
    },
  };
}

function startSample(dir: string, settings: Record<string, string>): SampleStart {
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...inherited } = process.env;
  const child = spawn("node", ["scripts/start.mjs"], {
    cwd: dir,
    env: { ...inherited, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const exit = once(child, "exit").then(([code, signal]: (number | NodeJS.Signals)[]) => code ?? signal ?? 1);
  return { child, output: () => text, exit };
}

function processesOf(dir: string, what: string): number[] {
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const command = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        const folder = fs.readlinkSync(`/proc/${pid}/cwd`);
        return (folder.startsWith(dir) || command.includes(dir)) && (what === dir || command.includes(what));
      } catch {
        return false;
      }
    })
    .map(Number);
}
