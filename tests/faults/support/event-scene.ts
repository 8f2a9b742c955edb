// What a test file about moving events has: its database with the tables of effects, writers, and processes that move.
import { afterEach, beforeAll } from "vitest";
import { testDatabase, type TestDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { at } from "@/tests/support/school";
import { ledgerOf, makeEffectTables, writeUntil } from "./effects";
import { startSource, type SourceProcess } from "./source-processes";

/** Process starts, rebalances and elections are awaited, on a machine that may be busy with something else. */
export const PATIENCE_MS = 120_000;

export type Source = "relay" | "kafka" | "log";

/**
 * Hooks that make the database and, after each test, end its writers and processes; and the words the tests are written
 * in. `handlingMs` is how long a consumer takes over an event, `environment` what its processes need to know besides.
 */
export function eventScene({
  handlingMs = 0,
  environment = () => ({}),
}: {
  handlingMs?: number;
  environment?: () => Record<string, string>;
} = {}) {
  let opened: TestDatabase | undefined;
  let processes: SourceProcess[] = [];
  let writing: { end(): Promise<void> }[] = [];
  const database = () => at(opened ? [opened] : [], 0);
  const ledger = (consumer: string) => ledgerOf(database().pool, consumer);
  const awaited = (what: string, isTrue: () => Promise<boolean>) =>
    eventually(isTrue, { timeoutMs: PATIENCE_MS, everyMs: 100, what });
  /** Waits until a consumer has handled so many events. */
  const handled = (consumer: string, count: number) =>
    awaited(`${count} effects`, async () => (await ledger(consumer)).effects >= count);

  beforeAll(async () => {
    opened = await testDatabase();
    await makeEffectTables(opened.pool);
  });
  afterEach(async () => {
    await Promise.allSettled(writing.map((writers) => writers.end()));
    await Promise.all(processes.map((running) => running.kill()));
    writing = [];
    processes = [];
  });

  return {
    database,
    ledger,
    /** Starts a process that moves events from `source` to `consumer`. */
    start(consumer: string, source: Source): SourceProcess {
      const env = { DATABASE_URL: database().url, ...environment() };
      const started = startSource([consumer, source, String(handlingMs)], env);
      processes.push(started);
      return started;
    },
    /** `count` writers write to `keys` until `end()`, which waits for their last events. */
    startWriters(keys: readonly string[], count: number): { end(): Promise<void> } {
      let isOver = false;
      const done = writeUntil(database().prisma, keys, count, () => isOver);
      const writers = {
        end() {
          isOver = true;
          return done;
        },
      };
      writing.push(writers);
      return writers;
    },
    /** Waits until a consumer has handled all that is in the log. */
    caughtUp: (consumer: string) => awaited("the backlog", async () => (await ledger(consumer)).lost === 0),
    handled,
    /** Waits until a consumer has handled so many more events than now. */
    handledMore: async (consumer: string, more: number) => handled(consumer, (await ledger(consumer)).effects + more),
    /** Waits until the log holds more than `count` events. */
    writtenOver: (count: number) => awaited(`${count} events`, async () => (await ledger("nobody")).written > count),
    /** Empties the log and what was made of it. */
    async forgetEvents(): Promise<void> {
      await database().pool.query(
        "TRUNCATE outbox_event, effect, event_number, dead_letter, consumer_attempt, outbox_cursor",
      );
    },
  };
}
