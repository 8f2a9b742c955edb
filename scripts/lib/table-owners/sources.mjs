// What a TypeScript source does with tables: in SQL texts, and by calls of the Prisma client.
import ts from "typescript";
import { callsOf } from "./prisma-calls.mjs";
import { HOLE, tablesOf } from "./sql.mjs";

/** Tags and functions whose text is SQL, or a piece of it. */
const TAGS = new Set(["$queryRaw", "$executeRaw", "sql"]);
const FUNCTIONS = new Set(["$queryRawUnsafe", "$executeRawUnsafe", "raw", "query"]);
/** Any other text that is a whole statement. */
const STATEMENT =
  /^\s*(SELECT|WITH|INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE|MERGE\s+INTO)\s[\s\S]*\b(FROM|SET|INTO|VALUES|TABLE)\b/;

/**
 * The uses of tables in one source, in its order. `table` is null where a write names a table that is not in the text.
 * @typedef {{ table: string | null, write: boolean, line: number }} TableUse
 * @param {string} file for messages of the parser; decides whether JSX is read
 * @param {string} text
 * @param {Map<string, import("./schema.mjs").Model>} models
 * @returns {TableUse[]}
 */
export function usesOf(file, text, models) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const tables = new Set([...models.values()].map(({ table }) => table));
  /** @type {import("./sql.mjs").Use[]} */
  const uses = [];
  const visit = (/** @type {ts.Node} */ node) => {
    if (isText(node) && isSql(node)) {
      const start = node.getStart(source);
      const found = tablesOf(sqlOf(node, source), tables);
      uses.push(...found.map((use) => ({ ...use, offset: start + use.offset })));
    }
    if (ts.isCallExpression(node)) uses.push(...callsOf(node, source, models));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return uses
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, ...use }) => ({ ...use, line: source.getLineAndCharacterOfPosition(offset).line + 1 }));
}

/** @returns {node is ts.StringLiteralLike | ts.TemplateExpression} */
function isText(/** @type {ts.Node} */ node) {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

function isSql(/** @type {ts.StringLiteralLike | ts.TemplateExpression} */ node) {
  const { parent } = node;
  if (ts.isTaggedTemplateExpression(parent)) return TAGS.has(lastName(parent.tag));
  if (ts.isCallExpression(parent) && parent.arguments[0] === node && FUNCTIONS.has(lastName(parent.expression))) {
    return true;
  }
  return STATEMENT.test(ts.isTemplateExpression(node) ? node.head.text : node.text);
}

/** `tx.$queryRaw` → `$queryRaw`. */
function lastName(/** @type {ts.Expression} */ expression) {
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  return ts.isIdentifier(expression) ? expression.text : "";
}

/** The text with its quotes blanked and a HOLE for each interpolation: every offset is as in the source. */
function sqlOf(/** @type {ts.StringLiteralLike | ts.TemplateExpression} */ node, /** @type {ts.SourceFile} */ source) {
  const start = node.getStart(source);
  const text = [...node.getText(source)];
  text[0] = text[text.length - 1] = " ";
  if (!ts.isTemplateExpression(node)) return text.join("");
  for (const { expression, literal } of node.templateSpans) {
    const from = expression.getFullStart() - 2 - start;
    const to = literal.getStart(source) + 1 - start;
    text.fill(" ", from, to);
    text[from] = HOLE;
  }
  return text.join("");
}
