import { parse, CsvError, type Parser } from "csv-parse";
import { Readable } from "node:stream";
import { Cells } from "./cells";
import { type Delimiter, DELIMITER_NAMES, delimiterOf } from "./delimiter";
import type { Problems } from "../problems";
import { LineTooLong, utf8Only, WrongEncoding } from "./utf8";

/** What a table must look like: its file and the columns without which it cannot be read. */
export type TableShape = { file: string; required: readonly string[] };

type Parsed = { record: string[]; info: { lines: number } };

const MAX_RECORD_BYTES = 1_000_000;

/**
 * Reads one CSV file as a stream and calls `row` for each row with its cells by column name. The encoding, the header, the
 * number of values in each row and the syntax are checked here; every finding names file, line and column. Header names
 * are compared without regard to case. Cells may be separated by semicolons or tabs, which the report then says. Rows of
 * nothing but empty cells are skipped; empty cells may be missing at the end of a row, or be too many there. Memory does
 * not grow with the file.
 */
export async function readTable(
  bytes: Readable,
  shape: TableShape,
  problems: Problems,
  row: (cells: Cells) => void,
): Promise<void> {
  const { file } = shape;
  const lines = { last: 0, countedTwice: 0 };
  let parser: Parser | null = null;
  try {
    const { delimiter, isHint, text } = await withDelimiter(utf8Only(bytes, MAX_RECORD_BYTES));
    if (delimiter !== ",")
      problems.warn({ file, code: "delimiter", values: { delimiter: DELIMITER_NAMES[delimiter] } });
    parser = parserFor(delimiter, text);
    let columns: Map<string, number> | null = null;
    let width = 0;
    let isFirst = true;
    for await (const item of parser) {
      const { record, info } = item as Parsed;
      const line = lineOf(record, info, lines);
      const wasHint = isHint && isFirst;
      isFirst = false;
      if (wasHint || record.every((cell) => cell === "")) continue;
      if (columns === null) {
        width = record.length;
        columns = readHeader(record, { shape, line, problems });
        if (columns === null) return;
        continue;
      }
      if (record.slice(width).some((cell) => cell !== "")) {
        const values = { found: record.length, expected: width, delimiter: DELIMITER_NAMES[delimiter] };
        problems.error({ file, line, code: "valueCount", values });
        continue;
      }
      row(new Cells(file, line, record, columns, problems));
    }
    if (columns === null) problems.error({ file, line: 1, code: "emptyFile" });
  } catch (error) {
    reportFailure(error, file, lines, problems);
  } finally {
    parser?.destroy();
    bytes.destroy();
  }
}

function parserFor(delimiter: Delimiter, text: AsyncIterable<Buffer>): Parser {
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_BYTES,
    trim: true,
  });
  const stream = Readable.from(text);
  stream.on("error", (error) => parser.destroy(error));
  stream.pipe(parser);
  return parser;
}

// The text comes in blocks of whole lines, so the first one has the first line.
async function withDelimiter(
  blocks: AsyncGenerator<Buffer>,
): Promise<ReturnType<typeof delimiterOf> & { text: AsyncIterable<Buffer> }> {
  const first = await blocks.next();
  const block = first.done ? Buffer.alloc(0) : first.value;
  const end = [0x0a, 0x0d].map((byte) => block.indexOf(byte)).filter((at) => at >= 0);
  const found = delimiterOf(block.subarray(0, Math.min(block.length, ...end)).toString("utf8"));
  async function* text() {
    yield block;
    yield* blocks;
  }
  return { ...found, text: text() };
}

// The parser gives the line on which a record ends; one that holds line breaks began earlier. It counts a Windows line
// break inside quotes twice.
function lineOf(
  record: readonly string[],
  info: Parsed["info"],
  lines: { last: number; countedTwice: number },
): number {
  const breaks = lineBreaksIn(record);
  lines.countedTwice += breaks.windows;
  const lastOfRecord = info.lines - lines.countedTwice;
  const line = Math.max(lines.last + 1, lastOfRecord - breaks.all);
  lines.last = lastOfRecord;
  return line;
}

function reportFailure(
  error: unknown,
  file: string,
  lines: { last: number; countedTwice: number },
  problems: Problems,
): void {
  if (error instanceof WrongEncoding) {
    problems.error({
      file,
      line: error.line,
      ...(error.column ? { column: error.column } : {}),
      code: error.looksLike16 ? "encoding16" : "encoding",
    });
  } else if (error instanceof LineTooLong) {
    problems.error({ file, line: error.line, code: "lineTooLong", values: { limit: MAX_RECORD_BYTES } });
  } else if (error instanceof CsvError) {
    const line = typeof error["lines"] === "number" ? error["lines"] - lines.countedTwice : lines.last + 1;
    problems.error({ file, line, code: "csvSyntax", values: { from: lines.last + 1 } });
  } else throw error;
}

function lineBreaksIn(record: readonly string[]): { all: number; windows: number } {
  const count = { all: 0, windows: 0 };
  for (const value of record) {
    if (!value.includes("\n") && !value.includes("\r")) continue;
    for (const [found] of value.matchAll(/\r\n|\r|\n/g)) {
      count.all += 1;
      if (found.length === 2) count.windows += 1;
    }
  }
  return count;
}

function readHeader(
  record: string[],
  { shape, line, problems }: { shape: TableShape; line: number; problems: Problems },
): Map<string, number> | null {
  const columns = new Map<string, number>();
  let good = true;
  for (const [index, name] of record.entries()) {
    const key = name.toLowerCase();
    if (key !== "" && columns.has(key)) {
      good = false;
      problems.error({ file: shape.file, line, column: name, code: "columnTwice" });
    }
    columns.set(key, index);
  }
  for (const name of shape.required) {
    if (columns.has(name.toLowerCase())) continue;
    good = false;
    problems.error({ file: shape.file, line, column: name, code: "columnMissing" });
  }
  return good ? columns : null;
}
