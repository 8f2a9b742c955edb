import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = path.join(import.meta.dirname, "..");

/** [file, what it imports, rule that refuses it] */
const planted: [string, string, string][] = [
  ["lib/shared/bad.ts", "lib/platform/good", "lib-shared-imports"],
  ["lib/platform/bad.ts", "lib/identity/good", "lib-platform-imports"],
  ["lib/web/bad.ts", "lib/enrollment/good", "lib-web-imports"],
  ["lib/identity/bad.ts", "lib/catalog/good", "lib-identity-imports"],
  ["lib/catalog/bad.ts", "lib/enrollment/good", "lib-catalog-imports"],
  ["lib/enrollment/bad.ts", "lib/notification/good", "lib-enrollment-imports"],
  ["lib/enrollment/upward.ts", "lib/timetable/good", "lib-enrollment-imports"],
  ["lib/timetable/bad.ts", "lib/attendance/good", "lib-timetable-imports"],
  ["lib/attendance/bad.ts", "lib/roster/good", "lib-attendance-imports"],
  ["lib/roster/bad.ts", "lib/attendance/good", "lib-roster-imports"],
  ["lib/notification/bad.ts", "lib/enrollment/good", "lib-notification-imports"],
  ["lib/insight/bad.ts", "lib/attendance/good", "lib-insight-imports"],
  ["lib/catalog/upward.ts", "app/page", "shells-are-not-imported"],
  ["lib/attendance/sideways.ts", "workers/main", "lib-attendance-imports"],
  ["components/ui/bad.ts", "components/patterns/good", "components-ui-imports"],
  ["components/patterns/bad.ts", "lib/catalog/schema", "components-patterns-imports"],
  ["components/attendance/bad.ts", "lib/attendance/good", "components-module-imports"],
  ["app/api/enroll/route.ts", "lib/platform/good", "app-imports"],
  ["app/(student)/page.ts", "app/(teacher)/today/_components/good", "segment-private"],
  ["workers/bad.ts", "lib/web/good", "workers-imports"],
  ["server.ts", "lib/identity/good", "server-imports"],
  ["lib/catalog/test-code.ts", "tests/support/good", "no-tests-in-product"],
  ["lib/catalog/nowhere.ts", "lib/catalog/nothing-here", "resolvable"],
];

/** What the rules allow, so that they are not simply refusing everything. */
const allowed: [string, string][] = [
  ["lib/platform/fine.ts", "lib/shared/good"],
  ["lib/web/fine.ts", "lib/identity/good"],
  ["lib/enrollment/fine.ts", "lib/catalog/good"],
  ["lib/attendance/fine.ts", "lib/enrollment/good"],
  ["lib/notification/fine.ts", "lib/identity/good"],
  ["components/patterns/fine.ts", "components/ui/good"],
  ["components/attendance/fine.ts", "lib/attendance/schema"],
  ["app/(student)/fine.ts", "lib/enrollment/good"],
  ["app/(teacher)/today/fine.ts", "app/(teacher)/today/_components/good"],
  ["app/(teacher)/shell.ts", "app/_shell/good"],
  ["components/enrollment/fine.ts", "components/catalog/good"],
  ["app/api/health/route.ts", "lib/platform/good"],
  ["workers/fine.ts", "lib/notification/good"],
  ["lib/shared/anything.test.ts", "tests/support/good"],
];

interface Violation {
  from: string;
  rule: { name: string };
}

describe("import rules", () => {
  let house: string;
  let violations: Violation[];

  beforeAll(() => {
    house = mkdtempSync(path.join(os.tmpdir(), "campus-imports-"));
    const write = (file: string, text: string) => {
      const target = path.join(house, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
    };
    write(
      "tsconfig.json",
      JSON.stringify({ compilerOptions: { paths: { "@/*": ["./*"] }, moduleResolution: "bundler" } }),
    );
    write("package.json", JSON.stringify({ type: "module" }));
    const targets = [...planted, ...allowed]
      .map(([, target]) => target)
      .filter((target) => !target.includes("nothing"));
    for (const target of new Set(targets)) write(`${target}.ts`, "export const thing = 1;\n");
    for (const [file, target] of [...planted, ...allowed]) {
      write(file, `import { thing } from "@/${target}";\nexport const use = thing;\n`);
    }
    write("lib/catalog/one.ts", 'import { two } from "./two";\nexport const one = () => two;\n');
    write("lib/catalog/two.ts", 'import { one } from "./one";\nexport const two = () => one;\n');

    const cruise = spawnSync(
      process.execPath,
      [
        path.join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs"),
        "--config",
        path.join(root, ".dependency-cruiser.cjs"),
        "--output-type",
        "json",
        ...["app", "components", "lib", "workers", "server.ts"],
      ],
      { cwd: house, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
    );
    expect(cruise.stderr).toBe("");
    violations = (JSON.parse(cruise.stdout) as { summary: { violations: Violation[] } }).summary.violations;
  }, 60_000);

  afterAll(() => rmSync(house, { recursive: true, force: true }));

  it.each(planted)("refuses that %s imports %s (%s)", (file, _target, rule) => {
    expect(violations.filter((violation) => violation.from === file).map((violation) => violation.rule.name)).toContain(
      rule,
    );
  });

  it.each(allowed)("lets %s import %s", (file) => {
    expect(violations.filter((violation) => violation.from === file)).toEqual([]);
  });

  it("refuses a cycle", () => {
    expect(violations.map((violation) => violation.rule.name)).toContain("no-cycles");
  });
});
