// No sentence for people or programs stands in the code: it is named by its key, with what the sentence needs.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import api from "./en/api.json";

/** Several words that begin as a sentence does. */
const SENTENCE = /^\p{Lu}[\p{Ll}’']*(?:[ ,]+\S+)+/u;

/** What people do not read: defects, logs, metrics, the description of the interface, SQL. */
const UNREAD_CALLS = /(?:^|\.)(?:\w*Error|describe|error|warn|info|debug|counter|gauge|histogram|raw|sql)$/;
const UNREAD_PROPERTIES = ["description", "summary"];
/** Machinery, which speaks to operators through logs and metrics, and the kit of the design system. */
const UNREAD_ROOMS = ["lib/platform/", "app/kit/"];
/** What its maker calls it in every language. */
const NAMES = ["Samsung Internet"];

function productFiles(): string[] {
  return execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "lib", "app", "proxy.ts"], {
    encoding: "utf8",
  })
    .split("\n")
    .filter((file) => /(?<!\.test|\.d)\.tsx?$/.test(file) && !file.includes("/generated/") && fs.existsSync(file));
}

const parse = (file: string, text: string) => ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);

function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* nodesOf(child);
}

/** The sentences that a source says by itself. */
function sentencesIn(source: ts.SourceFile): string[] {
  const texts = [...nodesOf(source)].filter(
    (node) => ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node),
  );
  return texts
    .filter((node) => !isUnread(node))
    .flatMap((node) => {
      const text = ts.isTemplateExpression(node) ? node.getText().slice(1, -1) : (node as ts.StringLiteral).text;
      return SENTENCE.test(text) && !NAMES.includes(text) ? [text] : [];
    });
}

function isUnread(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at && !ts.isSourceFile(at); at = at.parent) {
    const parent: ts.Node = at.parent;
    if (ts.isTaggedTemplateExpression(at) || ts.isJsxAttribute(at)) return true;
    if ((ts.isCallExpression(at) || ts.isNewExpression(at)) && UNREAD_CALLS.test(at.expression.getText())) return true;
    if (
      ts.isPropertyAssignment(parent) &&
      parent.initializer === at &&
      UNREAD_PROPERTIES.includes(parent.name.getText())
    )
      return true;
  }
  return false;
}

type Named = { key: string; values: string[] | null };

/** The keys of sentences that a source names, each with the names of the values that it gives. */
function namedIn(source: ts.SourceFile): Named[] {
  return [...nodesOf(source)].flatMap((node): Named[] => {
    if (!ts.isCallExpression(node) || !/^say(?:In)?$/.test(node.expression.getText())) return [];
    const [key, values] = node.arguments;
    if (!key || !ts.isStringLiteral(key)) return [];
    if (!values) return [{ key: key.text, values: [] }];
    if (!ts.isObjectLiteralExpression(values)) return [{ key: key.text, values: null }];
    return [{ key: key.text, values: values.properties.map((property) => property.name?.getText() ?? "") }];
  });
}

/** The values that a sentence of the English catalogue needs. */
function needed(key: string): string[] {
  const [group, name] = key.split(".") as ["detail" | "field", never];
  return [...String(api[group][name]).matchAll(/\{(\w+)[,}]/g)].map(([, value]) => String(value)).toSorted();
}

const sources = productFiles().map((file) => parse(file, fs.readFileSync(file, "utf8")));

describe("sentences", () => {
  test("in code are found: in a detail, a kind, a schema", () => {
    const code = `
      throw new AppError("not_found", { detail: "Check the id." });
      const kind = { words: (data) => ({ title: \`You were absent from \${data.section}\`, body: "Physics" }) };
      z.string().min(1, "Enter a name");
      throw new Error("Nobody reads this");
      log().info("Nor this one");`;
    expect(sentencesIn(parse("x.ts", code.replace("AppError", "Outcome")))).toEqual([
      "Check the id.",
      "You were absent from ${data.section}",
      "Enter a name",
    ]);
  });

  test("are all in the catalogues", () => {
    const read = sources.filter(({ fileName }) => !UNREAD_ROOMS.some((room) => fileName.startsWith(room)));
    const own = read.flatMap((source) => sentencesIn(source).map((text) => `${source.fileName}: ${text}`));
    expect(own).toEqual([]);
  });

  test("get the values that they need, and no others", () => {
    const named = sources.flatMap((source) => namedIn(source));
    expect(named.length).toBeGreaterThan(100);
    const wrong = named.filter(
      ({ key, values }) => values !== null && String(values.toSorted()) !== String(needed(key)),
    );
    expect(wrong).toEqual([]);
  });

  test("of the interface are each said somewhere", () => {
    const text = sources.map((source) => source.text).join("\n");
    const unsaid = (["detail", "field"] as const).flatMap((group) =>
      Object.keys(api[group])
        .map((name) => `${group}.${name}`)
        .filter((key) => !text.includes(`"${key}"`)),
    );
    expect(unsaid).toEqual([]);
  });
});
