import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  closingLine,
  countPlaywright,
  countRunner,
  countVitest,
  failedLines,
  slowestLines,
  testsOf,
  unsteadyLines,
} from "./test-report.mjs";
import { root } from "./runtime.mjs";

/** @import { NamedTest } from "./test-report.mjs" */

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "campus-report-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
/** @param {number} passed @param {number} failed @param {object[]} files */
const vitest = (passed, failed, files = [], pending = 0) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: pending,
  testResults: files,
});
/** @param {object} report @param {number} exitCode */
function counted(report, exitCode) {
  const reportFile = path.join(folder, "report.json");
  fs.writeFileSync(reportFile, JSON.stringify(report));
  return countRunner({ reportFile, exitCode, count: countVitest });
}

describe("the counts of npm test", () => {
  it("are those of the runner", () => {
    expect(counted(vitest(7, 0), 0)).toEqual({ passed: 7, failed: 0 });
    expect(counted(vitest(7, 2), 1)).toEqual({ passed: 7, failed: 2 });
  });

  it("have one more failure for a file that broke outside its tests", () => {
    const files = [
      { status: "failed", assertionResults: [{ status: "passed" }] },
      { status: "failed", assertionResults: [{ status: "failed" }] },
    ];
    expect(counted(vitest(1, 1, files), 1)).toEqual({ passed: 1, failed: 2 });
  });

  it.each([
    ["ended badly although every test passed", vitest(7, 0), 1],
    ["skipped a test", vitest(7, 0, [], 1), 0],
    ["found no test", vitest(0, 0), 0],
  ])("have a failure for a runner that %s", (_what, report, exitCode) => {
    expect(counted(report, exitCode).failed).toBe(1);
  });

  it("have a failure for a runner that left no report", () => {
    expect(countRunner({ reportFile: path.join(folder, "none"), exitCode: 0, count: countVitest })).toEqual({
      passed: 0,
      failed: 1,
    });
  });

  it("count a browser test that needed a second try as passed, and an error outside every test as failed", () => {
    const report = { stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 0 }, errors: [{}] };
    expect(countPlaywright(report)).toEqual({ passed: 4, failed: 2 });
  });

  it("end in the closing line", () => {
    expect(closingLine({ passed: 12, failed: 0 })).toBe("12 passed, 0 failed");
  });
});

describe("the tests that npm test names at its end", () => {
  const written = (/** @type {object} */ report) => {
    const reportFile = path.join(folder, "names.json");
    fs.writeFileSync(reportFile, JSON.stringify(report));
    return testsOf(reportFile);
  };
  /** @param {NamedTest[]} tests */
  const failedOf = (tests) => tests.filter(({ failed }) => failed).map(({ name }) => name);

  it("are those of Vitest that failed, and files that broke", () => {
    /** @param {string} name @param {string} status @param {{ status: string, fullName: string, failureMessages?: string[] }[]} assertionResults */
    const file = (name, status, assertionResults) => ({
      name: path.join(root, name),
      startTime: 1_000,
      endTime: 3_500,
      status,
      assertionResults,
    });
    const tests = written({
      testResults: [
        file("lib/a.test.ts", "failed", [
          { status: "passed", fullName: "a holds" },
          {
            status: "failed",
            fullName: "a breaks",
            failureMessages: ["\u001b[31mError: 1 is not 2\u001b[39m\n  at a"],
          },
        ]),
        file("lib/b.test.ts", "failed", []),
        file("lib/c.test.ts", "passed", [{ status: "passed", fullName: "c holds" }]),
      ],
    });
    expect(failedOf(tests)).toEqual(["lib/a.test.ts › a breaks", "lib/b.test.ts › (the file itself)"]);
    expect(failedLines(tests)).toEqual([
      "Failed test: lib/a.test.ts › a breaks",
      "    Error: 1 is not 2",
      "      at a",
      "Failed test: lib/b.test.ts › (the file itself)",
    ]);
    expect(slowestLines(tests)).toContain("    2.5 s  lib/c.test.ts");
  });

  it("are those of Playwright in suites within suites", () => {
    /** @param {string} title @param {boolean} ok @param {number} duration */
    const spec = (title, ok, duration) => ({
      file: "x.spec.ts",
      title,
      ok,
      tests: [{ results: [{ duration, errors: ok ? [] : [{ message: "Error: not in sight" }] }] }],
    });
    const tests = written({
      suites: [{ specs: [spec("one", true, 900)], suites: [{ specs: [spec("two", false, 2_000)] }] }],
    });
    expect(failedLines(tests)).toEqual(["Failed test: tests/e2e/x.spec.ts › two", "    Error: not in sight"]);
    expect(slowestLines(tests)).toEqual([
      "    2.0 s  tests/e2e/x.spec.ts › two",
      "    0.9 s  tests/e2e/x.spec.ts › one",
    ]);
  });

  it("name whoever passed only at the second try, with why the first failed", () => {
    const error = { message: "Error: too early" };
    const tests = [
      ...written({
        testResults: [
          {
            name: path.join(root, "lib/a.test.ts"),
            startTime: 0,
            endTime: 1,
            status: "passed",
            assertionResults: [
              { status: "passed", fullName: "a holds", failureMessages: [] },
              { status: "passed", fullName: "a wavers", failureMessages: ["Error: 1 is not 2"] },
            ],
          },
        ],
      }),
      ...written({
        suites: [
          {
            specs: [
              {
                file: "x.spec.ts",
                title: "wavers",
                ok: true,
                tests: [{ status: "flaky", results: [{ duration: 9, errors: [error] }, { duration: 8 }] }],
              },
            ],
          },
        ],
      }),
    ];
    expect(failedLines(tests)).toEqual([]);
    expect(unsteadyLines(tests)).toEqual([
      "Passed only at its second try: lib/a.test.ts › a wavers",
      "    Error: 1 is not 2",
      "Passed only at its second try: tests/e2e/x.spec.ts › wavers",
      "    Error: too early",
    ]);
  });

  it("are at most ten, and none without a report", () => {
    const many = Array.from({ length: 30 }, (_, n) => ({ name: `n${n}`, ms: n, failed: false }));
    expect(slowestLines(many)).toHaveLength(10);
    expect(testsOf(path.join(folder, "nothing.json"))).toEqual([]);
  });
});
