import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newId } from "@/lib/shared/ids";
import { testDatabase } from "@/tests/support/database";
import { archiveOldAudit } from "./audit-archive";

const { prisma: client, pool } = await testDatabase();
const now = new Date("2026-11-26T12:00:00Z");
const never = new AbortController().signal;
let dataDir = "";
let schoolId = "";

const archive = (dir = dataDir) => archiveOldAudit(client, { now, signal: never, years: 7, dataDir: dir });
const idsLeft = async () => (await client.auditEntry.findMany({ orderBy: { id: "asc" } })).map(({ id }) => id);
const file = (month: string) => path.join(dataDir, "audit-archive", `${month}.jsonl`);
const linesOf = async (month: string) =>
  (await readFile(file(month), "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const add = (at: string, count = 1) =>
  client.auditEntry.createMany({
    data: Array.from({ length: count }, (_, n) => ({
      id: `${at}-${String(n).padStart(4, "0")}`,
      schoolId,
      actorId: "somebody",
      action: "test.done",
      objectType: "thing",
      objectId: "o",
      details: { from: "a\nb", to: "č" },
      requestId: "r",
      address: "192.0.2.7",
      source: "api",
      at: new Date(at),
    })),
  });

describe("old audit entries", () => {
  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(os.tmpdir(), "campus-archive-"));
    schoolId = newId();
    await client.school.create({ data: { id: schoolId, sourcedId: schoolId, name: "School", timeZone: "UTC" } });
  });
  afterEach(async () => {
    // As nobody can in the product: triggers are off.
    await pool.query("SET session_replication_role = replica; TRUNCATE audit_entry; RESET session_replication_role");
    await pool.query("TRUNCATE school CASCADE");
    await rm(dataDir, { recursive: true, force: true });
  });

  it("go to the file of their month, whole and readable by the owner alone; younger ones stay", async () => {
    await add("2018-03-31T23:59:59.999Z");
    await add("2018-04-01T00:00:00.000Z");
    await add("2019-11-26T11:59:59.000Z");
    await add("2019-11-26T12:00:00.000Z");
    await add("2026-11-01T00:00:00.000Z");
    const [stored] = (await pool.query("SELECT * FROM audit_entry ORDER BY at LIMIT 1")).rows as [{ at: Date }];
    expect(await archive()).toBe(3);
    expect(await idsLeft()).toEqual(["2019-11-26T12:00:00.000Z-0000", "2026-11-01T00:00:00.000Z-0000"]);
    expect((await readdir(path.join(dataDir, "audit-archive"))).sort()).toEqual([
      "2018-03.jsonl",
      "2018-04.jsonl",
      "2019-11.jsonl",
    ]);
    expect(await linesOf("2018-03")).toEqual([{ ...stored, at: "2018-03-31T23:59:59.999+00:00" }]);
    expect((await stat(file("2018-03"))).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(file("2018-03")))).mode & 0o777).toBe(0o700);
    expect(await archive()).toBe(0);
  });

  it("of any number go in batches, behind what a file has already", async () => {
    await add("2018-03-01T00:00:00Z");
    await archive();
    await add("2018-03-02T00:00:00Z", 1_201);
    expect(await archive()).toBe(1_201);
    expect(await idsLeft()).toEqual([]);
    const ids = (await linesOf("2018-03")).map(({ id }) => id);
    expect(ids).toHaveLength(1_202);
    expect(new Set(ids).size).toBe(1_202);
    expect(ids[0]).toBe("2018-03-01T00:00:00Z-0000");
  });

  it("stand in the file once when two workers come at once", async () => {
    await add("2018-03-02T00:00:00Z", 1_500);
    const [first, second] = await Promise.all([archive(), archive()]);
    expect((first ?? 0) + (second ?? 0)).toBe(1_500);
    expect(new Set((await linesOf("2018-03")).map(({ id }) => id)).size).toBe(1_500);
    expect(await linesOf("2018-03")).toHaveLength(1_500);
  });

  it("stay when the folder or one of the files cannot be written, or the disk is full", async () => {
    await add("2018-03-01T00:00:00Z");
    await add("2018-04-01T00:00:00Z");
    const noFolder = path.join(dataDir, "a-file");
    await writeFile(noFolder, "");
    await expect(archive(noFolder)).rejects.toMatchObject({ code: "ENOTDIR" });
    await mkdir(file("2018-04"), { recursive: true });
    await expect(archive()).rejects.toMatchObject({ code: "EISDIR" });
    await rm(file("2018-04"), { recursive: true });
    await symlink("/dev/full", file("2018-04"));
    await expect(archive()).rejects.toMatchObject({ code: "ENOSPC" });
    expect(await idsLeft()).toHaveLength(2);
  });

  it("are not deleted, changed or emptied by anything else, and young ones not by the archive either", async () => {
    await add("2018-03-01T00:00:00Z");
    await add(new Date().toISOString());
    for (const statement of [
      "DELETE FROM audit_entry",
      "TRUNCATE audit_entry",
      "TRUNCATE audit_entry CASCADE",
      "UPDATE audit_entry SET action = 'x'",
      "BEGIN; SET LOCAL campus.audit_is_archived = 'on'; DELETE FROM audit_entry; COMMIT",
    ])
      await expect(pool.query(statement), statement).rejects.toMatchObject({ code: "23001" });
    await pool.query("ROLLBACK");
    expect(await idsLeft()).toHaveLength(2);
    expect(await archive()).toBe(1);
  });

  it("are in the file before they are deleted, and are written again after a crash between the two", async () => {
    await add("2018-03-01T00:00:00Z");
    await pool.query("CREATE TRIGGER kept BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()");
    await expect(archive()).rejects.toThrow();
    expect(await idsLeft()).toHaveLength(1);
    expect(await linesOf("2018-03")).toHaveLength(1);
    await pool.query("DROP TRIGGER kept ON audit_entry");
    expect(await archive()).toBe(1);
    expect((await linesOf("2018-03")).map(({ id }) => id)).toEqual(Array(2).fill("2018-03-01T00:00:00Z-0000"));
  });

  it("begin a line of their own after one that a crash cut off", async () => {
    await add("2018-03-01T00:00:00Z");
    await mkdir(path.dirname(file("2018-03")), { recursive: true });
    await writeFile(file("2018-03"), '{"id": "cut o');
    expect(await archive()).toBe(1);
    const lines = (await readFile(file("2018-03"), "utf8")).split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe('{"id": "cut o');
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({ id: "2018-03-01T00:00:00Z-0000" });
  });
});
