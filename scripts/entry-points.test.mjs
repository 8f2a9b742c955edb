import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { describe, expect, it } from "vitest";

const entries = fs.readdirSync("scripts").filter((name) => /^[a-z]+\.mjs$/.test(name));
const OLD_NODE = `data:text/javascript,${encodeURIComponent(
  `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.12.0" } });`,
)}`;

describe("every entry point", () => {
  it.each(entries)("%s says in one sentence that the Node is too old", (entry) => {
    const run = spawnSync(process.execPath, ["--import", OLD_NODE, `scripts/${entry}`], { encoding: "utf8" });
    expect(run.stderr.trim()).toMatch(/^CampusOS needs Node 20\.20 or newer, this is 18\.12\.0\. .*$/);
    expect(run.status).toBe(1);
  });
});
