import fs from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { ERROR_CODES } from "@/lib/shared/errors";
import api from "./en/api.json";

const catalogues = path.join(import.meta.dirname, "en");

/** The right column of the table under "Words" in docs/design.md: what no sentence for people may say. */
function bannedWords(): string[] {
  const design = fs.readFileSync(path.join(import.meta.dirname, "../docs/design.md"), "utf8");
  const words = design.slice(design.indexOf("## Words"), design.indexOf("## Status"));
  const rows = words.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| say"));
  return rows.flatMap((row) => (row.split("|")[2] ?? "").split("·").map((word) => word.trim()));
}

function* sentences(node: unknown, at: string): Generator<[string, string]> {
  if (typeof node === "string") yield [at, node];
  else if (typeof node === "object" && node !== null)
    for (const [key, value] of Object.entries(node)) yield* sentences(value, `${at}.${key}`);
}

const all = fs
  .readdirSync(catalogues)
  .filter((file) => file.endsWith(".json"))
  .flatMap((file) => [...sentences(JSON.parse(fs.readFileSync(path.join(catalogues, file), "utf8")), file)]);

/** Where `word` is said: whole words, whatever their case. */
const placesOf = (word: string, lines: readonly [string, string][]): string[] => {
  const escaped = word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const start = /^[\p{L}\p{N}]/u.test(word) ? String.raw`(?<![\p{L}\p{N}])` : "";
  const pattern = new RegExp(String.raw`${start}${escaped}(?![\p{L}\p{N}])`, "iu");
  return lines.filter(([, sentence]) => pattern.test(sentence)).map(([at, sentence]) => `${at}: ${sentence}`);
};

describe("words", () => {
  const words = bannedWords();

  test("the list of words is read", () => {
    expect(words).toContain("told");
    expect(words.length).toBeGreaterThan(20);
    expect(all.length).toBeGreaterThan(500);
  });

  test("a banned word is found in a sentence", () => {
    expect(placesOf("told", [["x", "Guardians are Told now."]])).toHaveLength(1);
    expect(placesOf("} %", [["x", "({percent} %)"]])).toHaveLength(1);
    expect(placesOf("told", [["x", "Untoldable"]])).toEqual([]);
  });

  test.each(words)("no sentence says “%s”", (word) => {
    expect(placesOf(word, all)).toEqual([]);
  });

  test("each code of an error has a title, and no other has", () => {
    expect(Object.keys(api.title).sort()).toEqual(Object.keys(ERROR_CODES).sort());
  });

  test("sentences have typographic apostrophes, one space between words, and no exclamation marks", () => {
    const faults = all.filter(([, text]) => /\p{L}'\p{L}|[^\n ] {2,}[^ ]|!/u.test(text) && !text.includes("--dry-run"));
    expect(faults).toEqual([]);
  });
});
