import { isUtf8 } from "node:buffer";
import { parse } from "csv-parse/sync";
import { delimiterOf } from "./delimiter";

/** The bytes are not UTF-8, first on this line. */
export class WrongEncoding extends Error {
  constructor(
    readonly line: number,
    readonly looksLike16: boolean,
    /** Name of the column, when the line is a whole row. */
    readonly column: string | null = null,
  ) {
    super("not UTF-8");
    this.name = "WrongEncoding";
  }
}

/** There is no line break where one must be by now: not a table, and not worth keeping in memory. */
export class LineTooLong extends Error {
  constructor(readonly line: number) {
    super("line too long");
    this.name = "LineTooLong";
  }
}

const FEED = 0x0a;
const RETURN = 0x0d;

/**
 * Passes UTF-8 text through and throws {@link WrongEncoding} at the first byte that is not part of it: silently replaced
 * letters in names would be found when it is too late. Works line-wise, so that it can say on which line; lines end with
 * a line feed, or in a file whose first line ends without one (old spreadsheets) with a carriage return. A line longer
 * than `maxLineBytes` throws {@link LineTooLong}.
 */
export async function* utf8Only(bytes: AsyncIterable<Buffer>, maxLineBytes: number): AsyncGenerator<Buffer> {
  let carry: Buffer = Buffer.alloc(0);
  let line = 1;
  let first = true;
  let header: Buffer | null = null;
  let lineEnd: number | null = null;
  for await (const chunk of bytes) {
    const block = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk;
    if (first && block.length >= 2) {
      first = false;
      const mark = block.readUInt16BE(0);
      if (mark === 0xfeff || mark === 0xfffe) throw new WrongEncoding(1, true);
    }
    lineEnd ??= lineEndOf(block);
    const end = lineEnd === null ? 0 : block.lastIndexOf(lineEnd) + 1;
    carry = block.subarray(end);
    if (carry.length > maxLineBytes) throw new LineTooLong(line + countOf(block, lineEnd));
    if (lineEnd === null || end === 0) continue;
    const lines = block.subarray(0, end);
    header ??= Buffer.from(lines.subarray(0, lines.indexOf(lineEnd)));
    line = checked(lines, { line, header, lineEnd });
    yield lines;
  }
  if (carry.length > 0) {
    checked(carry, { line, header, lineEnd: lineEnd ?? RETURN });
    yield carry;
  }
}

// By the end of the first line; null while that is not there, or while a line feed may still follow.
function lineEndOf(block: Buffer): number | null {
  const [feed, carriage] = [block.indexOf(FEED), block.indexOf(RETURN)];
  if (carriage === -1 || (feed !== -1 && feed <= carriage + 1)) return feed === -1 ? null : FEED;
  return carriage + 1 < block.length ? RETURN : null;
}

function countOf(block: Buffer, byte: number | null): number {
  let count = 0;
  if (byte !== null) for (let at = block.indexOf(byte); at !== -1; at = block.indexOf(byte, at + 1)) count += 1;
  return count;
}

function checked(block: Buffer, at: { line: number; header: Buffer | null; lineEnd: number }): number {
  let { line } = at;
  const valid = isUtf8(block);
  for (let start = 0; start < block.length;) {
    const found = block.indexOf(at.lineEnd, start);
    const end = found === -1 ? block.length : found + 1;
    const row = block.subarray(start, end);
    if (!valid && !isUtf8(row)) throw new WrongEncoding(line, block.includes(0), columnOf(row, at.header));
    if (found !== -1) line += 1;
    start = end;
  }
  return line;
}

// Which cell of the row it is. Read byte for byte as Latin-1, where no byte is wrong; a row over several lines has no answer.
function columnOf(row: Buffer, header: Buffer | null): string | null {
  if (!header) return null;
  try {
    const { delimiter } = delimiterOf(header.toString("latin1"));
    const options = { delimiter, relax_column_count: true, trim: true, to: 1 };
    const [names = [], cells = []] = [header, row].map((line) => parse(line.toString("latin1"), options)[0]);
    const index = cells.findIndex((cell) => !isUtf8(Buffer.from(cell, "latin1")));
    return names.length === cells.length ? (names[index] ?? null) : null;
  } catch {
    return null;
  }
}
