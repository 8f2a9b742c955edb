import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { glyphStyles } from "@/scripts/glyphs.mjs";

it("the stylesheet of the icons is what `npm run glyphs` makes of those that are named", async () => {
  const kept = readFileSync(path.join(import.meta.dirname, "glyphs.css"), "utf8");
  expect(kept).toBe(await glyphStyles());
});

it("an icon that is drawn with thicker lines has such a shape", () => {
  const kept = readFileSync(path.join(import.meta.dirname, "glyphs.css"), "utf8");
  const source = readFileSync(path.join(import.meta.dirname, "../components/ui/icon.tsx"), "utf8");
  for (const [, name] of source.matchAll(/ glyph\("([a-z0-9-]+)"\)/g)) expect(kept).toContain(`.g-${name} {`);
});
