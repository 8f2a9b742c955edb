// Checks every statement of a house against a database that its migrations have made.
import { ColumnReader } from "./columns.mjs";
import { compareParameter, compareRow } from "./compare.mjs";
import { nodeIn, nodesIn, numberIn } from "./node-tree.mjs";
import { Refusal } from "./server.mjs";
import { fieldsOf, shapeOf } from "./types.mjs";

/** @import ts from "typescript" */
/** @import { TreeNode } from "./node-tree.mjs" */
/** @import { Catalog, Description, SqlServer } from "./server.mjs" */
/** @import { Statement, Variant } from "./statements.mjs" */

/**
 * What is wrong with a statement. `key` is what an exception would name: `function.column`, or `function` for all of it.
 * @typedef {{ file: string, line: number, key: string, text: string }} Finding
 */

/** Statements that PostgreSQL only looks at when it runs them, and that can be taken back. */
const TRIED = /^\s*(LOCK|ALTER|SET|CREATE TABLE|TRUNCATE|DROP|COMMENT)\b/i;

/**
 * Checks statements one by one.
 * @param {readonly Statement[]} statements
 * @param {{ server: SqlServer, catalog: Catalog, checker: ts.TypeChecker }} context
 * @returns {Promise<Finding[]>}
 */
export async function checkStatements(statements, context) {
  /** @type {Finding[]} */
  const findings = [];
  for (const statement of statements) {
    const { file, where } = statement;
    const line = lineOf(statement.node, statement.node.getStart());
    if (statement.unreadable !== undefined) {
      const text = `cannot be read: ${statement.unreadable}. Write it as a template with Prisma.sql fragments`;
      findings.push({ file, line, key: where, text });
      continue;
    }
    if (statement.row === "unsaid") {
      findings.push({ file, line, key: where, text: "says no row type: give one, `$queryRaw<{ … }[]>`" });
      continue;
    }
    const seen = new Set();
    for (const variant of statement.variants) {
      for (const finding of await checkVariant(statement, variant, context)) {
        const text = JSON.stringify(finding);
        if (!seen.has(text)) findings.push(finding);
        seen.add(text);
      }
    }
  }
  return findings;
}

/**
 * @param {Statement} statement
 * @param {Variant} variant
 * @param {{ server: SqlServer, catalog: Catalog, checker: ts.TypeChecker }} context
 * @returns {Promise<Finding[]>}
 */
async function checkVariant(statement, variant, { server, catalog, checker }) {
  const { file, where } = statement;
  const line = lineOf(statement.node, statement.node.getStart());
  /** @type {Description} */
  let description;
  try {
    description = await server.describe(variant.sql);
    if (!description.tree && TRIED.test(variant.sql)) await server.attempt(variant.sql);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const hint = error.hint ? ` ${error.hint}` : "";
    const place = placeOf(variant, error.position) ?? { file: undefined, line };
    const within = place.file && place.file !== absolute(statement) ? ` (in the statement of ${file}:${line})` : "";
    const text = `PostgreSQL refuses it: ${error.message}.${hint} Mend the statement, or the migration that changed what it names${within}`;
    return [{ file: within && place.file ? place.file : file, line: place.line, key: where, text }];
  }
  const { columns, parameters, tree } = description;
  const shapes = variant.values.map((value) => value && shapeOf(value, checker));
  /** @type {Finding[]} */
  const findings = [];
  for (const [index, type] of parameters.entries()) {
    const shape = shapes[index];
    const wrong = shape && compareParameter(shape, type, catalog);
    if (wrong)
      findings.push({
        file,
        line: valueLine(variant, index, line),
        key: `${where}.$${index + 1}`,
        text: `value $${index + 1}: ${wrong}`,
      });
  }
  if (!tree) {
    if (statement.row instanceof Object && columns.length > 0) {
      const all = columns.map(({ name, type }) => ({ name, type, known: { nullable: false } }));
      findings.push(...rowFindings(all, statement.row));
    }
    return findings;
  }
  for (const { column, number } of emptyWrites(tree, catalog)) {
    const shape = number === undefined ? undefined : shapes[number - 1];
    if (number !== undefined && !shape?.nullable) continue;
    const text = `column "${column}": ${number === undefined ? "the INSERT leaves it out, and it must have a value" : `it may not be null, and the value $${number} (${shape?.text}) may be`}: give it a value`;
    findings.push({ file, line, key: `${where}.${column}`, text });
  }
  if (statement.row === undefined) return findings;
  const reader = new ColumnReader(catalog, (number) => {
    const shape = shapes[number - 1];
    const record = variant.records[number - 1];
    const fields = record && [...fieldsOf(record, checker)];
    return {
      nullable: !shape || shape.nullable || shape.kind === "any",
      items: shape?.element?.nullable ?? true,
      record: fields && new Map(fields.map(([name, field]) => [name, field.nullable || field.optional])),
    };
  });
  const known = reader.columns(tree);
  const all = columns.map(({ name, type }, index) => ({ name, type, known: known[index] ?? { nullable: true } }));
  findings.push(...rowFindings(all, /** @type {ts.Type} */ (statement.row)));
  return findings;

  /** @param {import("./compare.mjs").Column[]} found @param {ts.Type} row @returns {Finding[]} */
  function rowFindings(found, row) {
    return compareRow(found, row, { catalog, checker, driver: statement.driver }).map(({ column, text }) => ({
      file,
      line,
      key: `${where}.${column}`,
      text: `column "${column}": ${text}`,
    }));
  }
}

