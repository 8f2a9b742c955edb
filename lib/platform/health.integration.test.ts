import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { forgetSingletons } from "@/tests/support/singletons";
import { eventually } from "@/tests/support/eventually";
import { cache } from "./cache/cache";
import { db } from "./db";
import { readiness } from "./health";

beforeEach(leaveNothing);
afterAll(leaveNothing);

describe("readiness", () => {
  it("is ready with every configured dependency up, each by name", async () => {
    await eventually(() => cache().isUp());
    expect(await readiness()).toEqual({
      isReady: true,
      dependencies: { database: "up", migrations: "up", redis: "up" },
    });
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

async function leaveNothing(): Promise<void> {
  await cache().close();
  await db().$disconnect();
  forgetSingletons();
}
