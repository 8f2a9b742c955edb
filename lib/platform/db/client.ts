import { AsyncLocalStorage } from "node:async_hooks";
import { AppError } from "@/lib/shared/errors";
import { env } from "../runtime/env";
import { committed } from "./after-commit";
import { Prisma, PrismaClient } from "../generated/prisma/client";
import { PostgresAdapter } from "./postgres-adapter";
import { singleton } from "../runtime/singleton";
import { say } from "@/lib/shared/say";

export type Db = PrismaClient;
/** A client inside a transaction. */
export type Tx = Prisma.TransactionClient;
export { Prisma };

/** How long this process waits for the database. */
type Patience = {
  connectMs: number;
  /** On the server, which then gives the statement up. */
  statementMs: number;
  /** Here: longer, so that only a server that is frozen or unreachable is waited for in vain. */
  answerMs: number;
  transactionMs: number;
};

/** For what nobody waits for: imports, consumers, jobs. */
const PATIENT: Patience = { connectMs: 5_000, statementMs: 30_000, answerMs: 35_000, transactionMs: 20_000 };
/**
 * For requests, each of which has 10 s: what waits is given up while there is time to say so, also when a second part of
 * the page waits for a connection after the first has waited for an answer.
 */
const FOR_REQUESTS: Patience = { connectMs: 3_000, statementMs: 5_000, answerMs: 5_500, transactionMs: 9_000 };

/** To be called before the first `db()` of a process that answers requests. */
export function waitAsRequestsDo(): void {
  singleton("dbPatience", () => FOR_REQUESTS);
}

/**
 * The database of this process (one pool). Sessions carry time-outs, because one transaction left open anywhere holds
 * the outbox back (a reader stops at the oldest open transaction).
 */
export function db(): Db {
  return singleton("db", () => {
    const connectionString = env().DATABASE_URL;
    if (!connectionString) throw new Error("DATABASE_URL is not set: `npm start` sets it for the embedded database.");
    return createDb(
      connectionString,
      env().DATABASE_POOL_SIZE,
      singleton("dbPatience", () => PATIENT),
    );
  });
}

/**
 * A client for one database URL; tests and tools make their own, everything else uses `db()`. Its sessions are in UTC,
 * whatever the server's or the database's own zone: the driver sends instants without an offset, and takes the offset of
 * those that it reads for UTC.
 */
export function createDb(connectionString: string, poolSize: number, patience = PATIENT): Db {
  const adapter = new PostgresAdapter(
    {
      connectionString: withSessionOptions(connectionString, SESSION_OPTIONS),
      max: poolSize,
      connectionTimeoutMillis: patience.connectMs,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      statement_timeout: patience.statementMs,
      query_timeout: patience.answerMs,
      idle_in_transaction_session_timeout: 15_000,
    },
    { statementNameGenerator: statementNames() },
  );
  return new PrismaClient({ adapter, transactionOptions: { maxWait: 10_000, timeout: patience.transactionMs } });
}

/** The isolation level here and not in each transaction, where it would cost a statement. */
const SESSION_OPTIONS = String.raw`-c TimeZone=UTC -c default_transaction_isolation=read\ committed`;

