import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { cache } from "../cache/cache";
import { DatabaseProbe } from "../db/probe";
import { env } from "./env";
import { singleton } from "./singleton";

const CHECK_TIMEOUT_MS = 1_500;
/** Answers are shared for this long, so that asking often costs nothing. */
const SHARED_FOR_MS = 500;

export type DependencyState = "up" | "down";
export type Readiness = {
  /** False: send nobody here. Redis and Kafka away do not make it false: work goes on, slower or later. */
  isReady: boolean;
  dependencies: { database: DependencyState; migrations: DependencyState } & Partial<
    Record<"redis" | "kafka", DependencyState>
  >;
};

/**
 * Asks every dependency that is configured, at the same time, each for at most 1.5 s and over connections that nothing
 * else waits for: the answer says what is, also in a process that has just begun and in one that is very busy.
 */
export function readiness(): Promise<Readiness> {
  const shared = singleton("readiness", (): { answer: Promise<Readiness> | null; freshUntilMs: number } => ({
    answer: null,
    freshUntilMs: 0,
  }));
  if (shared.answer && performance.now() < shared.freshUntilMs) return shared.answer;
  shared.freshUntilMs = Infinity; // until it is there
  shared.answer = check().finally(() => (shared.freshUntilMs = performance.now() + SHARED_FOR_MS));
  return shared.answer;
}

/** Closes what `readiness()` keeps open. */
export async function closeReadiness(): Promise<void> {
  await probe()?.close();
}

function probe(): DatabaseProbe | null {
  const { DATABASE_URL } = env();
  return DATABASE_URL ? singleton("databaseProbe", () => new DatabaseProbe(DATABASE_URL, CHECK_TIMEOUT_MS)) : null;
}

async function check(): Promise<Readiness> {
  const { REDIS_URL, KAFKA_BROKERS } = env();
  const asked = probe()?.ask();
  const [database, migrations, redis, kafka] = await Promise.all([
    state(async () => (await asked) !== undefined),
    state(async () => hasAllMigrations((await asked)?.migrations ?? [])),
    REDIS_URL ? state(() => cache().isUp()) : undefined,
    KAFKA_BROKERS ? state(() => someBrokerListens(KAFKA_BROKERS)) : undefined,
  ]);
  return {
    isReady: database === "up" && migrations === "up",
    dependencies: { database, migrations, ...(redis ? { redis } : {}), ...(kafka ? { kafka } : {}) },
  };
}

async function state(ask: () => Promise<boolean>): Promise<DependencyState> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    // In a busy process the answer may have arrived and only not been read: once around the event loop reads it.
    timer = setTimeout(() => setImmediate(resolve, false), CHECK_TIMEOUT_MS);
  });
  try {
    return (await Promise.race([ask(), tooLate])) ? "up" : "down";
  } catch {
    return "down";
  } finally {
    clearTimeout(timer);
  }
}

/** True when every migration of this version has been applied; a newer database is fine (an upgrade is under way). */
function hasAllMigrations(names: readonly string[]): boolean {
  const wanted = singleton("migrationNames", () =>
    fs
      .readdirSync(path.join(/* turbopackIgnore: true */ process.cwd(), "prisma", "migrations"), {
        withFileTypes: true,
      })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name),
  );
  const applied = new Set(names);
  return wanted.every((name) => applied.has(name));
}

async function someBrokerListens(brokers: readonly string[]): Promise<boolean> {
  const attempts = brokers.map(
    (broker) =>
      new Promise<true>((resolve, reject) => {
        const { hostname, port } = new URL(`kafka://${broker}`);
        const socket = net.connect({ host: hostname, port: Number(port || 9092), timeout: CHECK_TIMEOUT_MS });
        const end = (outcome: () => void) => {
          socket.destroy();
          outcome();
        };
        socket.once("connect", () => end(() => resolve(true)));
        socket.once("error", (error) => end(() => reject(error)));
        socket.once("timeout", () => end(() => reject(new Error("timeout"))));
      }),
  );
  return Promise.any(attempts);
}
