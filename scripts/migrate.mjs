// `node scripts/migrate.mjs`: waits for the database of DATABASE_URL, applies the migrations, and with CAMPUS_DEMO=1 loads
// the demo school into an empty database. For deployments, where `npm start` does not run.
import "./lib/node-version.mjs";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { messageOf } from "./lib/errors.mjs";
import { externalDatabase, migrate } from "./lib/services/database.mjs";
import { nodeArguments, nodeBinary, root } from "./lib/runtime.mjs";
import { loadEnvironmentFile } from "./lib/product/start-options.mjs";

try {
  loadEnvironmentFile();
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error("Set DATABASE_URL.");
  await externalDatabase(url);
  const applied = await migrate(url);
  console.log(applied.length ? `applied: ${applied.join(", ")}` : "nothing to apply");
  if (process.env.CAMPUS_DEMO === "1") {
    const seed = nodeArguments(path.join(root, "prisma/seed/main.ts"));
    process.exitCode = spawnSync(nodeBinary(), seed, { cwd: root, stdio: "inherit" }).status ?? 1;
  }
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
