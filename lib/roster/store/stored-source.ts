import { Readable } from "node:stream";
import type { Db } from "@/lib/platform/db/client";
import type { RosterSource } from "../sources/sources";

/**
 * The stored files of an import as a source. Each is read one piece after another, and no more than two pieces of it are held
 * at a time. `moved` is called with the bytes read so far and their total; what it throws ends the reading. A piece that is
 * gone (the import ended meanwhile) is an error.
 */
export async function storedSource(
  client: Db,
  importId: string,
  moved?: (done: number, total: number) => void,
): Promise<RosterSource> {
  const files = await client.$queryRaw<{ file: string; parts: number; bytes: number }[]>`
    SELECT file, count(*)::int AS parts, coalesce(sum(octet_length(bytes)), 0)::int AS bytes
    FROM roster_import_chunk WHERE import_id = ${importId} GROUP BY file ORDER BY file`;
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;

  async function* partsOf(file: string, parts: number): AsyncGenerator<Buffer> {
    for (let part = 0; part < parts; part += 1) {
      const [row] = await client.$queryRaw<{ bytes: Uint8Array }[]>`
        SELECT bytes FROM roster_import_chunk WHERE import_id = ${importId} AND file = ${file} AND part = ${part}::int`;
      if (!row) throw new Error("a piece of a stored roster is gone");
      done += row.bytes.length;
      moved?.(done, total);
      yield Buffer.from(row.bytes.buffer, row.bytes.byteOffset, row.bytes.byteLength);
    }
  }

  return {
    names: files.map(({ file }) => file),
    async open(name) {
      const found = files.find(({ file }) => file === name);
      return Readable.from(partsOf(name, found?.parts ?? 0), { highWaterMark: 1 });
    },
    close: async () => undefined,
  };
}
