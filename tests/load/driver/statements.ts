import pg from "pg";
import { sleep } from "@/scripts/lib/processes.mjs";

/** What a server must be started with to be able to count statements. */
export const STATEMENTS_CAN_BE_COUNTED = { shared_preload_libraries: "pg_stat_statements" };
/** Settings reach a connection between two statements. */
const RELOAD_MS = 500;

/** Until {@link statementsOf} asks for it, such a server counts nothing: that costs a little. */
export async function countNothingYet(databaseUrl: string): Promise<void> {
  await connected(databaseUrl, (client) => track(client, "none"));
}

/**
 * How many statements the server runs while `work` is done, those around a transaction too, as the server counts them. What
 * else is at work meanwhile is counted with it: stop it first.
 */
export function statementsOf(databaseUrl: string, work: () => Promise<unknown>): Promise<number> {
  return connected(databaseUrl, async (client) => {
    await client.query("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
    await track(client, "top");
    await client.query("SELECT pg_stat_statements_reset()");
    await work();
    const { rows } = await client.query<{ calls: number }>(`
      SELECT COALESCE(sum(s.calls), 0)::int AS calls FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
       WHERE d.datname = current_database() AND s.query NOT LIKE '%pg_stat_statements%'`);
    await track(client, "none");
    return rows[0]?.calls ?? NaN;
  });
}

async function track(client: pg.Client, what: "top" | "none"): Promise<void> {
  await client.query(`ALTER SYSTEM SET pg_stat_statements.track = '${what}'`);
  await client.query("SELECT pg_reload_conf()");
  await sleep(RELOAD_MS);
}

async function connected<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
