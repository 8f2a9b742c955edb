/** What stands between the cells of a table. */
export type Delimiter = "," | ";" | "\t";

/** Names of delimiters as the sentences of the report select them. */
export const DELIMITER_NAMES: Readonly<Record<Delimiter, "comma" | "semicolon" | "tab">> = {
  ",": "comma",
  ";": "semicolon",
  "\t": "tab",
};

/**
 * What separates the cells of a table, found in its first line: spreadsheets write what their system's region uses. The
 * one that stands there most often outside quotes; a comma when none does. A line `sep=;`, which some spreadsheets put
 * before the header, says it itself, and `isHint` tells that the header comes after it.
 */
export function delimiterOf(firstLine: string): { delimiter: Delimiter; isHint: boolean } {
  const line = firstLine.replace(/^\ufeff/, "");
  const hint = /^"?sep=([,;\t])"?\s*$/i.exec(line)?.[1];
  if (hint !== undefined) return { delimiter: hint as Delimiter, isHint: true };
  const counts = { ",": 0, ";": 0, "\t": 0 };
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && character in counts) counts[character as Delimiter] += 1;
  }
  const delimiter = ([";", "\t"] as const).reduce<Delimiter>(
    (best, candidate) => (counts[candidate] > counts[best] ? candidate : best),
    ",",
  );
  return { delimiter, isHint: false };
}
