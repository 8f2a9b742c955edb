// The tables of the job queue, in a schema of their own. graphile-worker makes and changes them by its own migrations.
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./runtime.mjs";

const SCHEMA = "graphile_worker";

/** The version of graphile-worker that is installed: its tables follow it. */
export function jobsVersion() {
  const file = path.join(root, "node_modules/graphile-worker/package.json");
  const { version } = /** @type {{ version: string }} */ (JSON.parse(readFileSync(file, "utf8")));
  return `graphile-worker ${version}`;
}

/**
 * Brings the tables of the job queue up to date; nothing is written when they are. The caller holds the lock of migrations.
 * A role that may not make schemas needs one that is its own.
 * @param {import("pg").Client} client
 * @param {string} url
 */
export async function migrateJobs(client, url) {
  await ensureJobsSchema(client);
  const { Logger, runMigrations } = await import("graphile-worker");
  await runMigrations({ connectionString: url, schema: SCHEMA, logger: new Logger(() => () => {}) });
}

/** @param {import("pg").Client} client */
async function ensureJobsSchema(client) {
  /** @type {import("pg").QueryResult<{ role: string, database: string, mayMake: boolean, mayUse: boolean | null, hasTables: boolean }>} */
  const { rows } = await client.query(
    `SELECT current_user AS role, current_database() AS database,
            has_database_privilege(current_database(), 'CREATE') AS "mayMake",
            (SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = $1) AS "mayUse",
            to_regclass($1 || '.migrations') IS NOT NULL AS "hasTables"`,
    [SCHEMA],
  );
  const [row] = rows;
  if (!row || row.hasTables || row.mayMake) return;
  if (!row.mayUse)
    throw new Error(
      `The role ${row.role} may not make the schema ${SCHEMA} in the database ${row.database}. Let its owner run: ` +
        `CREATE SCHEMA ${SCHEMA} AUTHORIZATION ${client.escapeIdentifier(row.role)};`,
    );
  // graphile-worker begins with CREATE SCHEMA, which PostgreSQL refuses to this role although the schema exists; where
  // this table is, it goes straight to its migrations.
  await client.query(
    `CREATE TABLE ${SCHEMA}.migrations (id int PRIMARY KEY, ts timestamptz NOT NULL DEFAULT now(), breaking boolean NOT NULL DEFAULT false)`,
  );
}

/**
 * Throws a sentence when the tables of the job queue are missing; changes nothing.
 * @param {import("pg").Client} client
 */
export async function assertJobsMigrated(client) {
  /** @type {import("pg").QueryResult<{ missing: boolean }>} */
  const { rows } = await client.query("SELECT to_regclass($1 || '.jobs') IS NULL AS missing", [SCHEMA]);
  if (rows[0]?.missing)
    throw new Error(
      `The database of DATABASE_URL lacks the schema ${SCHEMA}. Run \`npm run migrate\` (or \`npm start\`) first.`,
    );
}
