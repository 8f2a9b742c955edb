// The statements of the product: where they stand, their text in each variant, the values they take, the rows they promise.
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";
import { bare, FragmentReader, functionOf, lastName, Unreadable } from "./fragments.mjs";

/** @import { Piece } from "./fragments.mjs" */

/** The folders whose statements are checked; tests run theirs. */
const ROOMS = ["app", "components", "lib", "prisma/seed", "scripts", "workers"];
const MARKS = /\.\$(?:query|execute)Raw|\bPrisma\.(?:sql`|join\(|raw\()|^(?=[\s\S]*\bpg\b)[\s\S]*\.query\b/;
const PRISMA = new Set(["$queryRaw", "$executeRaw", "$queryRawUnsafe", "$executeRawUnsafe"]);
const MOST_WAYS = 24;

/**
 * One way in which a statement can read. `values` are the types of `$1`, `$2` …, `records` those of what is handed over
 * as JSON (`JSON.stringify(rows)`); undefined where they are not known.
 * @typedef {{ sql: string, values: (ts.Type | undefined)[], records: (ts.Type | undefined)[], pieces: Piece[] }} Variant
 */

/**
 * A statement. `row` is the type of its rows, undefined where nobody reads them, `"unsaid"` where the code does not say it.
 * `unreadable` says why it has no variants.
 * @typedef {object} Statement
 * @property {string} file
 * @property {ts.Node} node
 * @property {string} where the function around it
 * @property {"prisma" | "pg"} driver
 * @property {ts.Type | "unsaid" | undefined} row
 * @property {Variant[]} variants
 * @property {string | undefined} unreadable
 */

/**
 * Reads the product in `house`: the statements of its files, and the checker that knows their types.
 * @param {string} house
 * @returns {{ statements: Statement[], checker: ts.TypeChecker }}
 */
export function readStatements(house) {
  const files = sourcesOf(house);
  const { config } = ts.readConfigFile(path.join(house, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, house);
  const settings = {
    ...options,
    noEmit: true,
    incremental: false,
    allowJs: true,
    lib: ["lib.esnext.d.ts"], // no statement speaks of the browser, and reading its types takes a second
  };
  const host = ts.createCompilerHost(settings);
  host.jsDocParsingMode = ts.JSDocParsingMode.ParseForTypeErrors; // comments say types in JavaScript alone
  const program = ts.createProgram(files, settings, host);
  const checker = program.getTypeChecker();
  const own = new Set(files);
  const sources = program.getSourceFiles().filter(({ fileName }) => own.has(path.normalize(fileName)));
  const callsOf = callIndex(checker, sources);
  const statements = sources.flatMap((source) => {
    /** @type {Statement[]} */
    const found = [];
    const file = path.relative(house, source.fileName).replaceAll(path.sep, "/");
    const visit = (/** @type {ts.Node} */ node) => {
      const statement = statementAt(node, file, checker, callsOf);
      if (statement) found.push(statement);
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
  return { statements, checker };
}

/** The files that may hold SQL. @param {string} house */
function sourcesOf(house) {
  const inRooms = ROOMS.filter((room) => fs.existsSync(path.join(house, room))).flatMap((room) =>
    fs.readdirSync(path.join(house, room), { recursive: true, encoding: "utf8" }).map((file) => path.join(room, file)),
  );
  return [...inRooms, ...fs.readdirSync(house)]
    .filter((file) => /\.(tsx?|mjs)$/.test(file) && !/\.(test|d|config)\.(tsx?|mjs)$/.test(file))
    .filter((file) => !file.startsWith(path.join("lib", "platform", "generated")))
    .map((file) => path.join(house, file))
    .filter((file) => MARKS.test(fs.readFileSync(file, "utf8")));
}

/**
 * Answers the calls of a function. @param {ts.TypeChecker} checker @param {readonly ts.SourceFile[]} sources
 * @returns {(declaration: ts.Node) => readonly ts.CallExpression[]}
 */
function callIndex(checker, sources) {
  /** @type {Map<ts.Node, ts.CallExpression[]> | undefined} */
  let calls;
  const build = () => {
    /** @type {Map<ts.Node, ts.CallExpression[]>} */
    const index = new Map();
    const visit = (/** @type {ts.Node} */ node) => {
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
        const made = functionOf(checker, node.expression);
        if (made) index.set(made, [...(index.get(made) ?? []), node]);
      }
      ts.forEachChild(node, visit);
    };
    sources.forEach(visit);
    return index;
  };
  return (declaration) => (calls ??= build()).get(declaration) ?? [];
}

/**
 * @param {ts.Node} node
 * @param {string} file
 * @param {ts.TypeChecker} checker
 * @param {(declaration: ts.Node) => readonly ts.CallExpression[]} callsOf
 * @returns {Statement | undefined}
 */
function statementAt(node, file, checker, callsOf) {
  const call = ts.isTaggedTemplateExpression(node) || ts.isCallExpression(node) ? node : undefined;
  const callee = call && (ts.isCallExpression(call) ? call.expression : call.tag);
  if (!call || !callee || !ts.isPropertyAccessExpression(callee)) return undefined;
  const method = callee.name.text;
  const isPrisma = PRISMA.has(method);
  if (!isPrisma && !(method === "query" && ts.isCallExpression(call) && isOfPg(call, checker))) return undefined;
  /** @type {Statement} */
  const statement = {
    file,
    node,
    where: nameAround(node),
    driver: isPrisma ? "prisma" : "pg",
    row: method.startsWith("$execute") ? undefined : rowOf(call, isPrisma, checker),
    variants: [],
    unreadable: undefined,
  };
  try {
    for (let way = 0, ways = 1; way < Math.min(ways, MOST_WAYS); way++) {
      const reader = new FragmentReader(checker, callsOf, way);
      const variant =
        isPrisma && !method.endsWith("Unsafe") ? ofPrisma(call, reader, checker) : ofText(call, reader, checker);
      ways = Math.max(ways, reader.ways);
      if (!statement.variants.some(({ sql }) => sql === variant.sql)) statement.variants.push(variant);
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    statement.unreadable = error.message;
  }
  return statement;
}

/** @param {ts.TaggedTemplateExpression | ts.CallExpression} call @param {FragmentReader} reader @param {ts.TypeChecker} checker @returns {Variant} */
function ofPrisma(call, reader, checker) {
  const [fragment] = ts.isCallExpression(call) ? call.arguments : [];
  const pieces = ts.isTaggedTemplateExpression(call)
    ? reader.template(call.template)
    : fragment
      ? reader.fragment(fragment)
      : [];
  let count = 0;
  const sql = pieces.map((piece) => ("value" in piece ? `$${++count}` : piece.text)).join("");
  const given = pieces.flatMap((piece) => ("value" in piece ? [piece.value] : []));
  const values = given.map((value) => checker.getTypeAtLocation(value));
  return { sql, values, records: given.map((value) => recordOf(value, checker)), pieces };
}

/** @param {ts.TaggedTemplateExpression | ts.CallExpression} call @param {FragmentReader} reader @param {ts.TypeChecker} checker @returns {Variant} */
function ofText(call, reader, checker) {
  const [first, ...rest] = ts.isCallExpression(call) ? call.arguments : [];
  if (!first) throw new Unreadable(call, "it has no text");
  const sql = reader.text(first);
  const list = rest[0] && bare(rest[0]);
  const given = lastName(ts.isCallExpression(call) ? call.expression : call.tag).startsWith("$")
    ? rest
    : list && ts.isArrayLiteralExpression(list)
      ? list.elements
      : [];
  const values = given.map((value) => checker.getTypeAtLocation(value));
  return { sql, values, records: [], pieces: [{ text: sql, node: first, start: first.getStart() + 1 }] };
}

/** The type of the elements of `JSON.stringify(list)`. @param {ts.Expression} value @param {ts.TypeChecker} checker */
function recordOf(value, checker) {
  const node = bare(value);
  const [given] = ts.isCallExpression(node) && node.expression.getText() === "JSON.stringify" ? node.arguments : [];
  return given && elementOf(checker.getTypeAtLocation(given));
}

/** @param {ts.CallExpression} call @param {ts.TypeChecker} checker */
function isOfPg(call, checker) {
  const declared = checker.getResolvedSignature(call)?.declaration?.getSourceFile().fileName ?? "";
  const [first] = call.arguments;
  return declared.includes("/@types/pg/") && first !== undefined && isText(checker.getTypeAtLocation(first));
}

/** @param {ts.Type} type */
function isText(type) {
  return (type.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.StringLiteral)) !== 0;
}

/** @param {ts.Expression} call @param {boolean} isPrisma @param {ts.TypeChecker} checker */
function rowOf(call, isPrisma, checker) {
  const awaited = checker.getAwaitedType(checker.getTypeAtLocation(call));
  const holder = holderOf(call);
  if (ts.isExpressionStatement(holder)) return undefined;
  if (isPrisma) return elementOf(awaited) ?? "unsaid";
  const declaration = ts.isVariableDeclaration(holder) ? holder : undefined;
  const noted = declaration && ts.getJSDocType(declaration);
  const result = noted ? checker.getTypeFromTypeNode(noted) : awaited;
  const rows = result?.getProperty("rows");
  const element = rows && elementOf(checker.getTypeOfSymbolAtLocation(rows, call));
  if (element && !(element.flags & ts.TypeFlags.Any)) return element;
  return declaration && readsNoRows(declaration) ? undefined : "unsaid";
}

/** @param {ts.Type | undefined} type */
function elementOf(type) {
  return type?.getNumberIndexType();
}

/** What an answer goes to. @param {ts.Node} node @returns {ts.Node} */
function holderOf(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name.text === "catch" && ts.isCallExpression(parent.parent))
    return holderOf(parent.parent);
  return ts.isAwaitExpression(parent) || ts.isParenthesizedExpression(parent) || ts.isVoidExpression(parent)
    ? holderOf(parent)
    : parent;
}

/** `const { rowCount } = …` @param {ts.VariableDeclaration} declaration */
function readsNoRows({ name }) {
  return ts.isObjectBindingPattern(name) && name.elements.every((element) => element.name.getText() !== "rows");
}

/** The name of the function, method or constant around a node. @param {ts.Node} node */
function nameAround(node) {
  /** @type {ts.Node | undefined} */
  let at = node.parent;
  let name = "";
  for (; at; at = at.parent) {
    const named =
      ts.isFunctionDeclaration(at) || ts.isMethodDeclaration(at) || ts.isVariableDeclaration(at) ? at.name : undefined;
    const isLocal = at && ts.isVariableDeclaration(at) && !ts.isSourceFile(at.parent.parent.parent);
    if (named && (ts.isIdentifier(named) || ts.isPrivateIdentifier(named)) && !isLocal) name = named.text;
    if (named && name) return name;
  }
  return name || "(file)";
}
