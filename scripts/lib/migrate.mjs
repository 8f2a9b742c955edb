// Applies prisma/migrations without the Prisma CLI: same files, same table, same checksums and lock as `prisma migrate
// deploy`, so both can be used on one database in any order. One transaction a migration, therefore no statement that
// PostgreSQL refuses inside one (CREATE INDEX CONCURRENTLY).
import { createHash, randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import pg from "pg";
import { messageOf, codeOf } from "./errors.mjs";
import { assertJobsMigrated, migrateJobs } from "./migrate-jobs.mjs";
import { root } from "./runtime.mjs";

const PRISMA_LOCK_KEY = 72707369;

/**
 * A committed migration.
 * @typedef {{ name: string, sql: string, checksum: string }} Migration
 */

/**
 * A row of `_prisma_migrations` that was not rolled back.
 * @typedef {{ migration_name: string, checksum: string, finished_at: Date | null }} AppliedMigration
 */

/** The committed migrations. */
export const migrationsFolder = path.join(root, "prisma/migrations");

/**
 * The migrations of a folder in the order of their names: `{name, sql, checksum}`.
 * @returns {Migration[]}
 */
export function readMigrations(folder = migrationsFolder) {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && fs.existsSync(path.join(folder, entry.name, "migration.sql")))
    .map(({ name }) => {
      const bytes = fs.readFileSync(path.join(folder, name, "migration.sql"));
      return { name, sql: bytes.toString("utf8"), checksum: createHash("sha256").update(bytes).digest("hex") };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Decides what to apply. Throws, before anything is touched, when an applied migration was edited since, or when an
 * earlier attempt was left unfinished. `applied` are the rows of `_prisma_migrations` that were not rolled back.
 * @param {Migration[]} migrations
 * @param {AppliedMigration[]} applied
 */
export function pendingMigrations(migrations, applied) {
  const rows = new Map(applied.map((row) => [row.migration_name, row]));
  return migrations.filter(({ name, checksum }) => {
    const row = rows.get(name);
    if (!row) return true;
    if (!row.finished_at) {
      throw new Error(`Migration ${name} was left unfinished: see \`npm run prisma -- migrate resolve --help\`.`);
    }
    if (row.checksum !== checksum) {
      throw new Error(`Migration ${name} was edited after it was applied. Restore the file and add a new migration.`);
    }
    return false;
  });
}

/**
 * Brings the database at `url` up to date and returns the names of what it applied. Several processes may call it at the
 * same time: one works, the others wait and find nothing to do.
 * @param {string} url
 */
export async function migrate(url, folder = migrationsFolder) {
  const migrations = readMigrations(folder);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SET lock_timeout = '60s'");
    await client.query(`SELECT pg_advisory_lock(${PRISMA_LOCK_KEY})`);
    await client.query("SET lock_timeout = 0");
    await client.query("SET idle_in_transaction_session_timeout = 0");
    const pending = pendingMigrations(migrations, await appliedMigrations(client));
    // A role that may not make tables gets through when there is nothing to do.
    if (pending.length > 0) await applyAll(client, pending);
    if (folder === migrationsFolder) await migrateJobs(client, url);
    return pending.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

/** @param {pg.Client} client @param {Migration[]} pending */
async function applyAll(client, pending) {
  await ensurePublicSchema(client);
  await client.query(`CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`);
  for (const migration of pending) await apply(client, migration);
}

/** @param {pg.Client} client @returns {Promise<AppliedMigration[]>} */
async function appliedMigrations(client) {
  /** @type {pg.QueryResult<{ absent: boolean }>} */
  const found = await client.query("SELECT to_regclass('_prisma_migrations') IS NULL AS absent");
  if (found.rows[0]?.absent) return [];
  /** @type {pg.QueryResult<AppliedMigration>} */
  const { rows } = await client.query(
    "SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL",
  );
  return rows;
}

// The schema is made before (below): PostgreSQL asks for the right to make schemas even when this one exists, and a role
// that owns nothing but `public` is enough.
const CREATE_PUBLIC = /^CREATE SCHEMA IF NOT EXISTS "public";$/m;

/** @param {pg.Client} client @param {Migration} migration */
async function apply(client, { name, sql, checksum }) {
  await client.query("BEGIN");
  try {
    await client.query(sql.replace(CREATE_PUBLIC, ""));
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw new Error(`Migration ${name} failed and was rolled back: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * What the role of a connection may do in its database; `mayMakeTables` is null where there is no schema `public`.
 * @typedef {{ role: string, database: string, mayMakeSchemas: boolean, mayMakeTables: boolean | null }} Rights
 */

/**
 * PostgreSQL's own words for what is not allowed name neither the role nor what to do.
 * @param {pg.Client} client
 */
async function ensurePublicSchema(client) {
  /** @type {pg.QueryResult<Rights>} */
  const { rows } = await client.query(`SELECT current_user AS role, current_database() AS database,
    has_database_privilege(current_database(), 'CREATE') AS "mayMakeSchemas",
    (SELECT has_schema_privilege(oid, 'CREATE') AND has_schema_privilege(oid, 'USAGE')
     FROM pg_namespace WHERE nspname = 'public') AS "mayMakeTables"`);
  const [{ role, database, mayMakeSchemas, mayMakeTables }] = /** @type {[Rights]} */ (rows);
  const isAbsent = mayMakeTables === null;
  if (isAbsent && mayMakeSchemas) await client.query("CREATE SCHEMA IF NOT EXISTS public");
  if (mayMakeTables || (isAbsent && mayMakeSchemas)) return;
  const grantee = client.escapeIdentifier(role);
  const remedy = isAbsent
    ? `CREATE SCHEMA public AUTHORIZATION ${grantee};`
    : `GRANT USAGE, CREATE ON SCHEMA public TO ${grantee};`;
  throw new Error(`The role ${role} may not make tables in the database ${database}. Let its owner run: ${remedy}`);
}

/**
 * Throws a sentence when the database at `url` lacks a migration; changes nothing. For tools that must not migrate.
 * @param {string} url
 */
export async function assertMigrated(url, folder = migrationsFolder) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const [first] = pendingMigrations(readMigrations(folder), await appliedMigrations(client));
    if (first) {
      throw new Error(
        `The database of DATABASE_URL lacks the migration ${first.name}. Run \`npm run migrate\` (or \`npm start\`) first.`,
      );
    }
    if (folder === migrationsFolder) await assertJobsMigrated(client);
  } finally {
    await client.end();
  }
}

/**
 * Makes the database that `url` names when it does not exist yet, over the maintenance database `postgres`.
 * @param {string} url
 */
export async function ensureDatabase(url) {
  const target = new URL(url);
  const name = decodeURIComponent(target.pathname.slice(1));
  target.pathname = "/postgres";
  const client = new pg.Client({ connectionString: target.href });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if (!["42P04", "23505"].includes(codeOf(error) ?? "")) throw error; // somebody else made it at the same moment
  } finally {
    await client.end();
  }
}
