// `npm run prisma -- <arguments>`: the Prisma CLI, with the schema engine of npm in place of the one it would download.
import "./lib/node-version.mjs";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { nodeBinary, root } from "./lib/runtime.mjs";

const cli = path.join(root, "node_modules/prisma/build/index.js");
if (!fs.existsSync(cli)) {
  console.error("Prisma is not installed: run `npm install --no-save` (or `npm start`) first.");
  process.exit(1);
}
const result = spawnSync(nodeBinary(), [cli, ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: {
    ...process.env,
    // Started by its shebang: `node` must be the same one that runs us.
    PATH: `${path.dirname(nodeBinary())}${path.delimiter}${process.env.PATH ?? ""}`,
    PRISMA_SCHEMA_ENGINE_BINARY: path.join(root, "scripts/schema-engine.mjs"),
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
    CHECKPOINT_DISABLE: "1",
  },
});
process.exit(result.status ?? 1);
