import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, inject, it } from "vitest";
import { verifyPassword } from "@/lib/identity/credentials/passwords";
import { db } from "@/lib/platform/db/client";
import { nodeArguments } from "@/scripts/lib/runtime.mjs";
import { generateSchool } from "@/tests/load/school/generate-school";
import { copyTemplate, databaseUrl, ensureTemplate, withServer } from "@/tests/support/template-database";

const folder = mkdtempSync(path.join(tmpdir(), "campus-roster-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const small = { students: 5, teachers: 2, sections: 5, courses: 3 };

const roster = (...args: string[]) => rosterOn({}, ...args);

async function rosterOn(env: Record<string, string>, ...args: string[]) {
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
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await exit, out, err };
}

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
