import { PrismaPg } from "@prisma/adapter-pg";
import { AppError } from "@/lib/shared/errors";
import { env } from "./env";
import { Prisma, PrismaClient } from "./generated/prisma/client";
import { singleton } from "./singleton";

export type Db = PrismaClient;
/** A client inside a transaction. */
export type Tx = Prisma.TransactionClient;
export { Prisma };

/**
 * The database of this process (one pool). Sessions carry time-outs, because one transaction left open anywhere holds
 * the outbox back (a reader stops at the oldest open transaction).
 */
export function db(): Db {
  return singleton("db", () => {
    const connectionString = env().DATABASE_URL;
    if (!connectionString) throw new Error("DATABASE_URL is not set: `npm start` sets it for the embedded database.");
    return createDb(connectionString, env().DATABASE_POOL_SIZE);
  });
}

/** A client for one database URL; tests and tools make their own, everything else uses `db()`. */
export function createDb(connectionString: string, poolSize: number): Db {
  const adapter = new PrismaPg(
    {
      connectionString,
      max: poolSize,
      connectionTimeoutMillis: 5_000,
      idleTimeoutMillis: 30_000,
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 15_000,
    },
    { statementNameGenerator: statementNames() },
  );
  return new PrismaClient({ adapter, transactionOptions: { maxWait: 10_000, timeout: 20_000 } });
}

const MAX_NAMED_STATEMENTS = 500;

/**
 * Names for statements, so that a connection parses and plans each of ours once and not at every call. Texts beyond the
 * first few hundred (lists of changing length) stay unnamed: a name for each would fill the server's memory.
 */
function statementNames(): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= MAX_NAMED_STATEMENTS) return "";
    const name = `campus_${names.size + 1}`;
    names.set(sql, name);
    return name;
  };
}

/**
 * Runs `work` in one READ COMMITTED transaction: locks and constraints decide, never the isolation level. Take locks
 * (`lockEntities`) before the first write. No network call belongs in here.
 */
export function transaction<T>(work: (tx: Tx) => Promise<T>, client: Db = db()): Promise<T> {
  return client.$transaction(work, { isolationLevel: Prisma.TransactionIsolationLevel.ReadCommitted });
}

/** The name of the constraint or index that a failed write ran into, or null. */
export function violatedConstraint(error: unknown): string | null {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return null;
  return findConstraint(error.meta) ?? /constraint[:"` ]+"?([a-z0-9_]+)"?/i.exec(error.message)?.[1] ?? null;
}

function findConstraint(value: unknown, depth = 0): string | null {
  if (typeof value !== "object" || value === null || depth > 5) return null;
  for (const [key, member] of Object.entries(value)) {
    if ((key === "index" || key === "constraint") && typeof member === "string") return member;
    const found = findConstraint(member, depth + 1);
    if (found) return found;
  }
  return null;
}

/** True when the database could not be reached or had no connection free in time: the caller may try again later. */
export function isDatabaseDown(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientInitializationError) return true;
  if (error instanceof Prisma.PrismaClientKnownRequestError)
    return ["P1001", "P1002", "P1008", "P1017", "P2024", "P2028"].includes(error.code);
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return ["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "ETIMEDOUT", "57P01", "57P02", "57P03", "53300"].includes(
    String(code),
  );
}

/** The `unavailable` answer for a database that is away. */
export function databaseDown(cause: unknown): AppError {
  return new AppError("unavailable", {
    detail: "The database does not answer. Try again in a moment.",
    retryAfterSeconds: 2,
    cause,
  });
}
