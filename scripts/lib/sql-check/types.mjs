// TypeScript's types as far as they matter here: what kind of value, null or not, which labels.
import ts from "typescript";

/**
 * @typedef {"string" | "number" | "bigint" | "boolean" | "date" | "bytes" | "decimal" | "list" | "object" | "any" | "mixed"} Kind
 * @typedef {object} Shape
 * @property {Kind} kind
 * @property {boolean} nullable
 * @property {boolean} optional as a field: it may be absent
 * @property {string[] | undefined} labels of a union of literals; undefined for a plain string
 * @property {Shape | undefined} element of a list
 * @property {string} text as the code says it
 * @property {ts.Type} type
 */

const { TypeFlags } = ts;
const CLASSES = new Map(
  /** @type {[string, Kind][]} */ ([
    ["Date", "date"],
    ["Uint8Array", "bytes"],
    ["Buffer", "bytes"],
    ["Decimal", "decimal"],
  ]),
);

/**
 * @param {ts.Type} type
 * @param {ts.TypeChecker} checker
 * @returns {Shape}
 */
export function shapeOf(type, checker) {
  const parts = type.isUnion() ? type.types : [type];
  const empty = TypeFlags.Null | TypeFlags.Undefined | TypeFlags.Void;
  const values = parts.filter((part) => !(part.flags & empty));
  const kinds = new Set(values.map((part) => kindOf(part, checker)));
  const [first = /** @type {Kind} */ ("any")] = kinds;
  const kind = kinds.size > 1 ? "mixed" : first;
  const literals = values.flatMap((part) => (part.isStringLiteral() ? [part.value] : []));
  const [only] = values;
  const elements = kind === "list" && only ? elementOf(values, checker) : undefined;
  return {
    kind,
    nullable: values.length < parts.length,
    optional: false,
    labels: kind === "string" && values.length > 0 && literals.length === values.length ? literals : undefined,
    element: elements && shapeOf(elements, checker),
    text: checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation),
    type,
  };
}

/** @param {ts.Type[]} values @param {ts.TypeChecker} checker */
function elementOf(values, checker) {
  const elements = values.flatMap((value) => value.getNumberIndexType() ?? []);
  return elements.find((element) => !(element.flags & TypeFlags.Never)) ?? elements[0] ?? checker.getNeverType();
}

/** @param {ts.Type} type @param {ts.TypeChecker} checker @returns {Kind} */
function kindOf(type, checker) {
  if (type.flags & (TypeFlags.Any | TypeFlags.Unknown | TypeFlags.Never)) return "any";
  if (type.flags & TypeFlags.StringLike) return "string";
  if (type.flags & TypeFlags.NumberLike) return "number";
  if (type.flags & TypeFlags.BigIntLike) return "bigint";
  if (type.flags & TypeFlags.BooleanLike) return "boolean";
  if (type.flags & TypeFlags.TypeParameter) {
    const constraint = checker.getBaseConstraintOfType(type);
    return constraint ? shapeOf(constraint, checker).kind : "any";
  }
  if (type.isIntersection()) {
    const kinds = type.types.map((part) => kindOf(part, checker)); // a branded string
    return kinds.find((kind) => kind !== "object" && kind !== "any") ?? "object";
  }
  if (checker.isArrayLikeType(type)) return "list";
  return CLASSES.get(type.getSymbol()?.name ?? "") ?? "object";
}

/**
 * The fields of a row or an object, by name. Of a union each field is what it is in any of its parts.
 * @param {ts.Type} given
 * @param {ts.TypeChecker} checker
 * @returns {Map<string, Shape>}
 */
export function fieldsOf(given, checker) {
  const type = checker.getNonNullableType(given);
  const parts = type.isUnion() ? type.types : [type];
  const names = new Set(parts.flatMap((part) => checker.getPropertiesOfType(part).map(({ name }) => name)));
  return new Map(
    [...names].map((name) => {
      const common = checker.getPropertyOfType(type, name);
      const property = common ?? parts.flatMap((part) => checker.getPropertyOfType(part, name) ?? [])[0];
      const optional = !common || (common.flags & ts.SymbolFlags.Optional) !== 0;
      const found = property && checker.getTypeOfSymbol(property);
      return [name, { ...shapeOf(found ?? checker.getAnyType(), checker), optional }];
    }),
  );
}
