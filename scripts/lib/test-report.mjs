// Counts of the test runners, read from their JSON reports.
import fs from "node:fs";

/** Adds two counts. */
export const addCounts = (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed });

/** Vitest: its tests, and one more for each file that failed without one of its tests failing (a hook, an import). */
export function countVitest(report) {
  const broken = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
}

/** Playwright: a test that passed only on a retry counts as failed, as does an error outside every test. */
export function countPlaywright(report) {
  const { expected, unexpected, flaky } = report.stats;
  return { passed: expected, failed: unexpected + flaky + report.errors.length };
}

/**
 * The counts of a runner: from its report, or one failure when there is none. A runner that ended with an error although
 * every test passed, skipped some, or found none, has failed as well.
 */
export function countRunner({ reportFile, exitCode, count }) {
  let counts = { passed: 0, failed: 0 };
  let skipped = 0;
  try {
    const report = JSON.parse(fs.readFileSync(reportFile, "utf8"));
    counts = count(report);
    skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0) + (report.stats?.skipped ?? 0);
  } catch {
    return { passed: 0, failed: 1 };
  }
  const silentFailure = counts.failed === 0 && (exitCode !== 0 || skipped > 0 || counts.passed === 0);
  return addCounts(counts, { passed: 0, failed: silentFailure ? 1 : 0 });
}

/** The closing line of `npm test`. */
export const closingLine = ({ passed, failed }) => `${passed} passed, ${failed} failed`;
