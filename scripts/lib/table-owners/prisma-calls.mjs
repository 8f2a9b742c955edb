// Calls of the Prisma client: `client.section.findMany({ include: { term: true } })` reads section and term.
import ts from "typescript";

const READS = new Set(
  "findMany findUnique findUniqueOrThrow findFirst findFirstOrThrow count aggregate groupBy".split(" "),
);
const WRITES = new Set(
  "create createMany createManyAndReturn update updateMany updateManyAndReturn upsert delete deleteMany".split(" "),
);
/** What a write may do to a related row besides changing it. */
const NESTED_READS = new Set(["connect"]);

/**
 * The uses of tables by one call: of the model it is made on, and of those that its arguments reach through relations, as
 * far as these stand in the same file.
 * @param {ts.CallExpression} call
 * @param {ts.SourceFile} source
 * @param {Map<string, import("./schema.mjs").Model>} models
 * @returns {import("./sql.mjs").Use[]}
 */
export function callsOf(call, source, models) {
  const { expression } = call;
  if (!ts.isPropertyAccessExpression(expression) || !ts.isPropertyAccessExpression(expression.expression)) return [];
  const method = expression.name.text;
  const name = expression.expression.name.text;
  const model = models.get(name);
  if (!model || !(READS.has(method) || WRITES.has(method))) return [];
  /** @type {import("./sql.mjs").Use[]} */
  const uses = [{ table: model.table, write: WRITES.has(method), offset: expression.expression.name.getStart(source) }];

  /** Relations of a model among the properties of an object, at any depth of AND, OR, select and the like. */
  function read(/** @type {ts.Node | undefined} */ node, /** @type {string} */ of, isData = false) {
    for (const { key, value, at } of propertiesOf(node, source)) {
      const relation = models.get(of)?.relations.get(key);
      const data = isData || ["data", "create", "update"].includes(key);
      if (!relation) {
        read(value, of, data);
        continue;
      }
      const target = models.get(relation.model);
      const changes = data ? propertiesOf(value, source).filter((change) => !NESTED_READS.has(change.key)) : [];
      uses.push({ table: target?.table ?? null, write: changes.length > 0, offset: at });
      read(value, relation.model, data);
    }
  }
  read(call.arguments[0], name);
  return uses;
}

/**
 * The properties of an object literal: behind `as`, spreads, conditions and lists, and behind the name of a constant or a
 * function of the same file.
 * @returns {{ key: string, value: ts.Node, at: number }[]}
 */
function propertiesOf(/** @type {ts.Node | undefined} */ node, /** @type {ts.SourceFile} */ source, depth = 0) {
  if (!node || depth > 12) return [];
  const inside = (/** @type {ts.Node | undefined} */ next) => propertiesOf(next, source, depth + 1);
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) {
    return inside(node.expression);
  }
  if (ts.isConditionalExpression(node)) return [...inside(node.whenTrue), ...inside(node.whenFalse)];
  if (ts.isBinaryExpression(node)) return [...inside(node.left), ...inside(node.right)];
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(inside);
  if (ts.isSpreadElement(node)) return inside(node.expression);
  if (ts.isIdentifier(node)) return inside(definitionOf(node.text, source));
  if (ts.isCallExpression(node)) return inside(resultOf(node, source));
  if (!ts.isObjectLiteralExpression(node)) return [];
  return node.properties.flatMap((property) => {
    if (ts.isSpreadAssignment(property)) return inside(property.expression);
    const key = property.name && (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name));
    if (!key) return [];
    const value = ts.isPropertyAssignment(property) ? property.initializer : property.name;
    return [{ key: property.name.text, value, at: property.getStart(source) }];
  });
}

/** The value of a constant at the top of the file. */
function definitionOf(/** @type {string} */ name, /** @type {ts.SourceFile} */ source) {
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const declaration = statement.declarationList.declarations.find(({ name: of }) => of.getText(source) === name);
    if (declaration) return declaration.initializer;
  }
  return undefined;
}

/** What a function of the file returns, when it does nothing else. */
function resultOf(/** @type {ts.CallExpression} */ call, /** @type {ts.SourceFile} */ source) {
  if (!ts.isIdentifier(call.expression)) return undefined;
  const { text } = call.expression;
  const declared = source.statements.find(
    (statement) => ts.isFunctionDeclaration(statement) && statement.name?.text === text,
  );
  const definition = declared ?? definitionOf(text, source);
  if (!definition || !("body" in definition)) return undefined;
  const { body } = /** @type {{ body?: ts.Node }} */ (definition);
  if (!body || !ts.isBlock(body)) return body;
  const returned = body.statements.find(ts.isReturnStatement);
  return returned?.expression;
}
