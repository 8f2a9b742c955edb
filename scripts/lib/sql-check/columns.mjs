// What the columns of a statement can be: null or not, which labels, which shape of JSON. Decided on PostgreSQL's own reading
// of the statement; where nothing proves that a value is there, it may be null.
import { isNode, nodeIn, nodesIn, numberIn, numbersIn, oidConstant, textConstant, textIn } from "./node-tree.mjs";
import { bothLabels, conditionsOf, keyOf, knownWhenFalse, knownWhenTrue, labelsWhenTrue, union } from "./nulls.mjs";

import { ALWAYS, either, GROWING, isTotal, textConstantBelow, typeOf, WINDOWED } from "./values.mjs";

/** @import { TreeNode } from "./node-tree.mjs" */
/** @import { Catalog } from "./server.mjs" */
/** @import { Json, Known } from "./values.mjs" */

/**
 * @typedef {object} Around
 * @property {TreeNode} query
 * @property {Around | undefined} outer
 * @property {Set<string>} facts columns that are known not to be null here
 * @property {Map<string, Set<string>>} labels what enum columns are known to be here
 */

/** Reads the columns of one statement. */
export class ColumnReader {
  #catalog;
  #values;
  /** @type {Map<TreeNode, Known[]>} */
  #recursive = new Map();

  /**
   * @param {Catalog} catalog
   * @param {(number: number) => { nullable: boolean, items: boolean, record?: Map<string, boolean> | undefined }} values whether
   *   `$n`, an element of it, or a field of the records that it is as JSON, may be null
   */
  constructor(catalog, values) {
    this.#catalog = catalog;
    this.#values = values;
  }

  /** The columns of a query in their order. @param {TreeNode} query @param {Around} [outer] @returns {Known[]} */
  columns(query, outer) {
    const around = { query, outer, ...factsOf(query, this.#catalog) };
    const sets = nodeIn(query, "setOperations");
    if (sets) return this.#united(sets, around);
    const isSelect = numberIn(query, "commandType") === 1;
    return this.#targets(query, isSelect ? "targetList" : "returningList").map((target) =>
      this.#known(nodeIn(target, "expr"), around),
    );
  }

  /** @param {TreeNode} query @param {string} list */
  #targets(query, list) {
    return nodesIn(query, list).filter((target) => target.fields.resjunk !== true);
  }

