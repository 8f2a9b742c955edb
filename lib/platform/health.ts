import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { cache } from "./cache/cache";
import { db } from "./db";
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

/** Asks every dependency that is configured, at the same time, each for at most 1.5 s. */
export function readiness(): Promise<Readiness> {
  const shared = singleton("readiness", (): { askedAtMs: number; answer: Promise<Readiness> | null } => ({
    askedAtMs: 0,
    answer: null,
  }));
  const nowMs = performance.now();
  if (!shared.answer || nowMs - shared.askedAtMs > SHARED_FOR_MS) {
    shared.askedAtMs = nowMs;
    shared.answer = check();
  }
  return shared.answer;
}

async function check(): Promise<Readiness> {
  const { REDIS_URL, KAFKA_BROKERS } = env();
  const [database, migrations, redis, kafka] = await Promise.all([
    state(async () => (await db().$queryRaw`SELECT 1`) !== null),
    state(hasAllMigrations),
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
    timer = setTimeout(resolve, CHECK_TIMEOUT_MS, false);
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
async function hasAllMigrations(): Promise<boolean> {
  const wanted = singleton("migrationNames", () =>
    fs
      .readdirSync(path.join(/* turbopackIgnore: true */ process.cwd(), "prisma", "migrations"), {
        withFileTypes: true,
      })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name),
  );
  const rows = await db().$queryRaw<{ name: string }[]>`
    SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;
  const applied = new Set(rows.map((row) => row.name));
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
