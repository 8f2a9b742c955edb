// Which tables a piece of SQL reads and writes. It may be a fragment: what stands around it is not known.

/** Stands for everything interpolated in a text that is handed to `tablesOf`. */
export const HOLE = "\u0000";

const TOKEN = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"[^"]*"|[A-Za-z_]\w*|\S/g;
/** Functions whose arguments have a FROM of their own. */
const FROM_IN_CALL = new Set(["extract", "substring", "trim", "overlay"]);
/** After one of these at the same level a comma names no further table. */
const ENDS_LIST = new Set("where set select values group order having returning union except limit for".split(" "));
const NO_ALIAS = new Set("and or in is not asc desc between like".split(" "));
/** What may follow a table and its alias; by it a fragment that begins with a table is told from one of columns. */
const AFTER_TABLE = new Set(["join", "left", "right", "inner", "full", "cross", "where", ",", HOLE, undefined]);

/**
 * The tables that a text names after FROM, JOIN, USING, INTO, UPDATE, DELETE FROM, TRUNCATE and LOCK TABLE, and at the head
 * of a fragment (`section s JOIN …`), with their offsets. `table` is null where a write names a table that does not stand
 * in the text. Names of common table expressions do not count where they are in sight; functions, columns and aliases never.
 * @typedef {{ table: string | null, write: boolean, offset: number }} Use
 * @param {string} text SQL with a HOLE for everything interpolated
 * @param {ReadonlySet<string>} tables
 * @returns {Use[]}
 */
export function tablesOf(text, tables) {
  const tokens = [...text.matchAll(TOKEN)]
    .filter(([token]) => !/^(--|\/\*|')/.test(token))
    .map(({ 0: token, index }) => ({ word: wordOf(token), name: nameOf(token), offset: index }));
  const word = (/** @type {number} */ at) => tokens[at]?.word;
  /** @type {Use[]} */
  const uses = [];
  let at = 0;

  /** Reads to the end of the parenthesis, or of the text; `names` are the expressions in sight. */
  function readLevel(/** @type {ReadonlySet<string>} */ names, call = "") {
    const inSight = new Set(names);
    /** @type {null | "read" | "write"} What the table is for that comes next. */
    let next = null;
    /** @type {null | "read" | "write"} What a table is for that follows a comma. */
    let list = null;
    for (; at < tokens.length; at += 1) {
      const token = tokens[at];
      if (!token) return;
      const before = word(at - 1);
      if (token.word === ")") return;
      if (token.word === "(") {
        next = null;
        at += 1;
        readLevel(inSight, before);
        continue;
      }
      if (next !== null && !["only", "table", "lateral"].includes(token.word)) {
        if (token.name === "public" && word(at + 1) === ".") {
          at += 1;
          continue;
        }
        readTable(token, next === "write", inSight);
        next = null;
        continue;
      }
      if (ENDS_LIST.has(token.word)) list = null;
      if (token.word === "with") readExpressions(inSight);
      else if (token.word === "," && list !== null) next = list;
      else if (token.word === "from" && before === "delete") next = "write";
      else if (token.word === "from" && before !== "distinct" && !FROM_IN_CALL.has(call)) next = list = "read";
      else if (token.word === "join") next = "read";
      else if (token.word === "using") next = list = "read";
      else if (token.word === "into") next = "write";
      else if (token.word === "truncate") next = list = "write";
      else if (token.word === "lock" && word(at + 1) === "table") next = list = "write";
      // FOR UPDATE, FOR NO KEY UPDATE and ON CONFLICT DO UPDATE name no table.
      else if (token.word === "update" && !["for", "key", "do", "on"].includes(before ?? "")) next = "write";
    }
  }

  /** @param {{ word: string, name: string, offset: number }} token */
  function readTable({ word: text, name, offset }, /** @type {boolean} */ write, /** @type {Set<string>} */ inSight) {
    if (text === HOLE && write) uses.push({ table: null, write, offset });
    const isCall = word(at + 1) === "(" && !write;
    if (isCall || word(at + 1) === "." || !tables.has(name)) return;
    if (write || !inSight.has(name)) uses.push({ table: name, write, offset });
  }

  /** Reads `WITH [RECURSIVE] name [(columns)] AS [[NOT] MATERIALIZED] (…), …`; stands at its last token afterwards. */
  function readExpressions(/** @type {Set<string>} */ inSight) {
    const recursive = word(at + 1) === "recursive";
    let start = at + (recursive ? 2 : 1);
    for (;;) {
      const name = tokens[start]?.name;
      let open = start + 1;
      if (word(open) === "(") open = tokens.findIndex((token, index) => index > open && token.word === ")") + 1;
      if (!name || word(open) !== "as") return; // WITH ORDINALITY, WITH TIME ZONE
      open += 1;
      if (word(open) === "not") open += 1;
      if (word(open) === "materialized") open += 1;
      if (word(open) !== "(") return;
      at = open + 1;
      readLevel(recursive ? new Set([...inSight, name]) : inSight);
      inSight.add(name);
      if (word(at + 1) !== ",") return;
      start = at + 2;
    }
  }

  const [first] = tokens;
  const alias = word(1) === "as" ? 2 : 1;
  const hasAlias = /^[a-z_]\w*$/.test(word(alias) ?? "") && !NO_ALIAS.has(word(alias) ?? "");
  if (first && tables.has(first.name) && (AFTER_TABLE.has(word(1)) || (hasAlias && AFTER_TABLE.has(word(alias + 1))))) {
    uses.push({ table: first.name, write: false, offset: first.offset });
  }
  for (; at < tokens.length; at += 1) readLevel(new Set());
  return uses;
}

/** For comparing with keywords: lower case; what is quoted is no keyword. */
function wordOf(/** @type {string} */ token) {
  return token.startsWith('"') ? "" : token.toLowerCase();
}

/** For comparing with tables. */
function nameOf(/** @type {string} */ token) {
  return token.startsWith('"') ? token.slice(1, -1) : token.toLowerCase();
}
