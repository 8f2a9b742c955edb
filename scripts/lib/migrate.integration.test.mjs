import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { databaseUrl, withServer } from "@/tests/support/template-database";
import { ensureDatabase, migrate } from "./migrate.mjs";

let folder;
let url;
const database = `campus_test_migrate_${process.pid}`;
const write = (name, sql) => {
  fs.mkdirSync(path.join(folder, name), { recursive: true });
  fs.writeFileSync(path.join(folder, name, "migration.sql"), sql);
};
const tables = () =>
  withServer(
    url,
    async (client) => {
      const { rows } = await client.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
      return rows.map(({ tablename }) => tablename);
    },
    database,
  );

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "campus-migrations-"));
  url = databaseUrl(inject("services").databaseUrl, database);
  await ensureDatabase(url);
});
afterEach(async () => {
  fs.rmSync(folder, { recursive: true, force: true });
  await withServer(url, (client) => client.query(`DROP DATABASE ${database} WITH (FORCE)`));
});

describe("migrate", () => {
  it("applies each migration once, however many processes ask at the same time", async () => {
    write(
      "1_init",
      "CREATE TABLE one (id int); CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;",
    );
    write("2_more", "CREATE TABLE two (id int);");
    const done = await Promise.all(Array.from({ length: 5 }, () => migrate(url, folder)));
    expect(done.flat().sort()).toEqual(["1_init", "2_more"]);
    expect(await migrate(url, folder)).toEqual([]);
    expect(await tables()).toEqual(["_prisma_migrations", "one", "two"]);
  });

  it("leaves nothing of a migration that fails, and applies it once it is repaired", async () => {
    write("1_init", "CREATE TABLE one (id int); SELECT 1 / 0;");
    await expect(migrate(url, folder)).rejects.toThrow("Migration 1_init failed and was rolled back: division by zero");
    expect(await tables()).toEqual(["_prisma_migrations"]);
    write("1_init", "CREATE TABLE one (id int);");
    expect(await migrate(url, folder)).toEqual(["1_init"]);
  });

  it("refuses an edited migration before it applies anything", async () => {
    write("1_init", "CREATE TABLE one (id int);");
    await migrate(url, folder);
    write("1_init", "CREATE TABLE one (id bigint);");
    write("2_more", "CREATE TABLE two (id int);");
    await expect(migrate(url, folder)).rejects.toThrow("1_init was edited after it was applied");
    expect(await tables()).toEqual(["_prisma_migrations", "one"]);
  });
});
