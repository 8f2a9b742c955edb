import { expect, it } from "vitest";
import { nodeIn, nodesIn, numberIn, numbersIn, oidConstant, readTree, textConstant, textIn } from "./node-tree.mjs";

it("reads nodes, lists, numbers, names and what is not there", () => {
  const tree = readTree(`{QUERY :commandType 1 :utilityStmt <> :hasAggs true :rels (b 3 12) :none (b) :boolop and
    :targetList ({TARGETENTRY :resname a\\ \\{b :resno -1} {TARGETENTRY :resname <> :resno 2})
    :colnames ("id" "true" "with \\"quotes\\"") :jointree {FROMEXPR :quals <>}}`);
  expect(tree.type).toBe("QUERY");
  expect([tree.fields.hasAggs, tree.fields.utilityStmt, textIn(tree, "boolop")]).toEqual([true, null, "and"]);
  expect([numbersIn(tree, "rels"), numbersIn(tree, "none"), numberIn(tree, "commandType")]).toEqual([[3, 12], [], 1]);
  const targets = nodesIn(tree, "targetList");
  expect(targets.map((target) => [textIn(target, "resname"), numberIn(target, "resno")])).toEqual([
    ["a {b", -1],
    ["", 2],
  ]);
  expect(tree.fields.colnames).toEqual(["id", "true", 'with "quotes"']);
  expect([nodeIn(tree, "jointree")?.type, nodeIn(tree, "utilityStmt"), nodesIn(tree, "missing")]).toEqual([
    "FROMEXPR",
    undefined,
    [],
  ]);
});

it("finds a name that the server broke over two lines", () => {
  expect(textIn(readTree("{VAR :name one\\\ntwo :next 1}"), "name")).toBe("one two");
});

it.each([
  ["{CONST :constlen -1 :constisnull false :constvalue 8 [ 32 0 0 0 115 101 195 169 ]}", "seé"],
  ["{CONST :constlen -1 :constisnull false :constvalue 3 [ 7 111 107 ]}", "ok"],
  ["{CONST :constlen -2 :constisnull false :constvalue 3 [ 111 107 0 ]}", "ok"],
  ["{CONST :constlen -1 :constisnull false :constvalue 6 [ 24 0 0 0 -61 -87 ]}", "é"],
  ["{CONST :constlen 4 :constisnull false :constvalue 4 [ 1 0 0 0 0 0 0 0 ]}", undefined],
  ["{CONST :constlen -1 :constisnull true :constvalue <>}", undefined],
  ["{VAR :varno 1}", undefined],
])("reads the text of %s", (text, expected) => {
  expect(textConstant(readTree(text))).toBe(expected);
});

it("reads the number that stands for a label", () => {
  expect(oidConstant(readTree("{CONST :constisnull false :constvalue 4 [ 18 64 0 -128 0 0 0 0 ]}"))).toBe(0x80004012);
  expect(oidConstant(readTree("{CONST :constisnull true :constvalue <>}"))).toBeUndefined();
});

it("says so when there is no tree", () => {
  expect(() => readTree("{VAR :varno")).toThrow("ends too early");
  expect(() => readTree("nothing")).toThrow("no tree");
});
