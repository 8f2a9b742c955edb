import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.join(import.meta.dirname, "..");
const HOUSE = ["app", "components", "lib", "workers", "scripts", "prisma"];
const MOST = 12;
/** Folders with more, and why that is one idea. A number here may only become smaller. */
const EXCEPTIONS: Record<string, number> = {
  "components/ui": 31, // a control a file
};

/** Folders of the product with the number of its code files; tests and what is generated do not count. */
function roomsOf(folder: string): [string, number][] {
  const entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  const files = entries.filter(
    (entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name) && !/\.test\.(tsx?|mjs)$/.test(entry.name),
  );
  const below = entries.filter((entry) => entry.isDirectory() && entry.name !== "generated");
  return [[folder, files.length], ...below.flatMap(({ name }) => roomsOf(`${folder}/${name}`))];
}

describe("rooms", () => {
  it(`hold one idea: at most ${MOST} files each; the exceptions only shrink`, () => {
    const full = HOUSE.flatMap(roomsOf).filter(([, files]) => files > MOST);
    expect(Object.fromEntries(full)).toEqual(EXCEPTIONS);
  });

  it("each module says what it promises, owns and publishes, on a page at most", () => {
    const modules = readdirSync(path.join(root, "lib")).filter((name) => !name.includes("."));
    for (const name of modules) {
      const file = path.join(root, "lib", name, "README.md");
      expect(existsSync(file), `lib/${name}/README.md`).toBe(true);
      expect(readFileSync(file, "utf8").split("\n").length, `lib/${name}/README.md`).toBeLessThan(70);
    }
  });
});
