import pg from "pg";

/** What a database that answers has been migrated with; null when it has never been. */
export type ProbeAnswer = { migrations: readonly string[] | null };

const NO_SUCH_TABLE = "42P01";

/**
 * Asks the database over a connection of its own, which it keeps: the answer does not wait for the pool, in which
 * requests may queue, and needs no connection when the server has none left. A connection that was lost since is made
 * anew once.
 */
export class DatabaseProbe {
  private client: pg.Client | undefined;

  constructor(
    private readonly connectionString: string,
    private readonly timeoutMs: number,
  ) {}

  /** Throws when the database does not answer in time. */
  async ask(): Promise<ProbeAnswer> {
    const kept = this.client;
    try {
      return await this.query(kept ?? (await this.connect()));
    } catch (error) {
      this.forget();
      if (!kept) throw error;
      return this.query(await this.connect());
    }
  }

  /** Closes the connection. */
  async close(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private async query(client: pg.Client): Promise<ProbeAnswer> {
    try {
      const { rows } = await client.query<{ name: string }>(
        "SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
      );
      return { migrations: rows.map((row) => row.name) };
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === NO_SUCH_TABLE) return { migrations: null };
      throw error;
    }
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.connectionString,
      application_name: "campusos readiness",
      connectionTimeoutMillis: this.timeoutMs,
      query_timeout: this.timeoutMs,
      keepAlive: true,
    });
    client.on("error", () => this.forget(client));
    try {
      await client.connect();
    } catch (error) {
      client.end().catch(() => undefined);
      throw error;
    }
    this.client = client;
    return client;
  }

  private forget(client = this.client): void {
    if (this.client === client) this.client = undefined;
    client?.end().catch(() => undefined);
  }
}
