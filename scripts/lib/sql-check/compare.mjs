// Holds what PostgreSQL says against what the code says, and tells in a sentence what does not fit and how to mend it.
import { fieldsOf } from "./types.mjs";

/** @import ts from "typescript" */
/** @import { Catalog } from "./server.mjs" */
/** @import { Kind, Shape } from "./types.mjs" */
/** @import { Json, Known } from "./values.mjs" */

/**
 * A column as it comes: name, type, and what is known of its values.
 * @typedef {{ name: string, type: number, known: Known }} Column
 * @typedef {{ column: string, text: string }} Problem
 */

/** What a driver makes of a type. @type {Record<"prisma" | "pg", [RegExp, Kind][]>} */
const READ = {
  prisma: [
    [/^(text|varchar|bpchar|name|uuid|char|citext|inet|cidr|xml|bit|varbit|void)$/, "string"],
    [/^(int2|int4|float4|float8)$/, "number"],
    [/^(int8|oid)$/, "bigint"],
    [/^numeric$/, "decimal"],
    [/^bool$/, "boolean"],
    [/^(date|time|timetz|timestamp|timestamptz)$/, "date"],
    [/^bytea$/, "bytes"],
    [/^jsonb?$/, "any"],
  ],
  pg: [
    [/^(text|varchar|bpchar|name|uuid|char|citext|inet|cidr|int8|numeric|time|timetz|void|xid8)$/, "string"],
    [/^(int2|int4|float4|float8|oid)$/, "number"],
    [/^bool$/, "boolean"],
    [/^(date|timestamp|timestamptz)$/, "date"],
    [/^bytea$/, "bytes"],
    [/^jsonb?$/, "any"],
  ],
};

/** Kinds of values that may be given for a type. @type {[RegExp, Kind[]][]} */
const WRITTEN = [
  [/^(int2|int4|float4|float8|oid)$/, ["number"]],
  [/^int8$/, ["number", "bigint"]],
  [/^numeric$/, ["number", "bigint", "decimal", "string"]],
  [/^bool$/, ["boolean"]],
  [/^(timestamp|timestamptz|date|time|timetz)$/, ["date", "string"]],
  [/^bytea$/, ["bytes"]],
  [/^jsonb?$/, ["string", "object", "list"]],
  [/./, ["string"]],
];

/**
 * Holds the columns of a statement against the type of its rows.
 * @param {Column[]} columns
 * @param {ts.Type} row
 * @param {{ catalog: Catalog, checker: ts.TypeChecker, driver: "prisma" | "pg" }} context
 * @returns {Problem[]}
 */
export function compareRow(columns, row, context) {
  const fields = fieldsOf(row, context.checker);
  /** @type {Problem[]} */
  const problems = [];
  const names = new Set(columns.map(({ name }) => name));
  for (const [name, field] of fields) {
    if (!names.has(name) && !field.optional)
      problems.push({
        column: name,
        text: `the row type has it (${field.text}), the statement does not: select it, or take it out of the type`,
      });
  }
  for (const { name, type, known } of columns) {
    const field = fields.get(name);
    if (!field) {
      const text =
        name === "?column?"
          ? "it has no name: give it one with AS"
          : "the statement has it, the row type does not: add it to the type, or do not select it";
      problems.push({ column: name, text });
      continue;
    }
    problems.push(
      ...compareValue(field, type, known, context).map((text) => ({ column: name, text: from(known) + text })),
    );
  }
  return problems;
}

/** @param {Known} known */
function from({ source }) {
  return source ? `(${source}) ` : "";
}

/**
 * @param {Shape} field
 * @param {number} type
 * @param {Known} known
 * @param {{ catalog: Catalog, checker: ts.TypeChecker, driver: "prisma" | "pg" }} context
 * @returns {string[]}
 */
function compareValue(field, type, known, context) {
  const problems = [];
  if (field.kind === "any") return ["the row type leaves it open: say what it is"];
  const { name = "?", kind, element = 0, labels: all } = context.catalog.types.get(type) ?? {};
  if (known.nullable && !field.nullable)
    problems.push(`it may be null, the type ${field.text} does not say so: add \`| null\` and handle it`);
  if (known.always && field.nullable)
    problems.push(`it is never null, the type ${field.text} says it may be: take \`| null\` away`);
  if (element !== 0) {
    if (field.kind !== "list" || !field.element)
      return [...problems, `it is ${name.slice(1)}[], the type says ${field.text}: make them one`];
    const items = { nullable: known.items === true, labels: known.labels, possible: known.possible };
    return [...problems, ...compareValue(field.element, element, items, context)];
  }
  if (/^jsonb?$/.test(name)) {
    if (known.json) problems.push(...compareJson(known.json, field, context, ""));
    else if (["date", "bytes", "bigint", "decimal"].includes(field.kind))
      problems.push(`it is ${name}, which never comes as ${field.text}: make them one`);
    return problems;
  }
  const expected = kind === "enum" ? "string" : READ[context.driver].find(([names]) => names.test(name))?.[1];
  if (expected === undefined) return [...problems, `the driver cannot read the type ${name}: cast it`];
  if (field.kind !== expected)
    return [...problems, `it is ${name}, which comes as ${expected}; the type says ${field.text}: make them one`];
  const labels = known.labels ?? (kind === "enum" ? all : undefined);
  return [...problems, ...compareLabels(field.labels, labels, known.possible ?? labels)];
}

