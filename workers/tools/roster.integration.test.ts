import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, inject, it } from "vitest";
import { verifyPassword } from "@/lib/identity/credentials/passwords";
import { db } from "@/lib/platform/db/client";
import { nodeArguments } from "@/scripts/lib/runtime.mjs";
import { generateSchool } from "@/tests/load/school/generate-school";
import { testDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { rosterJobs } from "@/tests/support/roster-jobs";
import { copyTemplate, databaseUrl, ensureTemplate, withServer } from "@/tests/support/template-database";

const folder = mkdtempSync(path.join(tmpdir(), "campus-roster-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const small = { students: 5, teachers: 2, sections: 5, courses: 3 };

const database = await testDatabase();
const { withWorker, held, isHeld, left } = rosterJobs(database, path.join(folder, "data-of-worker"));

const roster = (...args: string[]) => rosterOn({}, ...args);
const rosterOn = (env: Record<string, string>, ...args: string[]) => start(env, ...args).ended;

/** Starts the tool; `ended` is what came of it. */
function start(env: Record<string, string>, ...args: string[]) {
  const tool = path.resolve("workers/tools/roster.ts");
  const child = spawn(process.execPath, [...nodeArguments(tool), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      CAMPUS_DATA_DIR: path.join(folder, "data"),
      PUBLIC_URL: "https://campus.example.edu",
      ...env,
    },
  });
  const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
  const texts = Promise.all([text(child.stdout), text(child.stderr)]);
  const ended = texts.then(async ([out, err]) => ({ code: await exit, out, err }));
  return { child, ended };
}

/** The id of the newest import, when there is one. */
const newest = async () => (await db().rosterImport.findFirst({ orderBy: { id: "desc" } }))?.id;

describe("npm run roster -- import", () => {
  it("imports a folder; an initial password lets everybody in", async () => {
    const school = path.join(folder, "with-password");
    await generateSchool(school, { ...small, school: "with-password" });
    const dry = await roster("import", school, "--dry-run", "--initial-password", "first-password-of-all");
    expect(dry).toMatchObject({ code: 0, err: "" });
    expect(await db().school.count()).toBe(0);
    const { code, out } = await roster(
      "import",
      school,
      "--initial-password",
      "first-password-of-all",
      "--time-zone",
      "Europe/Prague",
    );
    expect(code).toBe(0);
    expect(out).toContain("time zone Europe/Prague");
    const user = await db().user.findUniqueOrThrow({ where: { email: "u1@with-password.example.edu" } });
    expect(user.passwordShared).toBe(true);
    expect(await verifyPassword(user.passwordHash, "first-password-of-all")).toBe(true);
    expect(out).not.toContain("first-password");
  }, 60_000);

  it("without a password writes invitation links for its owner's eyes, once", async () => {
    const school = path.join(folder, "invited");
    await generateSchool(school, { ...small, school: "invited" });
    const { code, out } = await roster("import", school);
    expect(code).toBe(0);
    const links = path.join(folder, "data/invitations");
    const [file = ""] = readdirSync(links);
    expect(out).toContain(file);
    expect(statSync(path.join(links, file)).mode & 0o777).toBe(0o600);
    const rows = readFileSync(path.join(links, file), "utf8").trimEnd().split("\n");
    expect(rows.length - 1).toBe(await db().user.count({ where: { school: { sourcedId: "invited" } } }));
    expect(rows[1]).toMatch(/^[\w-]+,[\w-]+@invited\.example\.edu,https:\/\/campus\.example\.edu\/invite\/[\w-]{20,}$/);
    // What was sent still works after the next import, and no second link is made.
    expect((await roster("import", school)).out).not.toContain("invitation");
    expect(readdirSync(links)).toHaveLength(1);
    expect(await db().invitation.count()).toBe(rows.length - 1);
  }, 60_000);

  it("says what is wrong and how to call it", async () => {
    expect(await roster("import", path.join(folder, "nowhere"))).toMatchObject({ code: 1, out: "" });
    for (const args of [
      [],
      ["import", folder, "--time-zone", "Prague"],
      ["import", folder, "--time-zone", "+02:00"],
      ["import", folder, "--quick"],
    ]) {
      const { code, err } = await roster(...args);
      expect(code).toBe(2);
      expect(err).toContain("usage: npm run roster");
    }
  }, 60_000);

  it("says that the database has to be migrated first", async () => {
    const school = path.join(folder, "early");
    await generateSchool(school, { ...small, school: "early" });
    const url = inject("services").databaseUrl;
    const [empty, old] = [`campus_test_roster_empty_${process.pid}`, `campus_test_roster_old_${process.pid}`];
    const template = await ensureTemplate(url);
    const drop = () =>
      withServer(url, async (client) => {
        for (const name of [empty, old]) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      });
    try {
      await withServer(url, (client) => client.query(`CREATE DATABASE ${empty}`));
      await copyTemplate(url, template, old);
      await withServer(url, (client) => client.query("ALTER TABLE app_user DROP COLUMN ended_at"), old);
      for (const name of [empty, old]) {
        const { code, err } = await rosterOn({ DATABASE_URL: databaseUrl(url, name) }, "import", school);
        expect(code).toBe(3);
        expect(err).toContain("Run `npm run migrate`");
      }
    } finally {
      await drop();
    }
  }, 60_000);
});

describe("an import that the roster tool follows", () => {
  it("is done by a worker that is there, which says where it wrote the links; its state can be read later", async () => {
    const school = path.join(folder, "by-worker");
    await generateSchool(school, { ...small, school: "by-worker" });
    const { code, out } = await withWorker(() => roster("import", school));
    expect(code).toBe(0);
    const [file = ""] = readdirSync(path.join(folder, "data-of-worker/invitations"));
    expect(out).toContain(path.join(folder, "data-of-worker/invitations", file));
    expect(await left()).toEqual({ chunks: 0, hashes: 0 });
    const id = (await newest()) ?? "";
    const all = await roster("status");
    expect(all.out.split("\n")[0]).toMatch(new RegExp(`^${id} \\S+Z Done$`));
    const one = await roster("status", id);
    expect(one).toMatchObject({ code: 0, err: "" });
    expect(one.out).toContain(out.trimEnd());
    expect(await roster("cancel", id)).toMatchObject({ code: 1, out: "" });
    const unknown = await roster("status", "x");
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain("There is no import x.");
  }, 90_000);

  it("is cancelled by Ctrl-C, and nothing is changed", async () => {
    const school = path.join(folder, "stopped");
    await generateSchool(school, { ...small, school: "stopped" });
    const before = await newest();
    const tool = await held(async () => {
      const started = start({}, "import", school);
      const id = await eventually(async () => ((await newest()) === before ? null : newest()), { timeoutMs: 30_000 });
      await isHeld(id);
      started.child.kill("SIGINT");
      await eventually(async () => (await db().rosterImport.findUnique({ where: { id } }))?.cancelRequestedAt);
      return started;
    });
    const { code, out, err } = await tool.ended;
    expect({ code, out }).toEqual({ code: 4, out: "" });
    expect(err).toContain("The import was cancelled and nothing was changed.");
    expect(await db().school.count({ where: { sourcedId: "stopped" } })).toBe(0);
    expect(await left()).toEqual({ chunks: 0, hashes: 0 });
  }, 60_000);

  it("is refused with the findings, also when a file leads out of the folder", async () => {
    const school = path.join(folder, "leads-out");
    await generateSchool(school, { ...small, school: "leads-out" });
    rmSync(path.join(school, "users.csv"));
    symlinkSync(path.join(folder, "invited/users.csv"), path.join(school, "users.csv"));
    const { code, out, err } = await roster("import", school);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/refused and nothing was changed[^]*users\.csv[^]*not a link to it/);
    const refused = await roster("status", (await newest()) ?? "");
    expect(refused.out).toContain(err.trimEnd());
    expect(await left()).toEqual({ chunks: 0, hashes: 0 });
  }, 60_000);
});
