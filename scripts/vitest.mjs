// `npm run test:unit|test:integration -- [files]`: unit tests, or the tests on real services, on the product's own Node.
import "./lib/node-version.mjs";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { nodeBinary, root } from "./lib/runtime.mjs";

const [kind, ...rest] = process.argv.slice(2);
const projects = (kind === "integration" ? ["integration", "faults"] : ["unit"]).flatMap((name) => ["--project", name]);
const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
const result = spawnSync(nodeBinary(), [vitest, "run", ...projects, ...rest], { cwd: root, stdio: "inherit" });
process.exit(result.status ?? 1);
