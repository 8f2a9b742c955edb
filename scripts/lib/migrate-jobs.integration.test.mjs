import { afterEach, beforeEach, expect, inject, it } from "vitest";
import { databaseUrl, withServer } from "@/tests/support/template-database";
import { assertMigrated, ensureDatabase, migrate } from "./migrate.mjs";

const database = `campus_test_jobs_${process.pid}`;
const role = `campus_test_jobs_role_${process.pid}`;
/** @type {string} */
let url;
/** @param {string} text */
const asOwner = (text) => withServer(url, (client) => client.query(text), database);

beforeEach(async () => {
  url = databaseUrl(inject("services").databaseUrl, database);
  await ensureDatabase(url);
});
afterEach(async () => {
  await withServer(url, async (client) => {
    await client.query(`DROP DATABASE ${database} WITH (FORCE)`);
    await client.query(`DROP ROLE IF EXISTS ${role}`);
  });
});

it("makes the job queue with the migrations, for a role that owns its schema alone, and then changes nothing", async () => {
  await asOwner(
    `CREATE ROLE ${role} LOGIN PASSWORD 'campus'; GRANT USAGE, CREATE ON SCHEMA public TO ${role};
     REVOKE CREATE ON DATABASE ${database} FROM PUBLIC`,
  );
  const theirs = new URL(url);
  theirs.username = role;
  theirs.password = "campus";
  await expect(migrate(theirs.href)).rejects.toThrow(
    `The role ${role} may not make the schema graphile_worker in the database ${database}. Let its owner run: ` +
      `CREATE SCHEMA graphile_worker AUTHORIZATION "${role}";`,
  );
  await expect(assertMigrated(theirs.href)).rejects.toThrow("lacks the schema graphile_worker. Run `npm run migrate`");
  await asOwner(`CREATE SCHEMA graphile_worker AUTHORIZATION ${role}`);
  expect(await migrate(theirs.href)).toEqual([]); // ours were applied before it was refused
  await assertMigrated(theirs.href);
  const made = await asOwner("SELECT id, ts FROM graphile_worker.migrations ORDER BY id");
  expect(made.rows.length).toBeGreaterThan(0);
  await migrate(theirs.href);
  expect((await asOwner("SELECT id, ts FROM graphile_worker.migrations ORDER BY id")).rows).toEqual(made.rows);
});
