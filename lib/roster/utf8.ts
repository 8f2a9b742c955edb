import { isUtf8 } from "node:buffer";
import { parse } from "csv-parse/sync";

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

/**
 * Passes UTF-8 text through and throws {@link WrongEncoding} at the first byte that is not part of it: silently replaced
 * letters in names would be found when it is too late. Works line-wise, so that it can say on which line.
 */
export async function* utf8Only(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let carry: Buffer = Buffer.alloc(0);
  let line = 1;
  let first = true;
  let header: Buffer | null = null;
  for await (const chunk of bytes) {
    const block = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk;
    if (first && block.length >= 2) {
      first = false;
      const mark = block.readUInt16BE(0);
      if (mark === 0xfeff || mark === 0xfffe) throw new WrongEncoding(1, true);
    }
    const end = block.lastIndexOf(0x0a) + 1;
    carry = block.subarray(end);
    if (end === 0) continue;
    const lines = block.subarray(0, end);
    header ??= Buffer.from(lines.subarray(0, lines.indexOf(0x0a)));
    line = checked(lines, line, header);
    yield lines;
  }
  if (carry.length > 0) {
    checked(carry, line, header);
    yield carry;
  }
}

function checked(block: Buffer, firstLine: number, header: Buffer | null): number {
  let line = firstLine;
  const valid = isUtf8(block);
  for (let start = 0; start < block.length;) {
    const feed = block.indexOf(0x0a, start);
    const end = feed === -1 ? block.length : feed + 1;
    const row = block.subarray(start, end);
    if (!valid && !isUtf8(row)) throw new WrongEncoding(line, block.includes(0), columnOf(row, header));
    if (feed !== -1) line += 1;
    start = end;
  }
  return line;
}

// Which cell of the row it is. Read byte for byte as Latin-1, where no byte is wrong; a row over several lines has no answer.
function columnOf(row: Buffer, header: Buffer | null): string | null {
  if (!header) return null;
  try {
    const options = { relax_column_count: true, trim: true, to: 1 };
    const [names = [], cells = []] = [header, row].map((line) => parse(line.toString("latin1"), options)[0]);
    const index = cells.findIndex((cell) => !isUtf8(Buffer.from(cell, "latin1")));
    return names.length === cells.length ? (names[index] ?? null) : null;
  } catch {
    return null;
  }
}
