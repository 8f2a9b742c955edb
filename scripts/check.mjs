// `npm run check`: format, lint, types, import rules, SQL and dead code, beside each other.
import "./lib/node-version.mjs";
import { runChecks } from "./lib/checks.mjs";

const failed = /** @type {string[]} */ ([]);
await runChecks(({ name, passed, output, seconds }) => {
  if (!passed) failed.push(name);
  process.stdout.write(`=== ${name}: ${passed ? "ok" : "FAILED"} (${seconds.toFixed(1)} s)\n${output}`);
});
if (failed.length > 0) console.log(`Failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
