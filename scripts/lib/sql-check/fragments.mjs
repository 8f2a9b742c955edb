// The text of a statement, put together from its template and the fragments that are interpolated, without running any of it.
import ts from "typescript";

/**
 * A piece of SQL text with where it stands, or a value that becomes a parameter.
 * @typedef {{ text: string, node: ts.Node, start: number } | { value: ts.Expression }} Piece
 * @typedef {Map<ts.Symbol, { node: ts.Expression, scope: Scope }>} Scope what the parameters of the functions around are
 */

/** A statement, or a part of one, that can only be known when it runs. */
export class Unreadable extends Error {
  /** @param {ts.Node} node @param {string} message */
  constructor(node, message) {
    super(message);
    this.node = node;
  }
}

/**
 * Reads fragments. `callsOf` answers the calls of a function in the product, for a fragment that is a parameter.
 * Where a text depends on what is only known later (a condition, one of several callers, a filter that may be left out),
 * `variant` says which way is taken: the same for all such places of a statement, the last one where there are fewer.
 */
export class FragmentReader {
  /** The most ways that one place of what was read has. */
  ways = 1;
  #checker;
  #callsOf;
  #variant;
  #depth = 0;

  /**
   * @param {ts.TypeChecker} checker
   * @param {(declaration: ts.Node) => readonly ts.CallExpression[]} callsOf
   * @param {number} variant
   */
  constructor(checker, callsOf, variant) {
    this.#checker = checker;
    this.#callsOf = callsOf;
    this.#variant = variant;
  }

  /** @template T @param {readonly T[]} ways @param {ts.Node} node @returns {T} */
  #pick(ways, node) {
    this.ways = Math.max(this.ways, ways.length);
    const way = ways[Math.min(this.#variant, ways.length - 1)];
    if (way === undefined) throw new Unreadable(node, "nothing says what it is");
    return way;
  }

  /**
   * The pieces of a template whose `${}` are values or fragments.
   * @param {ts.TemplateLiteral} template
   * @param {Scope} scope
   * @returns {Piece[]}
   */
  template(template, scope = new Map()) {
    const start = template.getStart() + 1;
    if (ts.isNoSubstitutionTemplateLiteral(template)) return [{ text: template.text, node: template, start }];
    /** @type {Piece[]} */
    const pieces = [{ text: template.head.text, node: template, start }];
    for (const { expression, literal } of template.templateSpans) {
      if (this.#isFragment(expression)) pieces.push(...this.fragment(expression, scope));
      else pieces.push({ value: expression });
      pieces.push({ text: literal.text, node: literal, start: literal.getStart() + 1 });
    }
    return pieces;
  }

  /** @param {ts.Expression} expression */
  #isFragment(expression) {
    const type = this.#checker.getTypeAtLocation(expression);
    const parts = type.isUnion() ? type.types : [type];
    return parts.some((part) => part.getSymbol()?.name === "Sql");
  }

  /**
   * The pieces of an expression of the type `Prisma.Sql`. Throws {@link Unreadable}.
   * @param {ts.Expression} given
   * @param {Scope} scope
   * @returns {Piece[]}
   */
  fragment(given, scope = new Map()) {
    const node = bare(given);
    if (ts.isTaggedTemplateExpression(node) && lastName(node.tag) === "sql") return this.template(node.template, scope);
    if (ts.isPropertyAccessExpression(node) && node.name.text === "empty") return [];
    if (ts.isCallExpression(node)) {
      const name = lastName(node.expression);
      const [first, second] = node.arguments;
      if (name === "join" && first) return this.#join(first, second, scope, node);
      if (name === "raw" && first) return [{ text: this.text(first, scope), node: first, start: first.getStart() + 1 }];
    }
    return this.#follow(node, scope, (next, inner) => this.fragment(next, inner));
  }

  /** @param {ts.Expression} list @param {ts.Expression | undefined} by @param {Scope} scope @param {ts.Node} node */
  #join(list, by, scope, node) {
    const parts = this.#list(list, scope);
    if (parts.length === 0) throw new Unreadable(node, "nothing says what is joined");
    const separator = by ? this.text(by, scope) : ",";
    return parts.flatMap((part, index) =>
      index === 0 ? part : [{ text: separator, node, start: node.getStart() }, ...part],
    );
  }

