// `npm run test:unit|test:integration|test:changed -- [files]`: unit tests, the tests on real services, or those of both that
// reach what is not committed yet, on the product's own Node.
import "./lib/node-version.mjs";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { nodeBinary, root } from "./lib/runtime.mjs";

const [kind, ...rest] = process.argv.slice(2);
/** @type {Record<string, string[]>} */
const PROJECTS = { unit: ["unit"], integration: ["integration", "faults", "events"], changed: ["unit", "integration"] };
const projects = (PROJECTS[kind ?? ""] ?? []).flatMap((name) => ["--project", name]);
if (kind === "changed") rest.unshift("--changed", "--passWithNoTests");
const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
const result = spawnSync(nodeBinary(), [vitest, "run", ...projects, ...rest], { cwd: root, stdio: "inherit" });
process.exit(result.status ?? 1);
