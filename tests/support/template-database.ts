// The template: one migrated database for each set of migrations; every test file gets a copy of it.
import { createHash } from "node:crypto";
import pg from "pg";
import { jobsVersion } from "@/scripts/lib/migrate-jobs.mjs";
import { migrate, readMigrations } from "@/scripts/lib/migrate.mjs";

const TEMPLATE_PREFIX = "campus_template_";
/** Copies carry this prefix, so that those of killed runs can be found and dropped. */
export const COPY_PREFIX = "campus_test_";
const BUILD_LOCK = 41_552_001;

/** Runs `work` on a connection of its own to `database` of the server that `url` names. */
export async function withServer<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
  database = "postgres",
): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl(url, database), application_name: "test support" });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The same server, another database. */
export function databaseUrl(url: string, database: string): string {
  const target = new URL(url);
  target.pathname = `/${database}`;
  return target.href;
}

/** Makes the template for the committed migrations unless it is there; concurrent runs wait for one another. */
export async function ensureTemplate(url: string): Promise<string> {
  const checksums = readMigrations().map(({ name, checksum }) => `${name}:${checksum}`);
  const name =
    TEMPLATE_PREFIX +
    createHash("sha256")
      .update([...checksums, jobsVersion()].join("\n"))
      .digest("hex")
      .slice(0, 12);
  await withServer(url, async (client) => {
    await client.query("SELECT pg_advisory_lock($1)", [BUILD_LOCK]);
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate", [name]);
    if (rowCount) return;
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${name}`);
    await migrate(databaseUrl(url, name));
    await client.query(`ALTER DATABASE ${name} WITH is_template true allow_connections false`);
  });
  return name;
}

/** Copies the template. */
export async function copyTemplate(url: string, template: string, name: string): Promise<void> {
  await withServer(url, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
}

/** Drops copies that nobody uses and that are older than `ageHours`: what killed runs left behind. */
export async function dropOldCopies(url: string, ageHours = 3): Promise<void> {
  await withServer(url, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      `SELECT datname FROM pg_database d
        WHERE datname LIKE $1 AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datname = d.datname)
          AND (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification < now() - make_interval(hours => $2)`,
      [`${COPY_PREFIX}%`, ageHours],
    );
    for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS ${datname}`);
  });
}