/**
 * `labels` are those that can come, `possible` those that the enum has: a type may name one that a condition keeps out.
 * @param {string[] | undefined} said @param {string[] | undefined} labels @param {string[] | undefined} possible
 */
function compareLabels(said, labels, possible = labels) {
  if (!said || !labels) return [];
  const list = (/** @type {string[]} */ names) => names.map((name) => `'${name}'`).join(", ");
  const unknown = said.filter((label) => !possible?.includes(label));
  const missing = labels.filter((label) => !said.includes(label));
  return [
    ...(unknown.length > 0
      ? [
          `the database has no ${list(unknown)}, which the type names: take it out of the union, or add it in a migration`,
        ]
      : []),
    ...(missing.length > 0 ? [`it may be ${list(missing)}, which the type leaves out: add it to the union`] : []),
  ];
}

/**
 * @param {Json} json
 * @param {Shape} field
 * @param {{ catalog: Catalog, checker: ts.TypeChecker }} context
 * @param {string} path
 * @returns {string[]}
 */
function compareJson(json, field, context, path) {
  const at = path && `${path} `;
  if (json.kind === "any" || field.kind === "any") return [];
  const expected = json.kind === "string" && field.kind === "string" ? "string" : json.kind;
  if (field.kind !== expected) return [`${at}is JSON ${json.kind}, the type says ${field.text}: make them one`];
  if (json.kind === "string") return compareLabels(field.labels, json.labels, json.possible).map((text) => at + text);
  if (json.kind === "list") {
    const problems = field.element ? compareJson(json.of, field.element, context, `${path}[]`) : [];
    if (json.of.nullable && field.element && !field.element.nullable)
      problems.push(
        `${path}[] may be null, the type ${field.element.text} does not say so: add \`| null\` and handle it`,
      );
    return problems;
  }
  if (json.kind !== "object") return [];
  const fields = fieldsOf(field.type, context.checker);
  const problems = [];
  for (const [name, inner] of fields)
    if (!json.fields.has(name) && !inner.optional)
      problems.push(`${path}.${name} is in the type (${inner.text}), not in the JSON: make them one`);
  for (const [name, inner] of json.fields) {
    const said = fields.get(name);
    if (!said) {
      problems.push(`${path}.${name} is in the JSON, not in the type: make them one`);
      continue;
    }
    problems.push(...compareJson(inner, said, context, `${path}.${name}`));
    if (inner.nullable && !said.nullable)
      problems.push(`${path}.${name} may be null, the type ${said.text} does not say so: add \`| null\` and handle it`);
  }
  return problems;
}

/**
 * Whether a value may be given for a parameter; answers what is wrong, or nothing.
 * @param {Shape} value
 * @param {number} type
 * @param {Catalog} catalog
 * @returns {string | undefined}
 */
export function compareParameter(value, type, catalog) {
  const { name = "?", kind, element = 0, labels = [] } = catalog.types.get(type) ?? {};
  if (value.kind === "any") return undefined; // null alone, or what the code leaves open
  if (element !== 0) {
    if (value.kind !== "list" || !value.element)
      return `PostgreSQL wants ${name.slice(1)}[], the code gives ${value.text}: give a list, or cast it`;
    return compareParameter(value.element, element, catalog);
  }
  if (kind === "enum" && value.labels) {
    const unknown = value.labels.filter((label) => !labels.includes(label));
    if (unknown.length > 0)
      return `the enum ${name} has no ${unknown.map((label) => `'${label}'`).join(", ")}: take it out of the type ${value.text}, or add it in a migration`;
  }
  const allowed = WRITTEN.find(([names]) => names.test(name))?.[1] ?? [];
  return allowed.includes(value.kind)
    ? undefined
    : `PostgreSQL wants ${name}, the code gives ${value.text}: convert one of them`;
}
