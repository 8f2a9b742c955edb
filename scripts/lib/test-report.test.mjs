import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { closingLine, countPlaywright, countRunner, countVitest } from "./test-report.mjs";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "campus-report-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const vitest = (passed, failed, files = [], pending = 0) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: pending,
  testResults: files,
});
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

  it("count a browser test that needed a second attempt as failed", () => {
    const report = { stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 0 }, errors: [] };
    expect(countPlaywright(report)).toEqual({ passed: 3, failed: 2 });
  });

  it("end in the closing line", () => {
    expect(closingLine({ passed: 12, failed: 0 })).toBe("12 passed, 0 failed");
  });
});
