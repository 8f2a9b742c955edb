import { PrismaPg } from "@prisma/adapter-pg";
import type { SqlQueryable, SqlQuery } from "@prisma/driver-adapter-utils";
import type pg from "pg";

/** Of node-postgres, for a statement that was not answered within `query_timeout`. */
const SILENCE = "Query read timeout";

/**
 * node-postgres under Prisma, with two things mended:
 * - A connection that does not answer in time is cut. node-postgres only gives up waiting and would hand it out again,
 *   with a transaction open on it. Cut, the server rolls that back – or has done what it was asked, if it was a COMMIT.
 * - A database that is away is always an error of the adapter, which Prisma knows (`P1001`, `P1008`, `P1017`). Errors of
 *   the pool itself have neither code nor name.
 */
export class PostgresAdapter extends PrismaPg {
  override async connect(): ReturnType<PrismaPg["connect"]> {
    const adapter = guarded(await super.connect());
    const startTransaction = adapter.startTransaction.bind(adapter);
    return Object.assign(adapter, {
      startTransaction: (isolationLevel?: Parameters<typeof startTransaction>[0]) =>
        known(async () => guarded(await startTransaction(isolationLevel))),
    });
  }
}

function guarded<Q extends SqlQueryable>(queryable: Q): Q {
  const queryRaw = queryable.queryRaw.bind(queryable);
  const executeRaw = queryable.executeRaw.bind(queryable);
  const cut = () => {
    // A transaction's own connection; a single statement's is ended by the pool.
    const client: unknown = Reflect.get(queryable, "client");
    if (isClient(client)) client.end().catch(() => undefined);
  };
  return Object.assign(queryable, {
    queryRaw: (query: SqlQuery) => known(() => queryRaw(query), cut),
    executeRaw: (query: SqlQuery) => known(() => executeRaw(query), cut),
  });
}

/** A connection taken from a pool, which the pool itself is not. */
function isClient(value: unknown): value is pg.PoolClient & { end(): Promise<void> } {
  return typeof value === "object" && value !== null && "release" in value && "end" in value;
}

async function known<T>(work: () => Promise<T>, onSilence?: () => void): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    if (message === SILENCE) {
      onSilence?.();
      throw adapterError("SocketTimeout", error);
    }
    if (message === "timeout exceeded when trying to connect" || message.endsWith("due to connection timeout"))
      throw adapterError("DatabaseNotReachable", error);
    if (/^Connection terminated\b|is not queryable$/.test(message)) throw adapterError("ConnectionClosed", error);
    throw error;
  }
}

/** As the adapter makes them; Prisma knows one by name and shape. */
function adapterError(kind: "SocketTimeout" | "DatabaseNotReachable" | "ConnectionClosed", error: unknown): Error {
  const originalMessage = error instanceof Error ? error.message : "";
  return Object.assign(new Error(kind, { cause: { kind, originalMessage } }), { name: "DriverAdapterError" });
}
