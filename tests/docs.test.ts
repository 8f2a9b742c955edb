import { existsSync, readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.join(import.meta.dirname, "..");
const documents = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(path.join(root, file)));
const textOf = (file: string) => readFileSync(path.join(root, file), "utf8");
/** Whether a document means a place of the repository by this: from its own folder or from the root. */
const isThere = (file: string, place: string) =>
  [path.dirname(file), "."].some((from) => existsSync(path.join(root, from, place)));

describe("documents", () => {
  it("link to what is there", () => {
    expect(documents.length).toBeGreaterThan(15);
    const lost = documents.flatMap((file) =>
      [...textOf(file).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
        .map(([, target = ""]) => target)
        .filter((target) => !existsSync(path.join(root, path.dirname(file), target)))
        .map((target) => `${file}: ${target}`),
    );
    expect(lost).toEqual([]);
  });

  it("name files and folders that are there", () => {
    const lost = documents.flatMap((file) =>
      [...textOf(file).matchAll(/`([\w@()[\].-]+(?:\/[\w@()[\].-]+)*\/?)`/g)]
        .map(([, place = ""]) => place)
        .filter((place) =>
          /^(?:app|components|lib|workers|tests|prisma|scripts|docs|messages|deploy)\/|\/.*\.tsx?$/.test(place),
        )
        .filter((place) => !isThere(file, place))
        .map((place) => `${file}: ${place}`),
    );
    expect(lost).toEqual([]);
  });

  it("list every decision", () => {
    const index = textOf("docs/decisions/README.md");
    const decisions = documents.filter((file) => /^docs\/decisions\/\d{3}-/.test(file));
    expect(decisions.filter((file) => !index.includes(`](${path.basename(file)})`))).toEqual([]);
  });

  it("names in .env.example every variable that deploy/compose.yaml takes from it", () => {
    const compose = textOf("deploy/compose.yaml");
    const example = textOf(".env.example");
    const names = new Set([...compose.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name ?? ""));
    expect(names.size).toBeGreaterThan(5);
    expect([...names].filter((name) => !new RegExp(`^# ${name}=`, "m").test(example))).toEqual([]);
  });
});
