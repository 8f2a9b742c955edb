// PostgreSQL's own reading of a statement, as `debug_print_parse` prints it: `{VAR :varno 1 :varattno 2 …}`.

/**
 * A node, a list, or a value. Numbers are numbers, `true` and `false` booleans, `<>` null; everything else is text. Lists of
 * numbers (`(i 1 2)`, `(o 1 2)`, `(b 1 2)`) are lists without their letter. A constant's bytes (`4 [ 1 0 0 0 ]`) are a list.
 * @typedef {string | number | boolean | null | TreeNode | TreeList} TreeValue
 * @typedef {{ type: string, fields: { [name: string]: TreeValue } }} TreeNode
 */
/** @typedef {TreeValue[]} TreeList */

const TOKEN = /[(){}[\]]|"(?:\\[\s\S]|[^"\\])*"|(?:\\[\s\S]|[^\s(){}[\]\\])+/g;

/**
 * Reads one printed tree.
 * @param {string} text
 * @returns {TreeNode}
 */
export function readTree(text) {
  const tokens = text.match(TOKEN) ?? [];
  let at = 0;

  /** @returns {TreeValue} */
  function readValue() {
    const token = tokens[at++];
    if (token === "{") return readNode();
    if (token === "(") return readList(")");
    if (token === undefined) throw new Error("PostgreSQL's tree ends too early.");
    if (tokens[at] !== "[" || !/^\d+$/.test(token)) return scalarOf(token);
    at += 1;
    return readList("]");
  }

  /** @param {string} end @returns {TreeValue[]} */
  function readList(end) {
    const list = [];
    if (/^[iobx]$/.test(tokens[at] ?? "")) at += 1;
    while (tokens[at] !== end) list.push(readValue());
    at += 1;
    return list;
  }

  /** @returns {TreeNode} */
  function readNode() {
    const type = tokens[at++] ?? "";
    /** @type {Record<string, TreeValue>} */
    const fields = {};
    while (tokens[at] !== "}") {
      const name = (tokens[at++] ?? "").slice(1);
      const value = readValue();
      fields[name] = value;
    }
    at += 1;
    return { type, fields };
  }

  const tree = readValue();
  if (!isNode(tree)) throw new Error("PostgreSQL printed no tree.");
  return tree;
}

/** @param {string} token @returns {TreeValue} */
function scalarOf(token) {
  if (token === "<>") return null;
  if (token === "true" || token === "false") return token === "true";
  if (/^-?\d+$/.test(token)) return Number(token);
  const bare = token.startsWith('"') ? token.slice(1, -1) : token;
  return bare.replace(/\\(\s|.)/g, (_, escaped) => (/\s/.test(escaped) ? " " : escaped));
}

/** @param {TreeValue | undefined} value @returns {value is TreeNode} */
export function isNode(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The node in a field; undefined where there is none. @param {TreeNode} node @param {string} name */
export function nodeIn(node, name) {
  const value = node.fields[name];
  return isNode(value) ? value : undefined;
}

/** The nodes of a list in a field. @param {TreeNode} node @param {string} name */
export function nodesIn(node, name) {
  const value = node.fields[name];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The numbers of a list in a field. @param {TreeNode} node @param {string} name */
export function numbersIn(node, name) {
  const value = node.fields[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === "number") : [];
}

/** The number in a field; 0 where there is none. @param {TreeNode} node @param {string} name */
export function numberIn(node, name) {
  const value = node.fields[name];
  return typeof value === "number" ? value : 0;
}

/** The text in a field; names that look like numbers are texts too. @param {TreeNode} node @param {string} name */
export function textIn(node, name) {
  const value = node.fields[name];
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/**
 * The text of a constant of a text type; undefined for others and for null.
 * @param {TreeNode} node
 */
export function textConstant(node) {
  if (node.type !== "CONST" || node.fields.constisnull === true) return undefined;
  const bytes = Uint8Array.from(numbersIn(node, "constvalue"), (byte) => byte & 0xff);
  // A literal whose type nothing decided yet ends with a zero.
  if (node.fields.constlen === -2) return new TextDecoder().decode(bytes.subarray(0, -1));
  if (node.fields.constlen !== -1) return undefined;
  // A header of four bytes, or of one when the lowest bit of the first says so (little-endian).
  return new TextDecoder().decode(bytes.subarray((bytes[0] ?? 0) & 1 ? 1 : 4));
}

/** The number that a constant of an enum or integer type holds in its first four bytes. @param {TreeNode} node */
export function oidConstant(node) {
  if (node.type !== "CONST" || node.fields.constisnull === true) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = numbersIn(node, "constvalue").map((byte) => byte & 0xff);
  return a + b * 2 ** 8 + c * 2 ** 16 + d * 2 ** 24;
}
