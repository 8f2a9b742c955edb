// Finds what a person can ask of the core: every exported function of lib/ that is called with the context of an actor.
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";

const root = path.join(import.meta.dirname, "../..");

/** An exported function that is called for an actor: its file from the root of the project, and its name. */
export type Exported = { file: string; name: string };

/** All of them in lib/, by file. */
export function exportedForActors(): Exported[] {
  return fs
    .globSync("lib/**/*.ts", { cwd: root })
    .filter((file) => !file.endsWith(".test.ts") && !file.startsWith("lib/platform/generated/"))
    .sort()
    .flatMap((file) =>
      functionsForActors(fs.readFileSync(path.join(root, file), "utf8")).map((name) => ({ file, name })),
    );
}

/**
 * The names of a file's exported functions whose first parameter is called `ctx` or has a type that speaks of `Context`.
 * Not those in whose context nobody acts (`Omit<Context, "actor">`), and not those that say to answer at once: whatever
 * reads or writes something answers with a promise.
 */
export function functionsForActors(text: string): string[] {
  const file = ts.createSourceFile("any.ts", text, ts.ScriptTarget.Latest, true);
  const exported = new Set<string>();
  const functions = new Map<string, ts.SignatureDeclaration>();
  for (const statement of file.statements) {
    const isExported = ts.canHaveModifiers(statement)
      ? ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
      : false;
    const add = (name: string, found: ts.SignatureDeclaration) => {
      functions.set(name, found);
      if (isExported) exported.add(name);
    };
    if (ts.isFunctionDeclaration(statement)) add(statement.name?.text ?? "default", statement);
    if (ts.isVariableStatement(statement))
      for (const { name, initializer } of statement.declarationList.declarations) {
        const found = initializer && functionIn(initializer);
        if (found) add(name.getText(), found);
      }
    if (ts.isExportAssignment(statement)) {
      const found = functionIn(statement.expression);
      if (found) add("default", found);
      exported.add("default");
    }
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause))
      for (const { name, propertyName } of statement.exportClause.elements) exported.add((propertyName ?? name).text);
  }
  return [...functions].filter(([name, found]) => exported.has(name) && isForActor(found)).map(([name]) => name);
}

/** The function that an expression is, also inside a call around it (`cache(async (ctx) => …)`). */
function functionIn(expression: ts.Expression): ts.SignatureDeclaration | undefined {
  if (ts.isArrowFunction(expression) || ts.isFunctionExpression(expression)) return expression;
  if (ts.isCallExpression(expression)) return expression.arguments.map(functionIn).find((found) => found !== undefined);
  return undefined;
}

function isForActor(found: ts.SignatureDeclaration): boolean {
  const [first] = found.parameters;
  if (!first) return false;
  const type = first.type?.getText() ?? "";
  if (/^Omit<\s*Context,\s*"actor"\s*>$/.test(type)) return false;
  if (first.name.getText() !== "ctx" && !/\bContext\b/.test(type)) return false;
  const isAsync = ts.canHaveModifiers(found)
    ? ts.getModifiers(found)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true
    : false;
  return isAsync || found.type === undefined || /^Promise\b/.test(found.type.getText());
}
