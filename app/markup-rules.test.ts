import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.join(import.meta.dirname, "..");

function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
    .map((file) => path.join(folder, file));
}

const edge = String.raw`(?<=["'\x60\s:!(])-?`;

interface Rule {
  name: string;
  why: string;
  pattern: RegExp;
  except?: readonly string[];
}

const rules: Rule[] = [
  {
    name: "raw colours",
    why: "colours are tokens, so that both themes and the contrast test know them",
    pattern: /#[0-9a-f]{3}(?:[0-9a-f]{3}(?:[0-9a-f]{2})?)?(?=["'\s;\])])|\b(?:rgba?|hsla?|oklch)\(/i,
    // theme-color and the manifest know no variables; a mail client knows neither.
    except: ["components/patterns/shell/theme.ts"],
  },
  {
    name: "the default palette and dark:",
    why: "tokens carry both themes",
    pattern: new RegExp(
      `${edge}(?:(?:bg|text|border|fill|stroke|ring|accent)-(?:white|black|(?:gray|slate|zinc|neutral|stone|red|orange|amber|yellow|lime|green|emerald|teal|cyan|sky|blue|indigo|violet|purple|fuchsia|pink|rose)-\\d+)|dark:(?=[a-z[-]))`,
    ),
  },
  {
    name: "physical directions",
    why: "the page must turn round for right-to-left languages",
    pattern: new RegExp(
      `${edge}(?:(?:ml|mr|pl|pr|scroll-ml|scroll-mr|scroll-pl|scroll-pr)-(?:\\d|px|auto|\\[|\\()|(?:left|right)-(?:\\d|px|auto|full|\\[|\\()|text-(?:left|right)\\b|float-(?:left|right)\\b|(?:border|rounded)-(?:l|r|tl|tr|bl|br)(?:-|(?=["'\\x60\\s])))`,
    ),
  },
  { name: "outline-none", why: "the focus ring stays", pattern: new RegExp(`${edge}outline-(?:none|hidden)\\b`) },
  { name: "transition-all", why: "name what moves", pattern: new RegExp(`${edge}transition-all\\b`) },
  { name: "maximum-scale", why: "people zoom", pattern: /maximum-?scale|user-?scalable/i },
  {
    name: "a div that is clicked",
    why: "use a button or a link, or say its role",
    pattern: /<(?:div|span|li|p)\b(?![^>]*\srole=)[^>]*\sonClick=/s,
  },
];

/** Every rule that a piece of source breaks, with the text that breaks it. */
function offences(source: string, file: string): string[] {
  return rules
    .filter((rule) => rule.except?.includes(file.split(path.sep).join("/")) !== true)
    .flatMap((rule) => {
      const hit = rule.pattern.exec(source)?.[0];
      return hit === undefined ? [] : [`${file}: ${rule.name} (${hit.trim()}) – ${rule.why}`];
    });
}

describe("markup", () => {
  it("keeps the rules of docs/design.md", () => {
    const found = [...sources("app"), ...sources("components")].flatMap((file) =>
      offences(readFileSync(path.join(root, file), "utf8"), file),
    );
    expect(found).toEqual([]);
  });

  it.each([
    ['<p style={{ color: "#ff0000" }} />', "raw colours"],
    ['<p className="bg-[oklch(0.5 0.1 20)]" />', "raw colours"],
    ['<p className="p-2 text-red-500" />', "the default palette and dark:"],
    ['<p className="dark:bg-surface" />', "the default palette and dark:"],
    ['<p className="ml-2" />', "physical directions"],
    ['<p className="p-2 md:-left-4" />', "physical directions"],
    ['<p className="text-left" />', "physical directions"],
    ['<p className="rounded-l" />', "physical directions"],
    ['<p className="border-r-2" />', "physical directions"],
    ['<p className="focus:outline-none" />', "outline-none"],
    ['<p className="transition-all" />', "transition-all"],
    ["<div className='p-2' onClick={go} />", "a div that is clicked"],
  ])("refuses %s", (source, rule) => {
    expect(offences(source, "planted.tsx").join("\n")).toContain(rule);
  });

  it.each([
    '<p className="ms-2 ps-3 start-0 text-start border-s rounded-s-md" />',
    '<a href="#main" className="border-b" />',
  ])("accepts %s", (source) => {
    expect(offences(source, "planted.tsx")).toEqual([]);
  });
});
