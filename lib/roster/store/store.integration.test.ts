import { createWriteStream } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { describe, expect, it } from "vitest";
import { ZipFile } from "yazl";
import { db } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/runtime/env";
import { newId } from "@/lib/shared/ids";
import { Problems } from "../problems";
import { openSource } from "../sources/open-source";
import { readTable } from "../sources/read-table";
import { memorySource } from "../sources/sources";
import { NotStoring, storeSource } from "./store-source";
import { storedSource } from "./stored-source";

const client = db();
async function newImport(): Promise<string> {
  const { id } = await client.rosterImport.create({
    data: { id: newId(), dryRun: false, publicUrl: "https://campus.example.edu" },
  });
  return id;
}
const chunks = (importId: string) =>
  client.rosterImportChunk.findMany({ where: { importId }, orderBy: [{ file: "asc" }, { part: "asc" }] });

describe("the stored files of an import", () => {
  it("are those that an import reads, each once, byte for byte", async () => {
    const id = await newImport();
    const orgs = Buffer.from(Array.from({ length: 600_001 }, (_, n) => n % 251));
    const files = { "Orgs.csv": orgs, "orgs.csv": "second", "users.csv": "", "notes.csv": "x", "readme.txt": "x" };
    const stored: number[] = [];
    await storeSource(client, id, memorySource(files), { moved: (bytes) => void stored.push(bytes) });
    expect((await chunks(id)).map(({ file, part, bytes }) => [file, part, bytes.length])).toEqual([
      ["Orgs.csv", 0, 262_144],
      ["Orgs.csv", 1, 262_144],
      ["Orgs.csv", 2, 75_713],
      ["users.csv", 0, 0],
    ]);
    expect(stored).toEqual([262_144, 524_288, 600_001, 600_001]);
    const read: string[] = [];
    const source = await storedSource(client, id, (done, total) => void read.push(`${done}/${total}`));
    expect(source.names).toEqual(["Orgs.csv", "users.csv"]);
    expect(orgs.equals(await buffer(await source.open("Orgs.csv")))).toBe(true);
    expect(await text(await source.open("users.csv"))).toBe("");
    expect(read).toEqual(["262144/600001", "524288/600001", "600001/600001", "600001/600001"]);
  });

  it("are the same out of a ZIP, which is unpacked on the way", async () => {
    const zip = new ZipFile();
    const users = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n % 253));
    zip.addBuffer(users, "export/users.csv");
    zip.addBuffer(Buffer.from("x"), "export/other.csv");
    zip.end();
    const file = path.join(env().CAMPUS_DATA_DIR, "export.zip");
    await pipeline(zip.outputStream, createWriteStream(file));
    const source = await openSource(file);
    const id = await newImport();
    await storeSource(client, id, source);
    await source.close();
    const stored = await storedSource(client, id);
    expect(stored.names).toEqual(["users.csv"]);
    expect(users.equals(await buffer(await stored.open("users.csv")))).toBe(true);
  });

  it("are read one piece after another, not further than they are asked for", async () => {
    const id = await newImport();
    await storeSource(client, id, memorySource({ "users.csv": Buffer.alloc(20_000, 65) }), { chunkBytes: 1_000 });
    let done = 0;
    const source = await storedSource(client, id, (bytes) => (done = bytes));
    const stream = await source.open("users.csv");
    const pieces = stream[Symbol.asyncIterator]();
    for (let n = 1; n <= 5; n += 1) {
      expect((await pieces.next()).value).toHaveLength(1_000);
      expect(done).toBeLessThanOrEqual((n + 2) * 1_000);
    }
    stream.destroy();
  });

  it("give the same rows wherever they are cut: in a letter, a quoted cell, a line break", async () => {
    const csv =
      "sourcedId,name\r\n" +
      'a,"Ž, ""x""\r\ny"\r\n' +
      "b,šárka 🎓\r\n" +
      Array.from({ length: 20 }, (_, n) => `n${n},ů${n}\r\n`).join("");
    const rowsOf = async (stream: Readable) => {
      const problems = new Problems();
      const rows: unknown[] = [];
      const shape = { file: "users.csv", required: ["sourcedId"] };
      await readTable(stream, shape, problems, (cells) =>
        rows.push([cells.line, cells.raw("sourcedId"), cells.raw("name")]),
      );
      return { rows, errors: problems.errors };
    };
    const whole = await rowsOf(Readable.from([Buffer.from(csv)]));
    expect(whole.rows.slice(0, 2)).toEqual([
      [2, "a", 'Ž, "x"\r\ny'],
      [4, "b", "šárka 🎓"],
    ]);
    for (const chunkBytes of [1, 2, 3, 5, 7, 16]) {
      const id = await newImport();
      await storeSource(client, id, memorySource({ "users.csv": csv }), { chunkBytes });
      const source = await storedSource(client, id);
      expect(await rowsOf(await source.open("users.csv"))).toEqual(whole);
    }
  });

  it("are taken only while the import is being stored", async () => {
    const id = await newImport();
    const moved = async () => {
      await client.rosterImport.update({ where: { id }, data: { status: "CANCELLED", finishedAt: new Date() } });
    };
    const source = memorySource({ "users.csv": "0123456789" });
    await expect(storeSource(client, id, source, { chunkBytes: 5, moved })).rejects.toThrow(NotStoring);
    expect(await chunks(id)).toHaveLength(1);
  });

  it("that are gone while they are read end the reading", async () => {
    const id = await newImport();
    await storeSource(client, id, memorySource({ "users.csv": "abcdef" }), { chunkBytes: 3 });
    const source = await storedSource(client, id);
    await client.rosterImportChunk.deleteMany({ where: { importId: id, part: 1 } });
    await expect(text(await source.open("users.csv"))).rejects.toThrow("a piece of a stored roster is gone");
  });

  it("are at most 256 KB a piece, and the hash of a password does not outlive its import", async () => {
    const id = await newImport();
    const piece = { importId: id, file: "users.csv", part: 0, bytes: new Uint8Array(262_145) };
    await expect(client.rosterImportChunk.create({ data: piece })).rejects.toThrow(/roster_import_chunk_bytes_check/);
    const ended = { status: "CANCELLED" as const, finishedAt: new Date(), sharedPasswordHash: "$argon2id$" };
    await expect(client.rosterImport.update({ where: { id }, data: ended })).rejects.toThrow(
      /roster_import_hash_check/,
    );
  });
});
