// The stand-in for the schema engine imitates a protocol that Prisma keeps to itself: this is what notices when a new
// version of Prisma speaks it differently.
import { spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { migrate, readMigrations } from "./lib/migrate.mjs";
import { eventually } from "@/tests/support/eventually";
import { databaseUrl, withServer } from "@/tests/support/template-database";

const name = `campus_test_prisma_${process.pid}`;
/** @type {string} */
let url;

/** @param {string[]} args @returns {Promise<{ code: number | null, output: string }>} */
function prisma(...args) {
  const child = spawn(process.execPath, ["scripts/prisma.mjs", ...args], {
    env: { ...process.env, DATABASE_URL: url },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (/** @type {Buffer} */ chunk) => (output += chunk));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}
const sql = (/** @type {string} */ text) => withServer(url, (client) => client.query(text), name);
const dropDatabase = () => withServer(url, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));

beforeAll(() => (url = databaseUrl(inject("services").databaseUrl, name)));
afterAll(dropDatabase);

describe("the Prisma CLI without its downloaded engine", () => {
  it("creates and migrates a database, and our own runner finds nothing left to do", async () => {
    const deploy = await prisma("migrate", "deploy");
    expect(deploy.output).toContain("have been successfully applied");
    expect(deploy.code).toBe(0);
    expect(await migrate(url)).toEqual([]);
  });

  it("accepts what our own runner applied as its own", async () => {
    await dropDatabase();
    await withServer(url, (client) => client.query(`CREATE DATABASE ${name}`));
    expect(await migrate(url)).toEqual(readMigrations().map((migration) => migration.name));
    const status = await prisma("migrate", "status");
    expect(status.output).toContain("Database schema is up to date");
    expect(status.code).toBe(0);
  });

  it("finds no drift between the migrations and the schema, and finds it in a changed database", async () => {
    const target = ["--to-schema", "prisma/schema", "--exit-code"];
    const clean = await prisma("migrate", "diff", "--from-migrations", "prisma/migrations", ...target);
    expect(clean.output).toContain("No difference detected");
    expect(clean.code).toBe(0);
    await sql("ALTER TABLE school ADD COLUMN surprise int");
    const drifted = await prisma("migrate", "diff", "--from-config-datasource", ...target);
    expect(drifted.output).toContain("surprise");
    expect(drifted.code).toBe(2);
  });

  it("leaves no shadow database behind", async () => {
    // Somebody else on the same server may have one for a moment.
    const shadows = `SELECT datname FROM pg_database WHERE datname LIKE 'prisma_shadow_%'`;
    await eventually(async () => (await sql(shadows)).rowCount === 0);
  });
});