  /** @param {ts.Expression} given @param {Scope} scope @returns {Piece[][]} */
  #list(given, scope) {
    const node = bare(given);
    if (ts.isArrayLiteralExpression(node)) {
      return node.elements.flatMap((element) =>
        ts.isSpreadElement(element) ? this.#list(element.expression, scope) : [this.fragment(element, scope)],
      );
    }
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const [callback] = node.arguments;
      const method = node.expression.name.text;
      if (callback && ts.isArrowFunction(callback) && (method === "map" || method === "flatMap")) {
        // One element stands for all.
        const result = this.#pick(resultsOf(callback), callback);
        return method === "map" ? [this.fragment(result, scope)] : this.#list(result, scope);
      }
    }
    if (ts.isIdentifier(node)) {
      const symbol = this.#checker.getSymbolAtLocation(node);
      const declaration = symbol?.valueDeclaration;
      if (symbol && declaration && ts.isVariableDeclaration(declaration) && declaration.initializer) {
        const first = this.#list(declaration.initializer, scope);
        const pushed = pushesOf(declaration, symbol, this.#checker);
        const always = pushed.filter((push) => !push.sometimes);
        const isWhole = this.#pick(pushed.length > always.length ? [true, false] : [true], node);
        const chosen = isWhole || first.length + always.length === 0 ? pushed : always;
        return [...first, ...chosen.flatMap(({ values }) => values.map((value) => this.fragment(value, scope)))];
      }
    }
    return this.#follow(node, scope, (next, inner) => this.#list(next, inner));
  }

  /**
   * A text that is known without running anything.
   * @param {ts.Expression} given
   * @param {Scope} scope
   * @returns {string}
   */
  text(given, scope = new Map()) {
    const node = bare(given);
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isNumericLiteral(node)) return String(Number(node.text.replaceAll("_", "")));
    if (ts.isTemplateExpression(node)) {
      const spans = node.templateSpans.map(({ expression, literal }) => this.text(expression, scope) + literal.text);
      return node.head.text + spans.join("");
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
      return this.text(node.left, scope) + this.text(node.right, scope);
    return this.#follow(node, scope, (next, inner) => this.text(next, inner));
  }

  /** A property of an object that a function makes. @param {ts.Expression} given @param {string} name @param {Scope} scope @template T @param {(node: ts.Expression, scope: Scope) => T} read @returns {T} */
  #property(given, name, scope, read) {
    const node = bare(given);
    if (ts.isObjectLiteralExpression(node)) {
      for (const property of node.properties) {
        if (property.name?.getText() !== name) continue;
        if (ts.isPropertyAssignment(property)) return read(property.initializer, scope);
        if (ts.isShorthandPropertyAssignment(property)) {
          const declaration = this.#checker.getShorthandAssignmentValueSymbol(property)?.valueDeclaration;
          if (declaration && ts.isVariableDeclaration(declaration) && declaration.initializer)
            return read(declaration.initializer, scope);
        }
      }
    }
    return this.#follow(node, scope, (next, inner) => this.#property(next, name, inner, read));
  }

  /**
   * Goes from a name, a call or a condition to what it stands for.
   * @template T
   * @param {ts.Expression} node
   * @param {Scope} scope
   * @param {(node: ts.Expression, scope: Scope) => T} read
   * @returns {T}
   */
  #follow(node, scope, read) {
    if (this.#depth > 40) throw new Unreadable(node, "it goes on for ever");
    this.#depth += 1;
    try {
      if (ts.isConditionalExpression(node)) return read(this.#pick([node.whenTrue, node.whenFalse], node), scope);
      if (ts.isIdentifier(node)) return this.#name(node, scope, read);
      if (ts.isPropertyAccessExpression(node)) return this.#property(node.expression, node.name.text, scope, read);
      if (ts.isCallExpression(node)) {
        const made = functionOf(this.#checker, node.expression);
        if (made) return read(this.#pick(resultsOf(made), node), bind(made, node, scope, this.#checker));
      }
    } finally {
      this.#depth -= 1;
    }
    throw new Unreadable(node, `\`${shortText(node)}\` is only known when it runs`);
  }

  /**
   * @template T
   * @param {ts.Identifier} node
   * @param {Scope} scope
   * @param {(node: ts.Expression, scope: Scope) => T} read
   * @returns {T}
   */
  #name(node, scope, read) {
    const symbol = symbolOf(this.#checker, node);
    const bound = symbol && scope.get(symbol);
    if (bound) return read(bound.node, bound.scope);
    const declaration = symbol?.valueDeclaration;
    if (declaration && ts.isVariableDeclaration(declaration) && declaration.initializer && isConstant(declaration))
      return read(declaration.initializer, scope);
    if (declaration && ts.isBindingElement(declaration)) {
      const source = declaration.parent.parent;
      const name = (declaration.propertyName ?? declaration.name).getText();
      if (ts.isVariableDeclaration(source) && source.initializer)
        return this.#property(source.initializer, name, scope, read);
    }
    if (declaration && ts.isParameter(declaration)) {
      const { parent } = declaration;
      const calls = this.#callsOf(parent);
      if (calls.length > 0) {
        const call = this.#pick(calls, node);
        const given = call.arguments[parent.parameters.indexOf(declaration)] ?? declaration.initializer;
        if (given) return read(given, new Map());
      }
    }
    throw new Unreadable(node, `\`${node.text}\` is only known when it runs`);
  }
}

/** @param {ts.VariableDeclaration} declaration */
function isConstant(declaration) {
  return (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
}

/** Without parentheses, `await`, `as` and `satisfies`. @param {ts.Expression} node @returns {ts.Expression} */
export function bare(node) {
  return ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isAwaitExpression(node)
    ? bare(node.expression)
    : node;
}

/** `tx.$queryRaw` → `$queryRaw`. @param {ts.Expression} expression */
export function lastName(expression) {
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  return ts.isIdentifier(expression) ? expression.text : "";
}

/** What a name means, behind its import. @param {ts.TypeChecker} checker @param {ts.Node} node */
export function symbolOf(checker, node) {
  const symbol = checker.getSymbolAtLocation(node);
  return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** The function that is called. @param {ts.TypeChecker} checker @param {ts.Expression} callee */
export function functionOf(checker, callee) {
  const declaration = symbolOf(checker, callee)?.valueDeclaration;
  if (!declaration) return undefined;
  if (ts.isFunctionDeclaration(declaration)) return declaration;
  const value = ts.isVariableDeclaration(declaration) && declaration.initializer;
  return value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) ? value : undefined;
}

/** Everything that a function may return. @param {ts.FunctionLikeDeclaration} made @returns {ts.Expression[]} */
function resultsOf(made) {
  const { body } = made;
  if (!body) return [];
  if (!ts.isBlock(body)) return [body];
  /** @type {ts.Expression[]} */
  const results = [];
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isReturnStatement(node) && node.expression) results.push(node.expression);
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return results;
}

/** @param {ts.FunctionLikeDeclaration} made @param {ts.CallExpression} call @param {Scope} scope @param {ts.TypeChecker} checker */
function bind(made, call, scope, checker) {
  /** @type {Scope} */
  const inner = new Map(scope);
  for (const [index, parameter] of made.parameters.entries()) {
    const symbol = checker.getSymbolAtLocation(parameter.name);
    const given = call.arguments[index] ?? parameter.initializer;
    if (symbol && given) inner.set(symbol, { node: given, scope });
  }
  return inner;
}

/**
 * The values that are pushed into a list in the function that makes it.
 * @param {ts.VariableDeclaration} declaration
 * @param {ts.Symbol} symbol
 * @param {ts.TypeChecker} checker
 */
function pushesOf(declaration, symbol, checker) {
  /** @type {{ values: readonly ts.Expression[], sometimes: boolean }[]} */
  const pushes = [];
  const block = ts.findAncestor(declaration, ts.isBlock);
  const visit = (/** @type {ts.Node} */ node) => {
    if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      node.expression.name.text === "push" &&
      checker.getSymbolAtLocation(node.expression.expression) === symbol
    )
      pushes.push({ values: node.arguments, sometimes: node.parent.parent !== block });
    ts.forEachChild(node, visit);
  };
  if (block) visit(block);
  return pushes;
}

/** @param {ts.Node} node */
function shortText(node) {
  const text = node.getText().replace(/\s+/g, " ");
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
