// Counts of the test runners, read from their JSON reports.
import fs from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { root } from "./runtime.mjs";

/** @typedef {{ passed: number, failed: number }} Counts */
/** @typedef {{ name: string, ms: number, failed: boolean, isUnsteady?: boolean, why?: string }} NamedTest */

/**
 * What is read of Vitest's report.
 * @typedef {{ status: string, fullName: string, failureMessages?: string[] }} VitestTest
 * @typedef {{ name: string, startTime: number, endTime: number, status: string, message?: string, assertionResults: VitestTest[] }} VitestFile
 * @typedef {{ numPassedTests: number, numFailedTests: number, testResults: VitestFile[] }} VitestReport
 */

/**
 * What is read of Playwright's report.
 * @typedef {{ stats: { expected: number, unexpected: number, flaky: number }, errors: unknown[] }} PlaywrightReport
 * @typedef {{ duration: number, errors?: { message?: string }[] }} PlaywrightResult
 * @typedef {{ file: string, title: string, ok: boolean, tests: { status?: string, results: PlaywrightResult[] }[] }} PlaywrightSpec
 * @typedef {{ specs?: PlaywrightSpec[], suites?: PlaywrightSuite[] }} PlaywrightSuite
 */

/**
 * What any report may say about tests that did not run.
 * @typedef {{ numPendingTests?: number, numTodoTests?: number, stats?: { skipped?: number } }} Skipped
 */

/**
 * Adds two counts.
 * @param {Counts} a
 * @param {Counts} b
 * @returns {Counts}
 */
export const addCounts = (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed });

/**
 * Vitest: its tests, and one more for each file that failed without one of its tests failing (a hook, an import).
 * @param {VitestReport} report
 * @returns {Counts}
 */
export function countVitest(report) {
  const broken = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
}

/**
 * Playwright: a test that passed only at its second try counts as passed ({@link unsteadyLines} names it); an error outside
 * every test counts as failed.
 * @param {PlaywrightReport} report
 * @returns {Counts}
 */
export function countPlaywright(report) {
  const { expected, unexpected, flaky } = report.stats;
  return { passed: expected + flaky, failed: unexpected + report.errors.length };
}

/**
 * The counts of a runner: from its report, or one failure when there is none. A runner that ended with an error although
 * every test passed, skipped some, or found none, has failed as well.
 * @template Report
 * @param {{ reportFile: string, exitCode: number, count: (report: Report) => Counts }} runner
 * @returns {Counts}
 */
export function countRunner({ reportFile, exitCode, count }) {
  let counts = { passed: 0, failed: 0 };
  let skipped = 0;
  try {
    const report = /** @type {Report & Skipped} */ (JSON.parse(fs.readFileSync(reportFile, "utf8")));
    counts = count(report);
    skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0) + (report.stats?.skipped ?? 0);
  } catch {
    return { passed: 0, failed: 1 };
  }
  const silentFailure = counts.failed === 0 && (exitCode !== 0 || skipped > 0 || counts.passed === 0);
  return addCounts(counts, { passed: 0, failed: silentFailure ? 1 : 0 });
}

/**
 * Every test that a runner's report names, as `{ name, ms, failed, isUnsteady, why }`: Vitest by its file, Playwright by its
 * file and title. `isUnsteady` is one that passed only at its second try; `why` is the beginning of the first error of either.
 * Empty when there is no report, or one without names.
 * @param {string} reportFile
 * @returns {NamedTest[]}
 */
export function testsOf(reportFile) {
  /** @type {Partial<VitestReport> & PlaywrightSuite} */
  let report;
  try {
    report = JSON.parse(fs.readFileSync(reportFile, "utf8"));
  } catch {
    return [];
  }
  if (Array.isArray(report.testResults)) return report.testResults.flatMap(testsOfFile);
  return (report.suites ?? []).flatMap(testsOfSuite);
}

/** @param {VitestFile} file @returns {NamedTest[]} */
function testsOfFile({ name, startTime, endTime, status, message, assertionResults }) {
  const file = path.relative(root, name);
  const failed = assertionResults
    .filter((test) => test.status === "failed")
    .map((test) => ({ title: test.fullName, why: beginningOf(test.failureMessages?.[0]) }));
  // Vitest keeps the errors of the first try of a test that passed at its second.
  const unsteady = assertionResults
    .filter((test) => test.status === "passed" && (test.failureMessages ?? []).length > 0)
    .map((test) => ({ title: test.fullName, why: beginningOf(test.failureMessages?.[0]) }));
  const isBroken = status === "failed" && failed.length === 0;
  const named = isBroken ? [{ title: "(the file itself)", why: beginningOf(message) }] : failed;
  return [
    { name: file, ms: endTime - startTime, failed: false },
    ...named.map(({ title, why }) => ({ name: `${file} › ${title}`, ms: 0, failed: true, why })),
    ...unsteady.map(({ title, why }) => ({ name: `${file} › ${title}`, ms: 0, failed: false, isUnsteady: true, why })),
  ];
}

const WHY_LINES = 6;

/** @param {string | undefined} error */
const beginningOf = (error = "") => stripVTControlCharacters(error).trim().split("\n").slice(0, WHY_LINES).join("\n");

/** @param {PlaywrightSuite} suite @returns {NamedTest[]} */
function testsOfSuite(suite) {
  const own = (suite.specs ?? []).map(({ file, title, ok, tests }) => {
    const results = tests.flatMap((test) => test.results);
    const named = {
      name: `tests/e2e/${file} › ${title}`,
      ms: results.reduce((sum, { duration }) => sum + duration, 0),
    };
    const [error] = results.flatMap(({ errors }) => errors ?? []);
    const isUnsteady = tests.some(({ status }) => status === "flaky");
    if (ok && !isUnsteady) return { ...named, failed: false };
    return { ...named, failed: !ok, isUnsteady: ok, why: beginningOf(error?.message) };
  });
  return [...own, ...(suite.suites ?? []).flatMap(testsOfSuite)];
}

/**
 * The slowest ten of some tests, a line each, the slowest first.
 * @param {NamedTest[]} tests
 */
export function slowestLines(tests) {
  const slowest = tests.toSorted((a, b) => b.ms - a.ms).slice(0, 10);
  return slowest.filter(({ ms }) => ms > 0).map(({ name, ms }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${name}`);
}

/**
 * The failed ones of some tests, each with the beginning of its error below it.
 * @param {NamedTest[]} tests
 */
export const failedLines = (tests) => linesOf("Failed test", (test) => test.failed, tests);

/**
 * The tests that passed only at their second try, each with the beginning of its first error below it: defects of the test
 * or of the product that do not show every time.
 * @param {NamedTest[]} tests
 */
export const unsteadyLines = (tests) => linesOf("Passed only at its second try", (test) => !!test.isUnsteady, tests);

/** @param {string} heading @param {(test: NamedTest) => boolean} isMeant @param {NamedTest[]} tests */
const linesOf = (heading, isMeant, tests) =>
  tests
    .filter(isMeant)
    .flatMap(({ name, why }) => [`${heading}: ${name}`, ...(why ? why.split("\n").map((line) => `    ${line}`) : [])]);

/**
 * The closing line of `npm test`.
 * @param {Counts} counts
 */
export const closingLine = ({ passed, failed }) => `${passed} passed, ${failed} failed`;
