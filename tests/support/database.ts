import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { createDb, type Db } from "@/lib/platform/db/client";
import { eventually } from "./eventually";
import { COPY_PREFIX, copyTemplate, databaseUrl, withServer } from "./template-database";

/** A migrated, empty database of its own, and two ways into it that are closed by `drop()`. */
export interface TestDatabase {
  name: string;
  url: string;
  /** A Prisma client with its own pool; made on first use. */
  readonly prisma: Db;
  /** A node-postgres pool for plain SQL; made on first use. */
  readonly pool: pg.Pool;
  /** Closes both and drops the database; throws when somebody still holds a connection to it. */
  drop(): Promise<void>;
}

/** One more database than {@link testDatabase} gives; the caller drops it. */
export async function freshDatabase(): Promise<TestDatabase> {
  const { databaseUrl: server, template } = inject("services");
  const name = `${COPY_PREFIX}${process.pid}_${randomBytes(6).toString("hex")}`;
  await copyTemplate(server, template, name);
  const url = databaseUrl(server, name);
  let prisma: Db | undefined;
  let pool: pg.Pool | undefined;
  return {
    name,
    url,
    get prisma() {
      return (prisma ??= createDb(url, 10));
    },
    get pool() {
      return (pool ??= new pg.Pool({ connectionString: url, max: 10, application_name: "test pool" }));
    },
    async drop() {
      await Promise.all([prisma?.$disconnect(), pool?.end()]);
      await dropUnused(server, name);
    },
  };
}

async function dropUnused(server: string, name: string): Promise<void> {
  await withServer(server, async (client) => {
    const users = async () => {
      const { rows } = await client.query<{ who: string }>(
        `SELECT coalesce(nullif(application_name, ''), 'unnamed') || ': ' || left(query, 120) AS who
           FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'`,
        [name],
      );
      return rows.map(({ who }) => who);
    };
    let left: string[] = [];
    await eventually(async () => (left = await users()).length === 0, { timeoutMs: 5_000 }).catch(() => undefined);
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    if (left.length > 0) throw new Error(`database connections were left open:\n${left.join("\n")}`);
  });
}

let ofThisFile: Promise<TestDatabase> | undefined;

/**
 * The database of this test file: DATABASE_URL points to it before the file is loaded, so `db()` and everything above it
 * use it too. It is dropped after the file.
 */
export function testDatabase(): Promise<TestDatabase> {
  return (ofThisFile ??= freshDatabase());
}
