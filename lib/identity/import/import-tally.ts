/** What an import did to one kind of thing. */
export type ImportTally = { created: number; changed: number; unchanged: number; ended: number };

/** A tally of nothing. */
export function emptyTally(): ImportTally {
  return { created: 0, changed: 0, unchanged: 0, ended: 0 };
}

/** Rows in pieces that make one statement each: large enough to be fast, small enough for any message limit. */
export function inChunks<T>(rows: readonly T[], size = 4_000): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < rows.length; start += size) chunks.push(rows.slice(start, start + size));
  return chunks;
}
