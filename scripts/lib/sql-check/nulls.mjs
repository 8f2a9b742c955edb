// What conditions tell of columns (that one is not null, that an enum is one of some labels) in PostgreSQL's own reading of a statement.
import { isNode, nodeIn, nodesIn, numberIn, numbersIn, oidConstant, textIn } from "./node-tree.mjs";

/** @import { TreeNode } from "./node-tree.mjs" */
/** @import { Catalog } from "./server.mjs" */

const AND = "and";
const OR = "or";

/** How a column is called among facts: its table in the FROM list, its number, and the outer joins that may null it. @param {TreeNode} node */
export function keyOf(node) {
  const nulling = numbersIn(node, "varnullingrels").join(",");
  return `${numberIn(node, "varlevelsup")}/${numberIn(node, "varno")}.${numberIn(node, "varattno")}/${nulling}`;
}

/** The columns that are not null wherever `node` is true. @param {TreeNode | undefined} node @param {Catalog} catalog @returns {Set<string>} */
export function knownWhenTrue(node, catalog) {
  if (!node) return new Set();
  if (node.type === "BOOLEXPR") {
    const args = nodesIn(node, "args");
    if (textIn(node, "boolop") === AND) return union(args.map((arg) => knownWhenTrue(arg, catalog)));
    if (textIn(node, "boolop") === OR) return common(args.map((arg) => knownWhenTrue(arg, catalog)));
    return knownWhenFalse(args[0], catalog);
  }
  if (node.type === "NULLTEST" && numberIn(node, "nulltesttype") === 1) return neededBy(nodeIn(node, "arg"), catalog);
  return neededBy(node, catalog);
}

/** The columns that are not null wherever `node` is false. @param {TreeNode | undefined} node @param {Catalog} catalog @returns {Set<string>} */
export function knownWhenFalse(node, catalog) {
  if (!node) return new Set();
  if (node.type === "BOOLEXPR") {
    const args = nodesIn(node, "args");
    if (textIn(node, "boolop") === OR) return union(args.map((arg) => knownWhenFalse(arg, catalog)));
    if (textIn(node, "boolop") === AND) return common(args.map((arg) => knownWhenFalse(arg, catalog)));
    return knownWhenTrue(args[0], catalog);
  }
  if (node.type === "NULLTEST" && numberIn(node, "nulltesttype") === 0) return neededBy(nodeIn(node, "arg"), catalog);
  return neededBy(node, catalog);
}

/**
 * The columns without which an expression is null: those below strict functions and operators alone.
 * @param {TreeNode | undefined} node @param {Catalog} catalog @returns {Set<string>}
 */
function neededBy(node, catalog) {
  if (!node) return new Set();
  if (node.type === "VAR") return new Set([keyOf(node)]);
  if (["RELABELTYPE", "COERCEVIAIO", "ARRAYCOERCEEXPR"].includes(node.type))
    return neededBy(nodeIn(node, "arg"), catalog);
  if (["OPEXPR", "FUNCEXPR"].includes(node.type)) {
    const called = catalog.functions.get(numberIn(node, node.type === "OPEXPR" ? "opfuncid" : "funcid"));
    return called?.strict ? union(nodesIn(node, "args").map((arg) => neededBy(arg, catalog))) : new Set();
  }
  // `x = ANY (…)` is never true for a null x; with ALL an empty list would do.
  if (node.type === "SCALARARRAYOPEXPR" && node.fields.useOr === true)
    return neededBy(nodesIn(node, "args")[0], catalog);
  return new Set();
}

/**
 * The conditions that hold for every row that a query gives: those of WHERE and of joins, except on the side of an outer
 * join that may be filled up with nulls.
 * @param {TreeNode} query
 * @returns {TreeNode[]}
 */
export function conditionsOf(query) {
  const from = nodeIn(query, "jointree");
  return from ? ofFrom(from) : [];
}

/** @param {TreeNode} node @returns {TreeNode[]} */
function ofFrom(node) {
  const condition = nodeIn(node, "quals");
  const own = condition ? [condition] : [];
  const side = (/** @type {string} */ name) => {
    const inner = node.fields[name];
    return isNode(inner) ? ofFrom(inner) : [];
  };
  if (node.type === "FROMEXPR") return [...nodesIn(node, "fromlist").flatMap(ofFrom), ...own];
  if (node.type !== "JOINEXPR") return [];
  const kind = numberIn(node, "jointype");
  if (kind === 0) return [...side("larg"), ...side("rarg"), ...own];
  if (kind === 1) return side("larg"); // LEFT
  if (kind === 3) return side("rarg"); // RIGHT
  return [];
}

/**
 * The labels that enum columns may have where `node` is true, for those of which it says something.
 * @param {TreeNode | undefined} node @param {Catalog} catalog @returns {Map<string, Set<string>>}
 */
export function labelsWhenTrue(node, catalog) {
  if (node?.type === "BOOLEXPR" && textIn(node, "boolop") !== "not") {
    const parts = nodesIn(node, "args").map((arg) => labelsWhenTrue(arg, catalog));
    return textIn(node, "boolop") === AND ? bothLabels(parts) : eitherLabels(parts);
  }
  if (node?.type !== "OPEXPR" && node?.type !== "SCALARARRAYOPEXPR") return new Map();
  const [column, given] = nodesIn(node, "args");
  const name = catalog.functions.get(numberIn(node, "opfuncid"))?.name;
  if (column?.type !== "VAR" || !given || (name !== "enum_eq" && name !== "enum_ne")) return new Map();
  const constants = given.type === "CONST" ? [given] : nodesIn(given, "elements");
  const named = constants.map((constant) => catalog.labels.get(oidConstant(constant) ?? 0));
  const all = catalog.types.get(numberIn(column, "vartype"))?.labels ?? [];
  if (named.length === 0 || named.includes(undefined)) return new Map();
  if (name === "enum_ne" && node.type === "SCALARARRAYOPEXPR" && node.fields.useOr === true) return new Map();
  if (name === "enum_eq" && node.type === "SCALARARRAYOPEXPR" && node.fields.useOr !== true) return new Map();
  const left = all.filter((label) => named.includes(label) === (name === "enum_eq"));
  return new Map([[keyOf(column), new Set(left)]]);
}

/** @param {Map<string, Set<string>>[]} parts @returns {Map<string, Set<string>>} */
export function bothLabels(parts) {
  /** @type {Map<string, Set<string>>} */
  const all = new Map();
  for (const [key, labels] of parts.flatMap((part) => [...part])) {
    const before = all.get(key);
    all.set(key, before ? new Set([...before].filter((label) => labels.has(label))) : labels);
  }
  return all;
}

/** @param {Map<string, Set<string>>[]} parts @returns {Map<string, Set<string>>} */
function eitherLabels([first = new Map(), ...rest]) {
  const keys = [...first.keys()].filter((key) => rest.every((part) => part.has(key)));
  return new Map(keys.map((key) => [key, union([first, ...rest].map((part) => part.get(key) ?? new Set()))]));
}

/** @param {Set<string>[]} sets @returns {Set<string>} */
export function union(sets) {
  return new Set(sets.flatMap((set) => [...set]));
}

/** @param {Set<string>[]} sets @returns {Set<string>} */
function common([first = new Set(), ...rest]) {
  return new Set([...first].filter((key) => rest.every((set) => set.has(key))));
}
