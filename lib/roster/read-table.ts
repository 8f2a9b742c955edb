import { parse, CsvError } from "csv-parse";
import { Readable } from "node:stream";
import { Cells } from "./cells";
import type { Problems } from "./problems";
import { LineTooLong, utf8Only, WrongEncoding } from "./utf8";

/** What a table must look like: its file and the columns without which it cannot be read. */
export type TableShape = { file: string; required: readonly string[] };

type Parsed = { record: string[]; info: { lines: number } };

const MAX_RECORD_BYTES = 1_000_000;

/**
 * Reads one CSV file as a stream and calls `row` for each row with its cells by column name. The encoding, the header, the
 * number of values in each row and the syntax are checked here; every finding names file, line and column. Header names
 * are compared without regard to case. Memory does not grow with the file.
 */
export async function readTable(
  bytes: Readable,
  shape: TableShape,
  problems: Problems,
  row: (cells: Cells) => void,
): Promise<void> {
  const { file } = shape;
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_BYTES,
    trim: true,
  });
  const text = Readable.from(utf8Only(bytes, MAX_RECORD_BYTES));
  text.on("error", (error) => parser.destroy(error));
  text.pipe(parser);
  let columns: Map<string, number> | null = null;
  let header: string[] = [];
  let lastLine = 0;
  let countedTwice = 0;
  try {
    for await (const item of parser) {
      const { record, info } = item as Parsed;
      // The parser gives the line on which a record ends; one that holds line breaks began earlier. It counts a Windows
      // line break inside quotes twice.
      const breaks = lineBreaksIn(record);
      countedTwice += breaks.windows;
      const lastLineOfRecord = info.lines - countedTwice;
      const line = Math.max(lastLine + 1, lastLineOfRecord - breaks.all);
      lastLine = lastLineOfRecord;
      if (columns === null) {
        header = record;
        columns = readHeader(record, shape, problems);
        if (columns === null) return;
        continue;
      }
      if (record.length !== header.length) {
        problems.error({ file, line, code: "valueCount", values: { found: record.length, expected: header.length } });
        continue;
      }
      row(new Cells(file, line, record, columns, problems));
    }
    if (columns === null) problems.error({ file, line: 1, code: "emptyFile" });
  } catch (error) {
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
      const line = typeof error["lines"] === "number" ? error["lines"] - countedTwice : lastLine + 1;
      problems.error({ file, line, code: "csvSyntax", values: { from: lastLine + 1 } });
    } else throw error;
  } finally {
    parser.destroy();
    bytes.destroy();
  }
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

function readHeader(record: string[], shape: TableShape, problems: Problems): Map<string, number> | null {
  const columns = new Map<string, number>();
  let good = true;
  for (const [index, name] of record.entries()) {
    const key = name.toLowerCase();
    if (key !== "" && columns.has(key)) {
      good = false;
      problems.error({ file: shape.file, line: 1, column: name, code: "columnTwice" });
    }
    columns.set(key, index);
  }
  for (const name of shape.required) {
    if (columns.has(name.toLowerCase())) continue;
    good = false;
    problems.error({ file: shape.file, line: 1, column: name, code: "columnMissing" });
  }
  return good ? columns : null;
}