/** @param {Statement} statement */
function absolute({ node }) {
  return node.getSourceFile().fileName;
}

/** @param {ts.Node} node @param {number} position */
function lineOf(node, position) {
  return node.getSourceFile().getLineAndCharacterOfPosition(position).line + 1;
}

/** Where a character of the statement stands, counted from 1. @param {Variant} variant @param {number | undefined} position */
function placeOf({ pieces }, position) {
  let left = (position ?? 0) - 1;
  let count = 0;
  for (const piece of position === undefined ? [] : pieces) {
    const length = "value" in piece ? `$${++count}`.length : piece.text.length;
    if (left < length) {
      if ("value" in piece)
        return { file: piece.value.getSourceFile().fileName, line: lineOf(piece.value, piece.value.getStart()) };
      return { file: piece.node.getSourceFile().fileName, line: lineOf(piece.node, piece.start + left) };
    }
    left -= length;
  }
  return undefined;
}

/** @param {Variant} variant @param {number} index @param {number} otherwise */
function valueLine({ pieces }, index, otherwise) {
  const value = pieces.filter((piece) => "value" in piece)[index];
  return value && "value" in value ? lineOf(value.value, value.value.getStart()) : otherwise;
}

/**
 * Columns that may not be null and that a statement leaves out or writes a parameter into (`number`), in all its parts.
 * @param {TreeNode} query
 * @param {Catalog} catalog
 * @returns {{ column: string, number: number | undefined }[]}
 */
function emptyWrites(query, catalog) {
  const inner = nodesIn(query, "cteList").flatMap((item) => {
    const part = nodeIn(item, "ctequery");
    return part ? emptyWrites(part, catalog) : [];
  });
  const command = numberIn(query, "commandType");
  if (command !== 2 && command !== 3) return inner;
  const table = numberIn(nodesIn(query, "rtable")[numberIn(query, "resultRelation") - 1] ?? query, "relid");
  const targets = nodesIn(query, "targetList").filter((target) => target.fields.resjunk !== true);
  const written = new Map(targets.map((target) => [numberIn(target, "resno"), nodeIn(target, "expr")]));
  /** @type {{ column: string, number: number | undefined }[]} */
  const found = [];
  for (let number = 1; number <= (catalog.width.get(table) ?? 0); number++) {
    const column = catalog.columns.get(`${table}.${number}`);
    if (!column?.notNull) continue;
    if (!written.has(number)) {
      if (command === 3 && column.mustBeGiven) found.push({ column: column.name, number: undefined });
      continue;
    }
    const parameter = parameterBelow(written.get(number));
    if (parameter !== undefined) found.push({ column: column.name, number: parameter });
  }
  return [...inner, ...found];
}

/** `$1`, also behind casts. @param {TreeNode | undefined} node @returns {number | undefined} */
function parameterBelow(node) {
  if (!node) return undefined;
  if (node.type === "PARAM") return numberIn(node, "paramid");
  return ["RELABELTYPE", "COERCEVIAIO"].includes(node.type) ? parameterBelow(nodeIn(node, "arg")) : undefined;
}
