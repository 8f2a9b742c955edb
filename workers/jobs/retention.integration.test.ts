import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { createDb } from "@/lib/platform/db/client";
import { log } from "@/lib/platform/runtime/log";
import { testDatabase } from "@/tests/support/database";
import { RETENTION, type RetentionRound } from "./retention";
import { runRetention } from "./run-retention";

const { prisma: client, pool } = await testDatabase();
const stop = new AbortController();
const context = (onProgress = () => {}) => ({ readers: ["reader"], signal: stop.signal, onProgress });

/** What the table "What is kept how long" of the operations manual says, by table. */
function documented(): Record<string, string> {
  const manual = readFileSync(path.join(import.meta.dirname, "../../docs/operations.md"), "utf8");
  const section = manual.split("\n## ").find((part) => part.startsWith("What is kept how long")) ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  return Object.fromEntries(
    rows.flatMap((row) => {
      const [, tables = "", kept = ""] = row.split("|").map((cell) => cell.trim());
      return [...tables.matchAll(/`(\w+)`/g)].map(([, table]) => [table ?? "", kept]);
    }),
  );
}

describe("the list of retention rules", () => {
  it("has every table of the database, and no other", async () => {
    const { rows } = await pool.query<{ name: string }>(
      `SELECT DISTINCT CASE table_schema WHEN 'graphile_worker' THEN table_schema ELSE table_name END AS name
       FROM information_schema.tables
       WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
    );
    expect(Object.keys(RETENTION).sort()).toEqual(rows.map(({ name }) => name).sort());
  });

  it("is what the manual says", () => {
    expect(documented()).toEqual(
      Object.fromEntries(Object.entries(RETENTION).map(([table, { kept }]) => [table, kept])),
    );
  });

  it("says why of what nobody deletes", () => {
    const untouched = Object.entries(RETENTION).filter(([, { remove }]) => !remove);
    for (const [table, { kept }] of untouched) expect(kept, table).toMatch(/^(for ever: |until )\S/);
  });
});

describe("a round", () => {
  it("goes through all rules, also of an empty database, without an error", async () => {
    const error = vi.spyOn(log(), "error");
    let progress = 0;
    await Promise.all([
      runRetention(
        client,
        RETENTION,
        context(() => (progress += 1)),
      ),
      runRetention(client, RETENTION, context()),
    ]);
    expect(error).not.toHaveBeenCalled();
    expect(progress).toBe(Object.values(RETENTION).filter(({ remove }) => remove).length);
  });

  it("goes on after a rule that fails, and logs which it was", async () => {
    const error = vi.spyOn(log(), "error");
    const info = vi.spyOn(log(), "info");
    const rounds: RetentionRound[] = [];
    const early = Date.now() - 60_000;
    await runRetention(
      client,
      {
        broken: { kept: "", remove: (db) => db.$executeRaw`DELETE FROM no_such_table` },
        // Looks like a database that is away.
        slow: { kept: "", remove: () => Promise.reject(Object.assign(new Error("slow"), { code: "53100" })) },
        kept: { kept: "for ever: it is a test" },
        fine: {
          kept: "",
          remove: (_, round) => {
            rounds.push(round);
            return Promise.resolve(3);
          },
        },
      },
      context(),
    );
    expect(error.mock.calls.map(([line, words]) => [(line as { table?: string }).table, words])).toEqual([
      ["broken", "a retention rule failed"],
      ["slow", "a retention rule failed"],
    ]);
    expect(info).toHaveBeenCalledExactlyOnceWith({ table: "fine", rows: 3 }, "old rows deleted");
    expect(rounds).toHaveLength(1);
    expect(rounds[0]?.readers).toEqual(["reader"]);
    expect(rounds[0]?.now.getTime()).toBeGreaterThan(early);
  });

  it("ends at a database that does not answer, without a line a rule", async () => {
    const away = createDb("postgresql://nobody@127.0.0.1:1/none", 2);
    const error = vi.spyOn(log(), "error");
    await expect(runRetention(away, RETENTION, context())).rejects.toThrow();
    expect(error).not.toHaveBeenCalled();
    await away.$disconnect();
  });

  it("begins no rule when the process is to stop", async () => {
    const asked: string[] = [];
    const stopping = new AbortController();
    const rule = (name: string) => ({
      kept: "",
      remove: () => {
        asked.push(name);
        stopping.abort();
        return Promise.resolve(0);
      },
    });
    await runRetention(client, { a: rule("a"), b: rule("b") }, { ...context(), signal: stopping.signal });
    expect(asked).toEqual(["a"]);
  });
});
