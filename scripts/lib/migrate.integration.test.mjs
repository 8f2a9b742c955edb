import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { databaseUrl, withServer } from "@/tests/support/template-database";
import { assertMigrated, ensureDatabase, migrate } from "./migrate.mjs";

/** @type {string} */
let folder;
/** @type {string} */
let url;
const database = `campus_test_migrate_${process.pid}`;
const role = `campus_test_role_${process.pid}`;
/** @param {string} name @param {string} sql */
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

  it("needs no more than the schema public, or a database in which it may make it", async () => {
    write("1_init", 'CREATE SCHEMA IF NOT EXISTS "public";\n\nCREATE TABLE one (id int);');
    const asOwner = (/** @type {string} */ text) => withServer(url, (client) => client.query(text), database);
    await asOwner(`REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE ROLE ${role} LOGIN PASSWORD 'campus'`);
    try {
      const theirs = new URL(url);
      theirs.username = role;
      theirs.password = "campus";
      await expect(migrate(theirs.href, folder)).rejects.toThrow(
        `The role ${role} may not make tables in the database ${database}. Let its owner run: ` +
          `GRANT USAGE, CREATE ON SCHEMA public TO "${role}";`,
      );
      await asOwner(`GRANT USAGE, CREATE ON SCHEMA public TO ${role}`);
      expect(await migrate(theirs.href, folder)).toEqual(["1_init"]);
      await asOwner(`REVOKE CREATE ON SCHEMA public FROM ${role}`); // a role that only works with the tables
      expect(await migrate(theirs.href, folder)).toEqual([]);
      await asOwner(`DROP SCHEMA public CASCADE; GRANT CREATE ON DATABASE ${database} TO ${role}`);
      await expect(migrate(theirs.href, folder)).resolves.toEqual(["1_init"]);
      expect(await tables()).toEqual(["_prisma_migrations", "one"]);
    } finally {
      await asOwner(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it("tells a tool what is missing, without applying it", async () => {
    write("1_init", "CREATE TABLE one (id int);");
    await expect(assertMigrated(url, folder)).rejects.toThrow(
      "The database of DATABASE_URL lacks the migration 1_init. Run `npm run migrate` (or `npm start`) first.",
    );
    expect(await tables()).toEqual([]);
    await migrate(url, folder);
    await assertMigrated(url, folder);
    write("2_more", "CREATE TABLE two (id int);");
    await expect(assertMigrated(url, folder)).rejects.toThrow("lacks the migration 2_more");
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
