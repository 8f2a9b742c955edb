import { describe, expect, it } from "vitest";
import { glyphRules } from "./glyphs.mjs";

describe("the shapes of icons", () => {
  it("are one mask each, and a second with thicker lines for those that tell a status", () => {
    const rules = glyphRules('const A = glyph("arrow-left"); const B = statusGlyph("x");');
    expect(Object.keys(rules)).toEqual([".g-arrow-left", ".g-x", ".gb-x"]);
    expect(rules[".g-x"]?.["--glyph"]).toContain("stroke-width='2'");
    expect(rules[".gb-x"]?.["--glyph"]).toContain("stroke-width='2.6'");
    for (const { "--glyph": url } of Object.values(rules))
      expect(url).toMatch(/^url\("data:image\/svg\+xml,[^"<>#]+"\)$/);
  });

  it("are there for every icon of the interface", () => {
    expect(Object.keys(glyphRules()).length).toBeGreaterThan(60);
  });

  it("that the package does not have stop the build", () => {
    expect(() => glyphRules(' glyph("no-such-icon")')).toThrow("no-such-icon");
  });
});
