import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePorts } from "@/scripts/lib/ports.mjs";
import { signalProcess } from "@/scripts/lib/processes.mjs";
import { eventually } from "@/tests/support/eventually";
import { sampleRepository, type SampleRepository } from "@/tests/support/sample-repository";

let repository: SampleRepository;
let port: number;
const ask = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/api/health/ready`)).text();
const onlyPid = (what: string): number => {
  const [pid] = repository.processes(what);
  if (pid === undefined) throw new Error(`no process ${what}`);
  return pid;
};

beforeAll(async () => {
  [port = 0] = await freePorts(1);
  repository = sampleRepository(port);
});
afterAll(() => repository.remove());

describe("npm start", () => {
  it("prepares a fresh clone, prints the accounts when it is ready, and stops without a trace", async () => {
    const start = repository.start();
    await repository.ready(start);
    expect(start.output()).toContain(`http://localhost:${port}`);
    expect(start.output()).toMatch(/ada@demo\.example\s+secret-of-the-demo/);
    expect(start.output()).toContain("Building");
    start.child.kill("SIGINT");
    expect(await start.exit).toBe(0);
    expect(start.output()).toMatch(/web drained/);
    expect(start.output()).toMatch(/worker drained/);
    expect(repository.processes()).toEqual([]);
  });

  it("refuses a second start of the same folder and names the first", async () => {
    const first = repository.start();
    await repository.ready(first);
    expect(first.output()).not.toMatch(/Building|Installing|Generating/);
    const second = repository.start();
    expect(await second.exit).toBe(1);
    expect(second.output()).toMatch(/is in use by `npm start` \(process \d+, since .*\) at http:\/\/localhost/);
    const third = repository.start({ CAMPUS_DATA_DIR: path.join(repository.dir, "other") });
    expect(await third.exit).toBe(1);
    expect(third.output()).toMatch(/Port \d+ is taken by another program\. Choose another one: PORT=\d+ npm start/);
    expect(await ask()).toMatch(/^\d+$/); // the first one never noticed
    first.child.kill("SIGTERM");
    expect(await first.exit).toBe(0);
  });

  it("leaves no process behind when it is killed, and the next start has the data", async () => {
    const start = repository.start();
    await repository.ready(start);
    const visits = Number(await ask());
    start.child.kill("SIGKILL");
    await start.exit;
    const again = repository.start();
    await repository.ready(again);
    expect(Number(await ask())).toBeGreaterThan(visits);
    again.child.kill("SIGKILL");
    await again.exit;
    await eventually(() => repository.processes().length === 0, { timeoutMs: 20_000, what: "an empty process list" });
  });

  it("starts again what dies: the database with its data, the web server, the worker", async () => {
    const start = repository.start();
    await repository.ready(start);
    const visits = Number(await ask());
    const postmaster = Number(
      fs.readFileSync(path.join(repository.dataDir, "postgres/postmaster.pid"), "utf8").split("\n")[0],
    );
    signalProcess(postmaster, "SIGKILL");
    await eventually(async () => Number(await ask()) > visits && onlyPid("bin/postgres") !== postmaster, {
      timeoutMs: 20_000,
    });
    for (const what of ["next/dist/bin/next", "workers/main.ts"]) {
      const pid = onlyPid(what);
      signalProcess(pid, "SIGKILL");
      await eventually(() => onlyPid(what) !== pid);
    }
    await eventually(async () => /^\d+$/.test(await ask()), { timeoutMs: 20_000 });
    start.child.kill("SIGTERM");
    expect(await start.exit).toBe(0);
    expect(repository.processes()).toEqual([]);
  });

  it("says why it cannot start", async () => {
    repository.write("a-file", "");
    const folder = repository.start({ CAMPUS_DATA_DIR: path.join(repository.dir, "a-file/data") });
    expect(await folder.exit).toBe(1);
    expect(folder.output()).toMatch(/data folder .* cannot be written \(ENOTDIR\).*CAMPUS_DATA_DIR/);

    repository.write("prisma/migrations/1_init/migration.sql", "SELECT 1;");
    const edited = repository.start();
    expect(await edited.exit).toBe(1);
    expect(edited.output()).toContain("Migration 1_init was edited after it was applied");
    expect(repository.processes()).toEqual([]);

    fs.appendFileSync(path.join(repository.dataDir, "postgres/postgresql.conf"), "\nno_such_setting = 1\n");
    const broken = repository.start();
    expect(await broken.exit).toBe(1);
    expect(broken.output()).toMatch(/PostgreSQL did not start[\s\S]*no_such_setting/);

    const absent = repository.start({ DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none", PORT: "seven" });
    expect(await absent.exit).toBe(1);
    expect(absent.output()).toContain('PORT must be a number from 1 to 65535, it is "seven".');
  });
});
