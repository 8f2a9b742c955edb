import fs from "node:fs";
import pg from "pg";
import { sleep } from "@/scripts/lib/processes.mjs";

/** What a server must be started with for {@link StatementCosts}. */
export const STATEMENTS_HAVE_COSTS = {
  shared_preload_libraries: "pg_stat_statements,auto_explain",
  "pg_stat_statements.max": "10000",
  "pg_stat_statements.track_planning": "on",
  "auto_explain.log_analyze": "on",
  "auto_explain.log_buffers": "on",
  "auto_explain.log_parameter_max_length": "60",
};
/** Settings reach a connection between two statements. */
const RELOAD_MS = 500;

/** Statements of a database, and milliseconds of planning and running them. */
export type StatementCost = { statements: number; ms: number };

/** What a server with {@link STATEMENTS_HAVE_COSTS} says of the statements that it ran, database by database. */
export class StatementCosts {
  readonly #client: pg.Client;

  constructor(databaseUrl: string) {
    this.#client = new pg.Client({ connectionString: databaseUrl });
  }

  async connect(): Promise<void> {
    await this.#client.connect();
    await this.#client.query("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
  }

  /** Forgets what was counted. */
  async reset(): Promise<void> {
    await this.#client.query("SELECT pg_stat_statements_reset()");
  }

  /** What each database came to since {@link reset}, by its name. */
  async read(): Promise<Map<string, StatementCost>> {
    const { rows } = await this.#client.query<StatementCost & { name: string }>(`
      SELECT d.datname AS name, sum(s.calls)::int AS statements, sum(s.total_exec_time + s.total_plan_time) AS ms
        FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
       WHERE s.query NOT LIKE '%pg_stat_statements%' GROUP BY d.datname`);
    return new Map(rows.map((row) => [row.name, row]));
  }

  /** The plans of every statement that the server runs while `work` is done, as it writes them into `logFile`. */
  async plansOf(logFile: string, work: () => Promise<unknown>): Promise<string> {
    const from = fs.statSync(logFile).size;
    await this.#log("0");
    await work();
    await this.#log("-1");
    return fs.readFileSync(logFile).subarray(from).toString();
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  async #log(fromMs: string): Promise<void> {
    await this.#client.query(`ALTER SYSTEM SET auto_explain.log_min_duration = '${fromMs}'`);
    await this.#client.query("SELECT pg_reload_conf()");
    await sleep(RELOAD_MS);
  }
}
