// Writers that append numbered events to the outbox as the product does, and a consumer whose effects can be counted.
import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { isDatabaseDown, transaction, type Db, type Tx } from "@/lib/platform/db/client";
import {
  consumer,
  dead,
  done,
  retry,
  type AnyConsumer,
  type RetryPolicy,
} from "@/lib/platform/events/delivery/consumer";
import { appendEvents } from "@/lib/platform/events/log/outbox";
import { lockEntities } from "@/lib/platform/db/locks";

/** Makes the tables that writers and effect consumers use. */
export async function makeEffectTables(pool: pg.Pool): Promise<void> {
  await pool.query(`
    CREATE TABLE event_number (key text PRIMARY KEY, n int NOT NULL);
    CREATE TABLE effect (seq bigserial PRIMARY KEY, consumer text, event_id text, key text, n int,
      pid int, at timestamptz DEFAULT clock_timestamp());
    CREATE INDEX ON effect (event_id);`);
}

/** What the effect consumer does with an event: its `status` says so. The last comes again until other keys have so many effects. */
export type Command = "ok" | "dead" | "kill" | `after-others:${number}`;

/** Appends one numbered event of a key in a transaction of its own; answers its number. */
export async function writeEvent(
  client: Db,
  key: string,
  options: { command?: Command; pauseMs?: number; rollback?: boolean } = {},
): Promise<void> {
  await transaction(async (tx) => {
    await lockEntities(tx, "section", [key]);
    const [row] = await tx.$queryRaw<{ n: number }[]>`
      INSERT INTO event_number AS e (key, n) VALUES (${key}, 1) ON CONFLICT (key) DO UPDATE SET n = e.n + 1 RETURNING n`;
    const n = row?.n ?? 0;
    await appendEvents(tx, new Date(), [
      {
        type: "student_enrolled",
        key,
        data: {
          enrollmentId: String(n),
          studentId: "student",
          sectionId: key,
          sectionCode: "S",
          sectionTitle: "S",
          schoolId: "school",
          status: options.command ?? "ok",
        },
      },
    ]);
    if (options.pauseMs) await delay(options.pauseMs);
    if (options.rollback) throw new RolledBackOnPurpose();
  }, client).catch((error: unknown) => {
    if (!(error instanceof RolledBackOnPurpose)) throw error;
  });
}

class RolledBackOnPurpose extends Error {}

/**
 * `writers` at once write to `keys` until `isOver`; 5 % roll back and 5 % pause for 5 ms before they commit. What counts is
 * what the log holds in the end: a write that found no free connection in time is no event.
 */
export async function writeUntil(
  client: Db,
  keys: readonly string[],
  writers: number,
  isOver: () => boolean,
): Promise<void> {
  const one = async () => {
    while (!isOver()) {
      const key = keys[Math.floor(Math.random() * keys.length)] ?? "key";
      await writeEvent(client, key, { rollback: Math.random() < 0.05, pauseMs: Math.random() < 0.05 ? 5 : 0 }).catch(
        (error: unknown) => {
          if (!isDatabaseDown(error) && !String(error).includes("timeout exceeded when trying to connect")) throw error;
        },
      );
    }
  };
  await Promise.all(Array.from({ length: writers }, one));
}

/** A consumer that writes one row for each event it handles, takes `pauseMs` over it, and obeys the event's command. */
export function effectConsumer(name: string, policy: Partial<RetryPolicy> = {}, pauseMs = 0): AnyConsumer {
  return consumer({
    name,
    types: ["student_enrolled"],
    policy,
    async handle(tx, event) {
      const { sectionId: key, enrollmentId, status } = event.data;
      const others = /^after-others:(\d+)$/.exec(status)?.[1];
      if (others !== undefined && (await effectsOfOthers(tx, name, key)) < Number(others)) return retry("told to");
      await tx.$executeRaw`
        INSERT INTO effect (consumer, event_id, key, n, pid)
        VALUES (${name}, ${event.id}, ${key}, ${Number(enrollmentId)}, ${process.pid})`;
      if (pauseMs > 0) await delay(pauseMs);
      if (status === "kill") process.kill(process.pid, "SIGKILL");
      if (status === "dead") return dead("told to");
      return done;
    },
  });
}

async function effectsOfOthers(tx: Tx, consumer: string, key: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM effect WHERE consumer = ${consumer} AND key <> ${key}`;
  return row?.count ?? 0;
}

/** Lost, doubled and misplaced effects of a consumer against what the writers committed. */
export type Ledger = { written: number; effects: number; lost: number; doubled: number; inverted: number };

/** Compares the effects with the outbox log. */
export async function ledgerOf(pool: pg.Pool, name: string): Promise<Ledger> {
  const { rows } = await pool.query<Ledger>(
    `WITH mine AS (SELECT key, n, seq, lag(n) OVER (PARTITION BY key ORDER BY seq) AS before FROM effect WHERE consumer = $1)
     SELECT (SELECT count(*)::int FROM outbox_event) AS written,
            (SELECT count(*)::int FROM mine) AS effects,
            (SELECT count(*)::int FROM outbox_event o
              WHERE NOT EXISTS (SELECT 1 FROM effect e WHERE e.consumer = $1 AND e.event_id = o.event_id)) AS lost,
            (SELECT count(*)::int FROM mine) - (SELECT count(DISTINCT (key, n))::int FROM mine) AS doubled,
            (SELECT count(*)::int FROM mine WHERE n <> coalesce(before, 0) + 1) AS inverted`,
    [name],
  );
  const [ledger] = rows;
  if (!ledger) throw new Error("no ledger");
  return ledger;
}
