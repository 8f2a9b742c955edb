type Rows = readonly (readonly (string | number)[])[];

/**
 * Rows as CSV text (RFC 4180) for people, who open it in a spreadsheet: values with commas, quotes or line breaks are
 * quoted, and a text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage
 * return, in ASCII or as a full-width character) gets an apostrophe before it, so that it stays text
 * (https://owasp.org/www-community/attacks/CSV_Injection). Everything that the product writes for people goes through
 * here; numbers stay numbers.
 */
export function csvOf(rows: Rows): string {
  return text(rows.map((row) => row.map((value) => (typeof value === "number" ? value : withoutFormula(value)))));
}

/** Rows as CSV text for a program: every value stays as it is. For rosters that an import reads, never for people. */
export function rosterCsvOf(rows: Rows): string {
  return text(rows);
}

// Full-width signs, because spreadsheets read them as the plain ones.
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

function withoutFormula(value: string): string {
  return FORMULA.test(value) ? `'${value}` : value;
}

function text(rows: Rows): string {
  const cell = (value: string | number) => {
    const written = String(value);
    return /[",\r\n]/.test(written) ? `"${written.replaceAll('"', '""')}"` : written;
  };
  return rows.map((row) => `${row.map(cell).join(",")}\n`).join("");
}
