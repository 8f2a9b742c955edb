import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { afterAll, describe, expect, it } from "vitest";
import { ZipFile } from "yazl";
import { openSource } from "./open-source";
import { RosterRefused } from "../problems";

const folder = mkdtempSync(path.join(tmpdir(), "campus-zip-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function zipOf(name: string, entries: [name: string, content: Buffer | string][]): Promise<string> {
  const zip = new ZipFile();
  for (const [entry, content] of entries) zip.addBuffer(Buffer.from(content), entry);
  zip.end();
  const file = path.join(folder, name);
  await pipeline(zip.outputStream, createWriteStream(file));
  return file;
}

async function refusal(file: string): Promise<string | undefined> {
  const refused = await openSource(file).then(
    () => null,
    (error: unknown) => error,
  );
  if (!(refused instanceof RosterRefused)) throw new Error("not refused");
  return refused.problems.errors[0]?.code;
}

describe("a roster in a ZIP", () => {
  it("is read from the root or a folder, under any name of the archive, ignoring what is not CSV", async () => {
    const file = await zipOf("export.bin", [
      ["export/orgs.csv", "sourcedId,name,type\n"],
      ["export/readme.txt", "hello"],
      ["__MACOSX/export/._orgs.csv", "x"],
    ]);
    const source = await openSource(file);
    expect(source.names).toEqual(["orgs.csv"]);
    expect(await text(await source.open("orgs.csv"))).toBe("sourcedId,name,type\n");
    await source.close();
  });

  it("is read from the one folder that holds tables, at the least depth", async () => {
    const file = await zipOf("nested.zip", [
      ["2026/export/orgs.csv", "new"],
      ["2026/export/old/orgs.csv", "old"],
      ["2026/read me.txt", "hello"],
    ]);
    const source = await openSource(file);
    expect(source.names).toEqual(["orgs.csv"]);
    expect(await text(await source.open("orgs.csv"))).toBe("new");
    await source.close();
  });

  it("is refused in one sentence when several folders hold tables", async () => {
    const file = await zipOf("several.zip", [
      ["north/orgs.csv", "x"],
      ["south/orgs.csv", "x"],
    ]);
    const refused = await openSource(file).catch((error: unknown) => error);
    if (!(refused instanceof RosterRefused)) throw new Error("not refused");
    expect(refused.problems.errors).toMatchObject([{ code: "severalFolders", values: { names: "north, south" } }]);
  });

  it("is refused when a path leads out of it", async () => {
    const good = await zipOf("slip.zip", [["aa/users.csv", "x"]]);
    // Same length, so that offsets stay true: what no honest tool writes.
    const bytes = Buffer.from(
      readFileSync(good).toString("latin1").replaceAll("aa/users.csv", "../users.csv"),
      "latin1",
    );
    writeFileSync(good, bytes);
    expect(await refusal(good)).toBe("zipUnreadable");
  });

  it("is refused when it unpacks to far more than it is", async () => {
    expect(await refusal(await zipOf("bomb.zip", [["users.csv", Buffer.alloc(40_000_000, "0")]]))).toBe("zipTooLarge");
  });

  it("is refused when it holds a file twice, or very many", async () => {
    const twice = await zipOf("twice.zip", [
      ["a/users.csv", "x"],
      ["a/users.csv", "y"],
    ]);
    expect(await refusal(twice)).toBe("zipSameName");
    const many = Array.from({ length: 1_001 }, (_, n): [string, string] => [`${n}.csv`, ""]);
    expect(await refusal(await zipOf("many.zip", many))).toBe("zipTooManyFiles");
  });

  it("is refused when an entry is damaged, with its name", async () => {
    const rows = Array.from({ length: 200 }, (_, n) => `u${n},Given ${n * 7919},Family`).join("\n");
    for (const compress of [true, false]) {
      const file = path.join(folder, `damaged-${compress}.zip`);
      const zip = new ZipFile();
      zip.addBuffer(Buffer.from("sourcedId,name,type\n"), "orgs.csv");
      zip.addBuffer(Buffer.from(rows), "users.csv", { compress });
      zip.end();
      await pipeline(zip.outputStream, createWriteStream(file));
      const bytes = readFileSync(file);
      // One bit in the middle of the rows: in a stored entry it makes another name, and nothing else looks wrong.
      const at = bytes.indexOf("users.csv") + 600;
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      writeFileSync(file, bytes);
      const refused = await openSource(file).catch((error: unknown) => error);
      if (!(refused instanceof RosterRefused)) throw new Error("not refused");
      expect(refused.problems.errors).toMatchObject([{ code: "zipDamaged", values: { name: "users.csv" } }]);
    }
  });

  it("is refused when it is cut off or not a ZIP at all", async () => {
    const whole = await zipOf("whole.zip", [["orgs.csv", "x".repeat(1_000)]]);
    writeFileSync(whole, readFileSync(whole).subarray(0, 60));
    expect(await refusal(whole)).toBe("zipUnreadable");
    const other = path.join(folder, "users.csv");
    writeFileSync(other, "sourcedId\n");
    expect(await refusal(other)).toBe("neitherFolderNorZip");
    expect(await refusal(path.join(folder, "nothing"))).toBe("noSuchPath");
  });
});
