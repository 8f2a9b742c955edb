import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { ACCESS_DOCUMENT, accessDocument, pages } from "./document";

describe("docs/access.md", () => {
  it("says what the code does (run `node scripts/run.mjs tests/access/document.ts`)", async () => {
    expect(fs.readFileSync(ACCESS_DOCUMENT, "utf8")).toBe(await accessDocument());
  });

  it("knows the guard of every page: what is for a role is so by its folder too", () => {
    const ofFolder = { "/admin": "ADMIN", "/classes": "TEACHER", "/today": "TEACHER", "/family": "GUARDIAN" };
    for (const [folder, role] of Object.entries(ofFolder)) {
      const inside = pages().filter(({ page }) => page === folder || page.startsWith(`${folder}/`));
      expect(inside.length).toBeGreaterThan(0);
      for (const { page, access } of inside) expect({ page, access }).toEqual({ page, access: [role] });
    }
    const forEverybody = pages().filter(({ access }) => access === "public");
    for (const { page } of forEverybody) expect(page).toMatch(/\[token\]|^\/(?:login|forgot)/);
  });
});