  /** The names of the columns of a query. @param {TreeNode} query */
  #names(query) {
    const isSelect = numberIn(query, "commandType") === 1;
    return this.#targets(query, isSelect ? "targetList" : "returningList").map((target) => textIn(target, "resname"));
  }

  /** UNION and the like. @param {TreeNode} node @param {Around} around @returns {Known[]} */
  #united(node, around) {
    if (node.type === "RANGETBLREF") {
      const part = nodeIn(this.#entry(around, numberIn(node, "rtindex")), "subquery");
      return part ? this.columns(part, around) : [];
    }
    const left = nodeIn(node, "larg");
    const right = nodeIn(node, "rarg");
    const first = left ? this.#united(left, around) : [];
    if (numberIn(node, "op") !== 1 || !right) return first; // INTERSECT, EXCEPT: rows of the first
    const second = this.#united(right, around);
    return first.map((known, index) => either([known, second[index] ?? { nullable: true }]));
  }

  /** @param {Around} around @param {number} index */
  #entry(around, index) {
    const entry = nodesIn(around.query, "rtable")[index - 1];
    if (!entry) throw new Error(`PostgreSQL's tree names a table ${index} that it does not have.`);
    return entry;
  }

  /** @param {TreeNode | undefined} node @param {Around} around @returns {Known} */
  #known(node, around) {
    if (!node) return { nullable: true };
    const arg = nodeIn(node, "arg");
    const args = nodesIn(node, "args");
    const each = () => args.map((item) => this.#known(item, around));
    switch (node.type) {
      case "VAR":
        return this.#column(node, around);
      case "CONST":
        return this.#constant(node);
      case "PARAM": {
        const { nullable, items } = this.#values(numberIn(node, "paramid"));
        return { nullable, items };
      }
      case "RELABELTYPE":
      case "COERCEVIAIO":
      case "ARRAYCOERCEEXPR":
      case "COLLATEEXPR": {
        const { nullable, labels, possible, items, json } = this.#known(arg, around);
        return {
          nullable,
          labels,
          possible,
          items,
          json: this.#isJson(numberIn(node, "resulttype")) ? json : undefined,
        };
      }
      case "COALESCEEXPR":
      case "MINMAXEXPR": {
        const known = each();
        return { ...either(known), nullable: known.every(({ nullable }) => nullable) };
      }
      case "CASEEXPR":
        return this.#choice(node, around);
      case "BOOLEXPR":
        return { nullable: this.#isUnsure(node, around) };
      case "NULLTEST":
      case "BOOLEANTEST":
      case "DISTINCTEXPR":
      case "ROWEXPR":
      case "SQLVALUEFUNCTION":
      case "NEXTVALUEEXPR":
        return { nullable: false };
      case "ARRAYEXPR":
      case "ARRAY": {
        const parts = nodesIn(node, "elements").map((item) => this.#known(item, around));
        return { nullable: false, items: parts.some(({ nullable }) => nullable) };
      }
      case "OPEXPR":
      case "SCALARARRAYOPEXPR":
      case "FUNCEXPR":
        return this.#call(node, around);
      case "AGGREF":
      case "WINDOWFUNC":
        return this.#aggregate(node, around);
      case "SUBLINK":
        return this.#subquery(node, around);
      default:
        return { nullable: true };
    }
  }

  /** @param {TreeNode} node @returns {Known} */
  #constant(node) {
    if (node.fields.constisnull === true) return { nullable: true, labels: [], json: undefined };
    const type = this.#catalog.types.get(numberIn(node, "consttype"));
    const label = type?.kind === "enum" ? this.#catalog.labels.get(oidConstant(node) ?? 0) : undefined;
    if (label !== undefined) return { nullable: false, labels: [label] };
    if (type?.name === "text" || type?.name === "unknown") {
      const text = textConstant(node);
      return { nullable: false, labels: text === undefined ? undefined : [text] };
    }
    if (!type || type.element === 0) return { nullable: false };
    // The bytes of a list: length, dimensions, and where its values begin when there are nulls among them.
    const bytes = numbersIn(node, "constvalue");
    return {
      nullable: false,
      items: bytes.slice(8, 12).some((byte) => byte !== 0),
      labels: bytes[4] === 0 ? [] : undefined,
    };
  }

  /** @param {TreeNode} node @param {Around} around @returns {Known} */
  #choice(node, around) {
    /** @type {Known[]} */
    const results = [];
    let { facts } = around;
    for (const when of nodesIn(node, "args")) {
      const condition = nodeIn(when, "expr");
      const then = union([facts, knownWhenTrue(condition, this.#catalog)]);
      results.push(this.#known(nodeIn(when, "result"), { ...around, facts: then }));
      // A condition that is null goes on to the next as a false one does.
      if (!this.#known(condition, { ...around, facts }).nullable)
        facts = union([facts, knownWhenFalse(condition, this.#catalog)]);
    }
    const otherwise = nodeIn(node, "defresult");
    results.push(otherwise ? this.#known(otherwise, { ...around, facts }) : { nullable: true, labels: [] });
    return either(results);
  }

  /** Whether AND, OR or NOT may answer null. @param {TreeNode} node @param {Around} around */
  #isUnsure(node, around) {
    const args = nodesIn(node, "args");
    const isAnd = textIn(node, "boolop") === "and";
    if (textIn(node, "boolop") === "not") return this.#known(args[0], around).nullable;
    // `x IS NOT NULL AND x = 1`: where the sure part leaves the other to decide, it has told that x is there.
    const told = isAnd ? knownWhenTrue : knownWhenFalse;
    const sure = args.filter((arg) => !this.#known(arg, around).nullable);
    const facts = union([around.facts, ...sure.map((arg) => told(arg, this.#catalog))]);
    return args.some((arg) => this.#known(arg, { ...around, facts }).nullable);
  }

  /** @param {TreeNode} node @param {Around} around @returns {Known} */
  #call(node, around) {
    const called = this.#catalog.functions.get(numberIn(node, node.type === "FUNCEXPR" ? "funcid" : "opfuncid"));
    const args = nodesIn(node, "args");
    const known = args.map((arg) => this.#known(arg, around));
    const name = called?.name ?? "";
    if (name === "jsonb_build_object") return { nullable: false, json: this.#object(args, known) };
    if (name === "jsonb_concat") {
      const [first, second] = known.map(({ json }) => json);
      const isList = first && (first.kind === "object" || first.kind === "list") && second?.kind === "list";
      return { nullable: known.some(({ nullable }) => nullable), json: isList ? second : undefined };
    }
    if (name === "unnest") return { nullable: known.some(({ items }) => items !== false) };
    if (node.type === "SCALARARRAYOPEXPR")
      return { nullable: known.some(({ nullable }) => nullable) || known[1]?.items === true };
    const isSure = called !== undefined && isTotal(node, name, this.#isJson(typeOf(args[0])));
    return { nullable: !isSure || ((called?.strict ?? false) && known.some(({ nullable }) => nullable)) };
  }

  /** `jsonb_build_object('key', value, …)` @param {TreeNode[]} args @param {Known[]} known @returns {Json | undefined} */
  #object(args, known) {
    /** @type {Map<string, Json & { nullable: boolean }>} */
    const fields = new Map();
    for (let index = 0; index < args.length; index += 2) {
      const key = args[index];
      const value = known[index + 1];
      const name = key && (textConstant(key) ?? textConstantBelow(key));
      if (name === undefined || !value) return undefined;
      fields.set(name, this.#jsonOf(value, typeOf(args[index + 1])));
    }
    return { kind: "object", fields };
  }

  /** How a value stands in JSON. @param {Known} known @param {number} type @returns {Json & { nullable: boolean }} */
  #jsonOf(known, type) {
    const { nullable, labels, possible, json } = known;
    if (type < 0)
      return { kind: "list", of: this.#jsonOf({ nullable: known.items === true, labels, possible }, -type), nullable };
    const { name = "", element = 0 } = this.#catalog.types.get(type) ?? {};
    if (this.#isJson(type)) return { .../** @type {Json} */ (json ?? { kind: "any" }), nullable };
    if (element !== 0)
      return {
        kind: "list",
        of: this.#jsonOf({ nullable: known.items === true, labels, possible }, element),
        nullable,
      };
    if (name === "bool") return { kind: "boolean", nullable };
    if (/^(int2|int4|int8|float4|float8|numeric|oid)$/.test(name)) return { kind: "number", nullable };
    if (type === 2249 || json) return { .../** @type {Json} */ (json ?? { kind: "any" }), nullable };
    return { kind: "string", labels, possible, nullable };
  }

  /** @param {number} type */
  #isJson(type) {
    return /^jsonb?$/.test(this.#catalog.types.get(type)?.name ?? "");
  }

  /** @param {TreeNode} node @param {Around} around @returns {Known} */
  #aggregate(node, around) {
    const isAggregate = node.type === "AGGREF";
    const name = this.#catalog.functions.get(numberIn(node, isAggregate ? "aggfnoid" : "winfnoid"))?.name ?? "";
    if (ALWAYS.has(name) || (!isAggregate && WINDOWED.has(name))) return { nullable: false };
    const [first] = nodesIn(node, "args");
    const given = first?.type === "TARGETENTRY" ? nodeIn(first, "expr") : first;
    const known = this.#known(given, around);
    const isFiltered = nodeIn(node, "aggfilter") !== undefined;
    // Every group, and every window, has at least the row that made it.
    const hasRow = isAggregate
      ? nodesIn(around.query, "groupClause").length > 0 && nodesIn(around.query, "groupingSets").length === 0
      : ["min", "max", "sum", "avg"].includes(name) && hasWholeFrame(node, around.query);
    const growing = GROWING.has(name);
    const json = name === "jsonb_agg" || name === "json_agg" ? this.#jsonOf(known, typeOf(given)) : undefined;
    return {
      nullable: isFiltered || !hasRow || (known.nullable && !growing),
      labels: growing ? known.labels : undefined,
      possible: growing ? known.possible : undefined,
      items: growing ? known.nullable : undefined,
      json: json ? { kind: "list", of: json } : undefined,
    };
  }

  /** @param {TreeNode} node @param {Around} around @returns {Known} */
  #subquery(node, around) {
    const kind = numberIn(node, "subLinkType");
    const query = nodeIn(node, "subselect");
    if (kind === 0 || !query) return { nullable: false };
    const [first = { nullable: true }] = this.columns(query, around);
    if (kind === 6) return { nullable: false, labels: first.labels, possible: first.possible, items: first.nullable };
    if (kind !== 4) return { nullable: true };
    // One row for certain: an aggregate over all, without a condition that could take it away.
    const isSure =
      query.fields.hasAggs === true &&
      nodesIn(query, "groupClause").length === 0 &&
      !nodeIn(query, "havingQual") &&
      !nodeIn(query, "limitOffset") &&
      !nodeIn(query, "limitCount");
    return { ...first, source: undefined, nullable: !isSure || first.nullable };
  }

  /** @param {TreeNode} node @param {Around} given @returns {Known} */
  #column(node, given) {
    let around = given;
    for (let up = numberIn(node, "varlevelsup"); up > 0; up--) if (around.outer) around = around.outer;
    const entry = this.#entry(around, numberIn(node, "varno"));
    const number = numberIn(node, "varattno");
    const known = number === 0 ? this.#row(entry, around) : this.#ofEntry(entry, number, around);
    const key = keyOf({ ...node, fields: { ...node.fields, varlevelsup: 0 } });
    const isTold = around.facts.has(key) || given.facts.has(keyOf(node));
    const isNulled = numbersIn(node, "varnullingrels").length > 0;
    const told = around.labels.get(key);
    return {
      ...known,
      nullable: !isTold && (known.nullable || isNulled),
      always: known.always === true && !isNulled,
      labels: told ? known.labels?.filter((label) => told.has(label)) : known.labels,
    };
  }

  /** A whole row. @param {TreeNode} entry @param {Around} around @returns {Known} */
  #row(entry, around) {
    const query = nodeIn(entry, "subquery");
    if (numberIn(entry, "rtekind") !== 1 || !query) return { nullable: false };
    const columns = this.columns(query, around);
    const types = this.#targets(query, "targetList").map((target) => typeOf(nodeIn(target, "expr")));
    const fields = this.#names(query).map((name, index) => {
      const known = columns[index] ?? { nullable: true };
      return /** @type {const} */ ([name, this.#jsonOf(known, types[index] ?? 0)]);
    });
    return { nullable: false, json: { kind: "object", fields: new Map(fields) } };
  }

  /** @param {TreeNode} entry @param {number} number @param {Around} around @returns {Known} */
  #ofEntry(entry, number, around) {
    switch (numberIn(entry, "rtekind")) {
      case 0: {
        const column = this.#catalog.columns.get(`${numberIn(entry, "relid")}.${number}`);
        const type = this.#catalog.types.get(column?.type ?? 0);
        const element = type && type.element !== 0 ? this.#catalog.types.get(type.element) : type;
        return {
          nullable: !column?.notNull && number > 0,
          always: column?.notNull,
          labels: element?.kind === "enum" ? element.labels : undefined,
          possible: element?.kind === "enum" ? element.labels : undefined,
          source: column ? `${column.table}.${column.name}` : undefined,
          items: false, // PostgreSQL has no word for it; ours hold none
        };
      }
      case 1: {
        const query = nodeIn(entry, "subquery");
        return (query && this.columns(query, around)[number - 1]) ?? { nullable: true };
      }
      case 2: {
        const alias = nodesIn(entry, "joinaliasvars")[number - 1];
        return alias ? this.#known(alias, around) : { nullable: true };
      }
      case 3:
        return this.#ofFunctions(entry, number, around);
      case 5: {
        const lists = entry.fields.values_lists;
        const rows = Array.isArray(lists) ? lists : [];
        return either(
          rows.map((row) => {
            const value = Array.isArray(row) ? row[number - 1] : undefined;
            return this.#known(isNode(value) ? value : undefined, around);
          }),
        );
      }
      case 6:
        return this.#ofExpression(entry, number, around);
      case 9:
        return this.#known(nodesIn(entry, "groupexprs")[number - 1], around);
      default:
        return { nullable: true };
    }
  }

  /** A function in FROM. @param {TreeNode} entry @param {number} number @param {Around} around @returns {Known} */
  #ofFunctions(entry, number, around) {
    const functions = nodesIn(entry, "functions");
    const counts = functions.map((item) => numberIn(item, "funccolcount"));
    const width = counts.reduce((sum, count) => sum + count, 0);
    if (number > width) return { nullable: false }; // WITH ORDINALITY
    const [only] = functions;
    const call = only && nodeIn(only, "funcexpr");
    if (functions.length === 1 && call && numberIn(entry, "lateral") === 0) {
      const record = this.#recordsOf(call);
      const name = namesOf(entry)[number - 1];
      if (record && name !== undefined) return { nullable: record.get(name) ?? true };
    }
    // Of several the shorter ones are filled up with nulls.
    if (functions.length > 1 || !call || width > 1) return { nullable: true };
    return this.#known(call, around);
  }

  /** The fields of what `jsonb_to_recordset` is given. @param {TreeNode} call */
  #recordsOf(call) {
    const name = this.#catalog.functions.get(numberIn(call, "funcid"))?.name;
    let [given] = nodesIn(call, "args");
    while (given && ["RELABELTYPE", "COERCEVIAIO"].includes(given.type)) given = nodeIn(given, "arg");
    if (name !== "jsonb_to_recordset" || given?.type !== "PARAM") return undefined;
    return this.#values(numberIn(given, "paramid")).record;
  }

  /** WITH. @param {TreeNode} entry @param {number} number @param {Around} given @returns {Known} */
  #ofExpression(entry, number, given) {
    /** @type {Around | undefined} */
    let around = given;
    for (let up = numberIn(entry, "ctelevelsup"); up > 0; up--) around = around?.outer;
    const name = textIn(entry, "ctename");
    const found = around && nodesIn(around.query, "cteList").find((item) => textIn(item, "ctename") === name);
    const query = found && nodeIn(found, "ctequery");
    if (!query) return { nullable: true };
    const reading = this.#recursive.get(query);
    if (reading) return reading[number - 1] ?? { nullable: false };
    // One that reads itself is read until nothing new becomes null.
    /** @type {Known[]} */
    let columns = [];
    try {
      for (let before = ""; ;) {
        this.#recursive.set(query, columns);
        columns = this.columns(query, around);
        const now = columns.map(({ nullable }) => nullable).join();
        if (now === before || found.fields.cterecursive !== true) break;
        before = now;
      }
    } finally {
      this.#recursive.delete(query);
    }
    return { ...columns[number - 1], nullable: columns[number - 1]?.nullable ?? true };
  }
}

/**
 * What is told of the rows that a query answers with. What an UPDATE sets is told by nothing that held before.
 * @param {TreeNode} query
 * @param {Catalog} catalog
 */
function factsOf(query, catalog) {
  const conditions = conditionsOf(query);
  const facts = union(conditions.map((condition) => knownWhenTrue(condition, catalog)));
  const labels = bothLabels(conditions.map((condition) => labelsWhenTrue(condition, catalog)));
  const isUpdate = numberIn(query, "commandType") === 2;
  const set = (isUpdate ? nodesIn(query, "targetList") : []).map(
    (target) => `/${numberIn(query, "resultRelation")}.${numberIn(target, "resno")}/`,
  );
  const holds = (/** @type {string} */ key) => !set.some((column) => key.includes(column));
  return { facts: new Set([...facts].filter(holds)), labels: new Map([...labels].filter(([key]) => holds(key))) };
}

/** Whether a window has no frame of its own, which might leave the row itself out. @param {TreeNode} node @param {TreeNode} query */
function hasWholeFrame(node, query) {
  const clause = nodesIn(query, "windowClause").find((item) => numberIn(item, "winref") === numberIn(node, "winref"));
  return clause !== undefined && (numberIn(clause, "frameOptions") & 1) === 0;
}

/** The names of the columns of a table in FROM. @param {TreeNode} entry */
function namesOf(entry) {
  const alias = nodeIn(entry, "eref");
  const names = alias?.fields.colnames;
  return Array.isArray(names) ? names.map(String) : [];
}
