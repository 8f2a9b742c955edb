import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const pages = [
  "README.md",
  ...fs.readdirSync("docs", { recursive: true, encoding: "utf8" }).map((name) => path.join("docs", name)),
].filter((file) => file.endsWith(".md"));

describe("the documentation", () => {
  it.each(pages)("%s links only to what exists", (page) => {
    const text = fs.readFileSync(page, "utf8");
    const links = [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, target]) => target ?? "");
    expect(links.filter((target) => !fs.existsSync(path.join(path.dirname(page), target)))).toEqual([]);
  });

  it("names in .env.example every variable that deploy/compose.yaml takes from it", () => {
    const compose = fs.readFileSync("deploy/compose.yaml", "utf8");
    const example = fs.readFileSync(".env.example", "utf8");
    const names = new Set([...compose.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name ?? ""));
    expect(names.size).toBeGreaterThan(5);
    expect([...names].filter((name) => !new RegExp(`^# ${name}=`, "m").test(example))).toEqual([]);
  });
});
