import { spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { freePorts } from "@/scripts/lib/ports.mjs";
import { isAlive, signalProcess } from "@/scripts/lib/processes.mjs";
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

const builds = (): string[] => {
  const file = path.join(repository.dir, "builds.txt");
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n") : [];
};

/** Makes the next build wait until the answer is called. */
function holdBuild(): () => void {
  fs.rmSync(path.join(repository.dir, ".next"), { recursive: true, force: true });
  fs.rmSync(path.join(repository.dir, "builds.txt"), { force: true });
  const hold = path.join(repository.dir, "hold-the-build");
  fs.writeFileSync(hold, "");
  return () => fs.rmSync(hold);
}

/** The pid of build number `nth` since `holdBuild`, once it runs. */
async function buildBegins(nth = 1): Promise<number> {
  await eventually(() => builds().length >= nth);
  return Number(builds()[nth - 1]);
}

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
    await eventually(() => start.output().includes("worker runs"));
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
    for (const what of ["server.ts", "workers/main.ts"]) {
      const pid = onlyPid(what);
      signalProcess(pid, "SIGKILL");
      await eventually(() => onlyPid(what) !== pid);
    }
    await eventually(async () => /^\d+$/.test(await ask()), { timeoutMs: 20_000 });
    start.child.kill("SIGTERM");
    expect(await start.exit).toBe(0);
    expect(repository.processes()).toEqual([]);
  });

  it("is never ready by the answer of another program that took its port meanwhile", async () => {
    const go = holdBuild();
    const start = repository.start();
    await buildBegins();
    const other = http.createServer((_request, response) => response.end("{}"));
    other.listen(port);
    await once(other, "listening");
    go();
    expect(await start.exit).toBe(1);
    other.close();
    expect(start.output()).toMatch(/Port \d+ is taken by another program\. Choose another one: PORT=\d+ npm start/);
    expect(start.output()).not.toContain("CampusOS is ready");
    expect(repository.processes()).toEqual([]);
  });

  it("waits for the end of a build when it is stopped in it", async () => {
    const go = holdBuild();
    const start = repository.start();
    const build = await buildBegins();
    start.child.kill("SIGINT");
    expect(await start.exit).toBe(0);
    expect(fs.existsSync(path.join(repository.dir, "build-ended.txt"))).toBe(true);
    expect(isAlive(build)).toBe(false);
    go();
  });

  it("ends the build of a start that was killed in it, and builds again", async () => {
    const go = holdBuild();
    const killed = repository.start();
    const build = await buildBegins();
    killed.child.kill("SIGKILL");
    await killed.exit;
    expect(isAlive(build)).toBe(true);
    const start = repository.start();
    expect(await buildBegins(2)).not.toBe(build);
    expect(isAlive(build)).toBe(false);
    go();
    await repository.ready(start);
    start.child.kill("SIGTERM");
    expect(await start.exit).toBe(0);
  });

  it("builds once for two starts of one clone with two data folders", async () => {
    const go = holdBuild();
    const [otherPort = 0] = await freePorts(1);
    const first = repository.start();
    await buildBegins();
    const second = repository.start({
      PORT: String(otherPort),
      CAMPUS_DATA_DIR: path.join(repository.dir, "second"),
    });
    await eventually(() => /Waiting for process \d+ \(building\)/.test(second.output()));
    go();
    await Promise.all([repository.ready(first), repository.ready(second)]);
    expect(builds()).toHaveLength(1);
    for (const start of [first, second]) start.child.kill("SIGTERM");
    expect(await Promise.all([first.exit, second.exit])).toEqual([0, 0]);
  });

  it("goes on when nobody reads its output any more, and when its terminal hangs up", async () => {
    const start = repository.start();
    await repository.ready(start);
    start.child.stdout?.destroy();
    start.child.stderr?.destroy();
    start.child.kill("SIGHUP");
    const web = onlyPid("server.ts");
    signalProcess(web, "SIGKILL"); // it has something to say now
    await eventually(() => repository.processes("server.ts").some((pid) => pid !== web));
    await eventually(async () => /^\d+$/.test(await ask()), { timeoutMs: 20_000 });
    expect(start.child.exitCode).toBeNull();
    start.child.kill("SIGTERM");
    expect(await start.exit).toBe(0);
    expect(repository.processes()).toEqual([]);
  });

  it("leaves the preparation to the image in which everything was prepared", async () => {
    const start = repository.start();
    await repository.ready(start);
    const { databaseUrl } = z
      .object({ databaseUrl: z.string() })
      .parse(JSON.parse(fs.readFileSync(path.join(repository.dataDir, "runtime.json"), "utf8")));
    const lock = path.join(repository.dir, "package-lock.json");
    fs.renameSync(lock, `${lock}.away`);
    repository.write("workers/tools/tool.ts", `console.log("tool on", process.env.DATABASE_URL);`);
    const tool = (env: Record<string, string>) =>
      spawnSync("node", ["scripts/run.mjs", "--with-database", "workers/tools/tool.ts"], {
        cwd: repository.dir,
        env: { ...process.env, CAMPUS_DATA_DIR: repository.dataDir, DATABASE_URL: databaseUrl, ...env },
        encoding: "utf8",
      });
    expect(tool({}).stderr).toContain("package-lock.json is missing");
    expect(tool({ CAMPUS_PREPARED: "1" }).stdout).toBe(`tool on ${databaseUrl}\n`);
    fs.renameSync(`${lock}.away`, lock);
    start.child.kill("SIGTERM");
    expect(await start.exit).toBe(0);
  });

  it("installs anew what an install that was killed left half unpacked", async () => {
    const thing = { "node_modules/thing": { version: "1.0.0" } };
    const marker = path.join(repository.dir, "node_modules/.cache/campus/installing");
    const files = ["package-lock.json", "node_modules/.package-lock.json"];
    const before = files.map((file) => fs.readFileSync(path.join(repository.dir, file), "utf8"));
    repository.write("package-lock.json", JSON.stringify({ packages: { "": {}, ...thing } }));
    repository.write("node_modules/thing/package.json", "{}");
    repository.write("node_modules/thing/half", "");
    fs.writeFileSync(marker, "");
    // In place of npm: like the real one it takes a folder with a package.json for a whole package.
    const record = `{"packages":${JSON.stringify(thing)}}`;
    repository.write(
      "bin/npm",
      `#!/bin/sh\n[ -e node_modules/thing/package.json ] || { mkdir -p node_modules/thing && echo '{}' > node_modules/thing/package.json; }\n` +
        `echo '${record}' > node_modules/.package-lock.json\n`,
    );
    fs.chmodSync(path.join(repository.dir, "bin/npm"), 0o755);
    const start = repository.start({ PATH: `${path.join(repository.dir, "bin")}:${process.env["PATH"] ?? ""}` });
    await repository.ready(start);
    expect(start.output()).toContain("Installing packages");
    expect(fs.readdirSync(path.join(repository.dir, "node_modules/thing"))).toEqual(["package.json"]);
    expect(fs.existsSync(marker)).toBe(false);
    start.child.kill("SIGTERM");
    expect(await start.exit).toBe(0);
    for (const [index, file] of files.entries()) repository.write(file, before[index] ?? "");
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