/** Adds to the options that a URL may carry already (they win over all that is given beside it). */
function withSessionOptions(connectionString: string, options: string): string {
  const url = new URL(connectionString);
  const given = url.searchParams.get("options");
  url.searchParams.set("options", given ? `${given} ${options}` : options);
  return url.href;
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

type Joined = { tx: Tx; client: Db; isOver: boolean };

const joined = () => singleton("joinedTransaction", () => new AsyncLocalStorage<Joined>());

/**
 * Runs `work` in one READ COMMITTED transaction: locks and constraints decide, never the isolation level. Take locks
 * (`lockEntities`) before the first write. No network call belongs in here. Inside of {@link joinedTransaction} it is that
 * transaction, which ends later.
 */
export async function transaction<T>(work: (tx: Tx) => Promise<T>, client: Db = db()): Promise<T> {
  const outer = joined().getStore();
  if (outer?.client === client && !outer.isOver) return work(outer.tx);
  let ended: Tx | undefined;
  const result = await client.$transaction((tx) => {
    ended = tx;
    return work(tx);
  });
  committed(ended, client);
  return result;
}

/**
 * Runs `work` so that the `transaction()` that it opens on `client` is `tx`: what it writes is there together with what
 * the caller writes. For use-cases of one transaction after which nothing is left to do.
 */
export async function joinedTransaction<T>(tx: Tx, client: Db, work: () => Promise<T>): Promise<T> {
  const mine: Joined = { tx, client, isOver: false };
  try {
    return await joined().run(mine, work);
  } finally {
    mine.isOver = true; // what `work` left running must not write into a transaction that is over
  }
}

/**
 * Runs `work` and takes back what it wrote, with the locks that it took, when it throws; `recover` then gives the result,
 * or null to let the error out.
 */
export async function attempt<T>(tx: Tx, work: () => Promise<T>, recover: (error: unknown) => T | null): Promise<T> {
  await tx.$executeRaw`SAVEPOINT attempt`;
  try {
    return await work();
  } catch (error) {
    const recovered = recover(error);
    if (recovered === null) throw error;
    await tx.$executeRaw`ROLLBACK TO SAVEPOINT attempt`;
    return recovered;
  }
}

/** The name of the constraint or index that a failed write ran into, or null. */
export function violatedConstraint(error: unknown): string | null {
  if (!isOfPrisma(error, "PrismaClientKnownRequestError")) return null;
  const { meta, message }: { meta?: unknown; message: string } = error;
  return findConstraint(meta) ?? /constraint[:"` ]+"?([a-z0-9_]+)"?/i.exec(message)?.[1] ?? null;
}

/** By name: whoever made the client may have loaded another copy of Prisma than whoever asks, with classes of its own. */
function isOfPrisma(error: unknown, name: string): error is Error {
  return typeof error === "object" && error !== null && Reflect.get(error, "name") === name;
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

/** Prisma's own: not reachable, time-outs of connecting, closed by the server, no connection free, transaction over. */
const DOWN_CODES = new Set(["P1001", "P1002", "P1008", "P1017", "P2024", "P2028"]);
const SOCKET_CODES = new Set(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EPIPE"]);
/** What the adapter makes of socket errors, which then have no code any more. */
const DOWN_KINDS = new Set(["DatabaseNotReachable", "ConnectionClosed", "SocketTimeout", "TooManyConnections"]);
/** SQLSTATE classes 08 (connection), 53 (out of resources) and 57P (the server goes down, crashed or starts). */
const DOWN_STATES = /^(?:08|53|57P)[0-9A-Z]{2,3}$/;
/** Of node-postgres, which gives these no code, and of a database that takes nobody in (55000, a state that statements meet too). */
const DOWN_MESSAGES =
  /^(?:database ".+" is not currently accepting connections$|Connection terminated\b|timeout exceeded when trying to connect$|Query read timeout$|Client (?:has encountered a connection error|was closed) and is not queryable$)/;

/**
 * True when the database could not be reached, went away, or had no connection free in time: the caller may try again
 * later. The sign may lie deep: for raw statements Prisma wraps the driver's error in one that says only `P2010`.
 */
export function isDatabaseDown(error: unknown): boolean {
  if (isOfPrisma(error, "PrismaClientInitializationError")) return true;
  return driverErrors(error).some(
    ({ code, originalCode, kind, message }) =>
      [code, originalCode].some((each) => DOWN_CODES.has(each) || SOCKET_CODES.has(each) || isDownState(each)) ||
      DOWN_KINDS.has(kind) ||
      DOWN_MESSAGES.test(message),
  );
}

/** True when the server gave a statement up: it took longer than its time-out, or an operator cancelled it. */
export function isStatementCancelled(error: unknown): boolean {
  return driverErrors(error).some(({ code, originalCode }) => code === "57014" || originalCode === "57014");
}

/** True when a table or column is missing: the migrations of this version were not applied. */
export function isNotMigrated(error: unknown): boolean {
  // Of Prisma: no such table, no such column. A raw statement says the same with PostgreSQL's own codes.
  const codes = driverErrors(error).flatMap(({ code, originalCode }) => [code, originalCode]);
  return codes.some((code) => ["P2021", "P2022", "42P01", "42703"].includes(code));
}

function isDownState(code: string): boolean {
  return code.length === 5 && DOWN_STATES.test(code);
}

type DriverError = Record<"code" | "originalCode" | "kind" | "message", string>;

/** An error and what Prisma and its adapter wrapped in it. Other errors' causes are their own business. */
function driverErrors(error: unknown): DriverError[] {
  const found: DriverError[] = [];
  for (let each = error, depth = 0; typeof each === "object" && each !== null && depth < 5; depth++) {
    const text = (key: string) => {
      const value: unknown = Reflect.get(each as object, key);
      return typeof value === "string" ? value : "";
    };
    found.push({
      code: text("code"),
      originalCode: text("originalCode"),
      kind: text("kind"),
      message: text("message"),
    });
    const { meta, cause }: { meta?: unknown; cause?: unknown } = each;
    const wrapped: unknown = typeof meta === "object" && meta !== null ? Reflect.get(meta, "driverAdapterError") : null;
    each = wrapped ?? (text("name") === "DriverAdapterError" ? cause : null);
  }
  return found;
}

/** The `unavailable` answer for a database that is away. */
export function databaseDown(cause: unknown): AppError {
  return new AppError("unavailable", {
    detail: say("detail.databaseAway"),
    retryAfterSeconds: 2,
    cause,
  });
}
