import { describe, expect, it } from "vitest";
import { pendingMigrations } from "./migrate.mjs";

const migrations = [
  { name: "1_init", sql: "", checksum: "a" },
  { name: "2_more", sql: "", checksum: "b" },
];
/** @param {string} name @param {string} checksum @param {Date | null} finished */
const applied = (name, checksum, finished = new Date()) => ({ migration_name: name, checksum, finished_at: finished });

describe("pending migrations", () => {
  it("are all of them for an empty database and none when everything was applied", () => {
    expect(pendingMigrations(migrations, [])).toEqual(migrations);
    expect(pendingMigrations(migrations, [applied("1_init", "a"), applied("2_more", "b")])).toEqual([]);
  });

  it("are the missing ones, in order", () => {
    expect(pendingMigrations(migrations, [applied("1_init", "a")]).map(({ name }) => name)).toEqual(["2_more"]);
  });

  it("refuses a migration that was edited after it was applied", () => {
    expect(() => pendingMigrations(migrations, [applied("1_init", "x")])).toThrow(
      "Migration 1_init was edited after it was applied. Restore the file and add a new migration.",
    );
  });

  it("refuses to go on after one that was left unfinished", () => {
    expect(() => pendingMigrations(migrations, [applied("1_init", "a", null)])).toThrow("1_init was left unfinished");
  });
});
