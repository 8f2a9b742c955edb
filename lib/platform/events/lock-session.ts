import { randomInt } from "node:crypto";
import pg from "pg";
import { abortableDelay } from "./pause";
import { Availability } from "./availability";
import { OWNER_LOCK_CLASS } from "./delivery/attempts";
import { heard, ringAll, WAKE_CHANNEL } from "./wake/wake";

export const READER_LOCK_CLASS = 7201;
const RECONNECT_MS = 500;
/** The server drops the session of a machine that vanished within about 25 s, and with it the locks. */
const KEEPALIVE = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

/**
 * One connection that holds session advisory locks: the process's own number (a number that nobody holds is a dead
 * process) and the readers that this process runs. The server frees them the moment the process dies. On it this process
 * also hears that there is work. It needs a real session: not a transaction-pooling proxy.
 */
export class LockSession {
  /** This process's number. */
  readonly owner = randomInt(1, 2 ** 31 - 1);
  private client: pg.Client | undefined;
  private connecting: Promise<pg.Client | undefined> | undefined;
  private readonly held = new Set<string>();
  private readonly closing = new AbortController();
  private readonly availability = new Availability("PostgreSQL (reader locks)");

  constructor(private readonly connectionString: string) {}

  /** Tries to become the active reader of that name; false while another process is, or while the database is away. */
  async tryHold(reader: string): Promise<boolean> {
    const client = await this.connection();
    if (!client) return false;
    try {
      const { rows } = await client.query<{ locked: boolean }>(
        "SELECT pg_try_advisory_lock($1, hashtext($2)) AS locked",
        [READER_LOCK_CLASS, reader],
      );
      if (!rows[0]?.locked || client !== this.client) return false;
      this.held.add(reader);
      return true;
    } catch (error) {
      this.lost(client, error);
      return false;
    }
  }

  /** False as soon as the connection that held the lock is known to be lost. */
  isHeld(reader: string): boolean {
    return this.held.has(reader);
  }

  /** Lets another process take over a reader. */
  async release(reader: string): Promise<void> {
    if (!this.held.delete(reader)) return;
    await this.client
      ?.query("SELECT pg_advisory_unlock($1, hashtext($2))", [READER_LOCK_CLASS, reader])
      .catch(() => {});
  }

  /** Gives everything back. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.connecting;
    const client = this.client;
    this.client = undefined;
    this.held.clear();
    await client?.end().catch(() => {});
  }

  /** The connection, made when needed; undefined when the database does not answer now. */
  connection(): Promise<pg.Client | undefined> {
    if (this.client) return Promise.resolve(this.client);
    if (this.closing.signal.aborted) return Promise.resolve(undefined);
    return (this.connecting ??= this.connect().finally(() => (this.connecting = undefined)));
  }

  private async connect(): Promise<pg.Client | undefined> {
    const client = new pg.Client({
      connectionString: this.connectionString,
      application_name: "campusos worker locks",
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000, // it is silent for hours: without this a server that vanished goes unnoticed
      connectionTimeoutMillis: 5_000,
      options: KEEPALIVE,
    });
    client.on("error", (error) => this.lost(client, error));
    client.on("notification", ({ payload }) => heard(payload));
    try {
      await client.connect();
      await client.query("SELECT pg_advisory_lock($1, $2)", [OWNER_LOCK_CLASS, this.owner]);
      await client.query(`LISTEN ${WAKE_CHANNEL}`);
      this.client = client;
      this.availability.isUp();
      ringAll();
      return client;
    } catch (error) {
      this.lost(client, error);
      await abortableDelay(RECONNECT_MS, this.closing.signal);
      return undefined;
    }
  }

  private lost(client: pg.Client, error: unknown): void {
    if (this.client === client) {
      this.client = undefined;
      this.held.clear();
    }
    if (!this.closing.signal.aborted) this.availability.isDown(error);
    client.end().catch(() => {});
  }
}
