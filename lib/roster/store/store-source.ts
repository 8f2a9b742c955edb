import type { Db } from "@/lib/platform/db/client";
import { refused } from "../problems";
import { rosterFiles } from "../sources/read-roster";
import type { RosterSource } from "../sources/sources";

/** Of one row of `roster_import_chunk`: what a reader holds of a file. */
const CHUNK_BYTES = 256 * 1024;
/** What a ZIP may unpack to, and a folder hold. */
const MAX_TOTAL_BYTES = 1_000_000_000;

/** The import has ended meanwhile: it was cancelled, or gave up waiting for its files. */
export class NotStoring extends Error {
  constructor() {
    super("the import takes no files any more");
    this.name = "NotStoring";
  }
}

type Options = {
  /** Called with the bytes stored so far; what it throws ends the storing. */
  moved?: (bytes: number) => void | Promise<void>;
  chunkBytes?: number;
};

/**
 * Copies the files that an import reads, and no others, into the rows of an import that is being stored: piece by piece, each in
 * a statement of its own, so that memory and transactions stay small. Throws `RosterRefused` for more than 1 GB, and
 * {@link NotStoring}; who calls it ends the import then, which removes what was stored.
 */
export async function storeSource(
  client: Db,
  importId: string,
  source: RosterSource,
  { moved, chunkBytes = CHUNK_BYTES }: Options = {},
): Promise<void> {
  let total = 0;
  for (const file of rosterFiles(source.names)) {
    let part = 0;
    for await (const bytes of piecesOf(await source.open(file), chunkBytes)) {
      total += bytes.length;
      if (total > MAX_TOTAL_BYTES) throw refused(file, "rosterTooLarge");
      await storeChunk(client, { importId, file, part, bytes });
      part += 1;
      await moved?.(total);
    }
  }
}

type Chunk = { importId: string; file: string; part: number; bytes: Uint8Array<ArrayBuffer> };

// The lock on the import's row keeps a piece from being stored behind the back of who ends the import just now.
async function storeChunk(client: Db, { importId, file, part, bytes }: Chunk): Promise<void> {
  const stored = await client.$executeRaw`
    INSERT INTO roster_import_chunk (import_id, file, part, bytes)
    SELECT i.id, ${file}, ${part}::int, ${bytes} FROM roster_import i
    WHERE i.id = ${importId} AND i.status = 'STORING' FOR SHARE`;
  if (stored === 0) throw new NotStoring();
}

/** The bytes in pieces of this size, the last one shorter; an empty file is one empty piece. */
async function* piecesOf(bytes: AsyncIterable<Buffer>, size: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let chunk = new Uint8Array(size);
  let filled = 0;
  let isFirst = true;
  for await (const piece of bytes) {
    for (let at = 0; at < piece.length;) {
      const taken = piece.subarray(at, at + size - filled);
      chunk.set(taken, filled);
      at += taken.length;
      filled += taken.length;
      if (filled < size) continue;
      yield chunk;
      isFirst = false;
      chunk = new Uint8Array(size);
      filled = 0;
    }
  }
  if (filled > 0 || isFirst) yield chunk.subarray(0, filled);
}
