// What can be known of a value, and of which functions, operators and casts it can be known.
import { nodeIn, nodesIn, numberIn, textConstant } from "./node-tree.mjs";

/** @import { TreeNode } from "./node-tree.mjs" */

/**
 * A JSON value whose keys the statement itself spells; `any` for what comes from elsewhere.
 * @typedef {{ kind: "object", fields: Map<string, Json & { nullable: boolean }> } | { kind: "list", of: Json & { nullable: boolean } } | { kind: "string", labels: string[] | undefined, possible?: string[] | undefined } | { kind: "number" | "boolean" | "any" }} Json
 */

/**
 * What is known of a value. `labels` are those labels of its enum that it can be, `possible` all of them, also behind
 * `::text`. `source` is the
 * column that it is. `items` says whether the elements of an array may be null. `always`: the table itself promises a value.
 * @typedef {{ nullable: boolean, always?: boolean | undefined, labels?: string[] | undefined, possible?: string[] | undefined, json?: Json | undefined, source?: string | undefined, items?: boolean | undefined }} Known
 */

/** Functions that answer something whenever they are given something. */
const TOTAL = new Set(
  `lower upper btrim ltrim rtrim trim replace concat textcat textanycat anytextcat strpos length char_length substr split_part
  left right md5 encode decode to_char date_trunc timezone make_interval floor ceil round abs mod hashtext to_json to_jsonb
  jsonb_build_array now clock_timestamp statement_timestamp transaction_timestamp random current_database cardinality
  pg_try_advisory_xact_lock pg_advisory_xact_lock pg_try_advisory_lock pg_advisory_unlock pg_advisory_lock
  pg_current_snapshot pg_snapshot_xmin pg_snapshot_xmax pg_current_xact_id has_database_privilege
  jsonb_array_elements generate_series`.split(/\s+/),
);
/** Operators that may answer null for what is there: a key that is missing, a JSON null. */
const PARTIAL = /^jsonb?_(object_field|array_element|extract_path|path)/;
/** Aggregates that answer something even of no rows. */
export const ALWAYS = new Set(["count", "regr_count"]);
/** Aggregates that take nulls in. */
export const GROWING = new Set(["array_agg", "json_agg", "jsonb_agg", "json_object_agg", "jsonb_object_agg"]);
/** Window functions that answer something for every row. */
export const WINDOWED = new Set(["row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile"]);

/**
 * Whether a call answers something whenever it is given something: the functions above, operators, and casts; not what
 * takes a JSON value apart.
 * @param {TreeNode} node
 * @param {string} name of the function
 * @param {boolean} fromJson whether its first argument is JSON
 */
export function isTotal(node, name, fromJson) {
  if (node.type === "OPEXPR") return !PARTIAL.test(name);
  const format = numberIn(node, "funcformat");
  if (format === 1 || format === 2) return !fromJson;
  const [first] = nodesIn(node, "args");
  // Of the parts of a time only the seconds since 1970 are there for every one, also for 'infinity'.
  if (name === "extract") return first !== undefined && textConstant(first)?.toLowerCase() === "epoch";
  return TOTAL.has(name);
}

/** What one of several values is. @param {Known[]} all @returns {Known} */
export function either(all) {
  const labels = all.every((known) => known.labels)
    ? [...new Set(all.flatMap((known) => known.labels ?? []))]
    : undefined;
  const possible = [...new Set(all.flatMap((known) => known.possible ?? known.labels ?? []))];
  const shapes = all.flatMap(({ json }) => json ?? []);
  return {
    nullable: all.some(({ nullable }) => nullable),
    labels: labels && labels.length > 0 ? labels : undefined,
    possible: labels && labels.length > 0 ? possible : undefined,
    json: shapes.length === 1 ? shapes[0] : undefined,
    source: all.length === 1 ? all[0]?.source : undefined,
    always: all.every(({ always }) => always === true),
    items: all.some(({ items }) => items === true)
      ? true
      : all.every(({ items }) => items === false)
        ? false
        : undefined,
  };
}

/** The text of a constant below a cast. @param {TreeNode} node @returns {string | undefined} */
export function textConstantBelow(node) {
  const arg = nodeIn(node, "arg");
  return arg ? (textConstant(arg) ?? textConstantBelow(arg)) : undefined;
}

/**
 * The type of an expression; 0 where the tree does not say it, and less than 0 for a list of the type.
 * @param {TreeNode | undefined} node
 * @returns {number}
 */
export function typeOf(node) {
  if (!node) return 0;
  const names = [
    "vartype",
    "consttype",
    "paramtype",
    "opresulttype",
    "funcresulttype",
    "resulttype",
    "aggtype",
    "wintype",
    "casetype",
    "coalescetype",
    "minmaxtype",
    "array_typeid",
    "refrestype",
    "row_typeid",
    "type",
  ];
  for (const name of names) if (numberIn(node, name) > 0) return numberIn(node, name);
  if (["BOOLEXPR", "NULLTEST", "BOOLEANTEST", "DISTINCTEXPR", "SCALARARRAYOPEXPR"].includes(node.type)) return 16;
  if (node.type === "SUBLINK") {
    const query = nodeIn(node, "subselect");
    const first = query && nodesIn(query, "targetList")[0];
    const kind = numberIn(node, "subLinkType");
    const type = typeOf(first && nodeIn(first, "expr"));
    return kind === 4 ? type : kind === 6 ? -type : 16;
  }
  return 0;
}
