import pg from "pg";
import { describe, expect, it } from "vitest";
import { db } from "@/lib/platform/db/client";
import { freshDatabase, testDatabase } from "./database";

describe("test databases", () => {
  it("gives every file a migrated database that db() uses too", async () => {
    const { name, prisma, pool } = await testDatabase();
    const [row] = await db().$queryRaw<{ name: string }[]>`SELECT current_database() AS name`;
    expect(row?.name).toBe(name);
    expect(await prisma.school.count()).toBe(0);
    expect((await pool.query("SELECT count(*)::int AS n FROM _prisma_migrations")).rows[0]).toEqual({
      n: expect.any(Number),
    });
  });

  it("says who still holds a connection to a database that is dropped", async () => {
    const other = await freshDatabase();
    const client = new pg.Client({ connectionString: other.url, application_name: "forgotten" });
    client.on("error", () => undefined); // it is cut off by the drop
    await client.connect();
    await client.query("SELECT 1");
    await expect(other.drop()).rejects.toThrow(/connections were left open:\nforgotten: SELECT 1/);
  });
});
