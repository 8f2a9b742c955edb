import { once } from "node:events";
import net from "node:net";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { testDatabase } from "@/tests/support/database";
import { forgetSingletons } from "@/tests/support/singletons";
import { eventually } from "@/tests/support/eventually";
import { cache } from "../cache/cache";
import { db } from "../db/client";
import { env } from "./env";
import { closeReadiness, readiness } from "./health";

beforeEach(leaveNothing);
afterAll(leaveNothing);

/** Of this database alone: other test files share the server. */
const SESSIONS = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1";

describe("readiness", () => {
  it("is ready with every configured dependency up, each by name", async () => {
    // The first answer of a process, which has no connection to anything yet.
    expect(await readiness()).toEqual({
      isReady: true,
      dependencies: { database: "up", migrations: "up", redis: "up" },
    });
  });

  it("says that the database is up while every connection of the pool is taken", async () => {
    const release = Promise.withResolvers<void>();
    const taken = Array.from({ length: env().DATABASE_POOL_SIZE + 4 }, () =>
      db()
        .$transaction(() => release.promise)
        .catch(() => undefined),
    );
    await eventually(async () => (await openConnections()) >= env().DATABASE_POOL_SIZE, { what: "a full pool" });
    const startedAt = performance.now();
    expect(await readiness()).toMatchObject({ isReady: true, dependencies: { database: "up" } });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    release.resolve();
    await Promise.all(taken);
  });

  it("finds a database again that broke its connection, and does not keep an answer that is over", async () => {
    expect((await readiness()).isReady).toBe(true);
    const { pool } = await testDatabase();
    await pool.query(`SELECT pg_terminate_backend(pid) ${SESSIONS}`, ["campusos readiness"]);
    // Answers are shared for half a second: asked until one was made on a new connection.
    const asksAgain = async () => {
      await readiness();
      const { rowCount } = await pool.query(`SELECT 1 ${SESSIONS}`, ["campusos readiness"]);
      return rowCount === 1;
    };
    await eventually(asksAgain, { what: "a new connection of the probe" });
    expect((await readiness()).isReady).toBe(true);
  });

  it("says within 2 s that a database which accepts and then says nothing is down", async () => {
    const silent = net.createServer((socket) => socket.resume());
    await once(silent.listen(0, "127.0.0.1"), "listening");
    const { port } = silent.address() as net.AddressInfo;
    vi.stubEnv("DATABASE_URL", `postgresql://campus:campus@127.0.0.1:${port}/campus`);
    vi.stubEnv("REDIS_URL", `redis://127.0.0.1:${port}`);
    const startedAt = performance.now();
    expect(await readiness()).toMatchObject({ isReady: false, dependencies: { database: "down", redis: "down" } });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    await leaveNothing();
    silent.close();
  });

  it("goes on without Redis and Kafka, and tells", async () => {
    vi.stubEnv("REDIS_URL", "redis://127.0.0.1:1");
    vi.stubEnv("KAFKA_BROKERS", "127.0.0.1:1,127.0.0.1:2");
    expect(await readiness()).toMatchObject({ isReady: true, dependencies: { redis: "down", kafka: "down" } });
  });

  it("is not ready without the database, or before it is migrated", async () => {
    await db().$executeRaw`DELETE FROM _prisma_migrations WHERE migration_name LIKE '%init'`;
    expect(await readiness()).toMatchObject({ isReady: false, dependencies: { database: "up", migrations: "down" } });
    await leaveNothing();
    vi.stubEnv("DATABASE_URL", "postgresql://campus:campus@127.0.0.1:1/campus");
    expect(await readiness()).toMatchObject({ isReady: false, dependencies: { database: "down", migrations: "down" } });
  });
});

async function openConnections(): Promise<number> {
  const { pool } = await testDatabase();
  const { rows } = await pool.query<{ count: string }>(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'",
  );
  return Number(rows[0]?.count);
}

async function leaveNothing(): Promise<void> {
  await closeReadiness();
  await cache().close();
  await db().$disconnect();
  forgetSingletons();
}
