// `node scripts/table-owners.mjs [--matrix]`: every table has one owner, the module in whose file of prisma/schema its model
// stands. Only the owner writes it; others read it when they lie above the owner, and prisma/table-reads.json names the
// read and the reason. Checks the folder it is started in. With --matrix it says who reads what, and checks nothing.
import "./lib/node-version.mjs";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { root } from "./lib/runtime.mjs";
import { mayImport, problemsOf, readerOf } from "./lib/table-owners/rules.mjs";
import { readModels } from "./lib/table-owners/schema.mjs";
import { usesOf } from "./lib/table-owners/sources.mjs";

const LIST = "prisma/table-reads.json";
const house = process.cwd();
const rules = createRequire(import.meta.url)(path.join(root, ".dependency-cruiser.cjs"));
const models = readModels(path.join(house, "prisma/schema"));
const owners = new Map([...models.values()].map(({ table, owner }) => [table, owner]));

const files = ["app", "components", "lib", "workers"]
  .filter((room) => fs.existsSync(path.join(house, room)))
  .flatMap((room) =>
    fs.readdirSync(path.join(house, room), { recursive: true, encoding: "utf8" }).map((file) => path.join(room, file)),
  )
  .concat(fs.readdirSync(house))
  .map((file) => file.replaceAll(path.sep, "/"))
  .filter((file) => /\.tsx?$/.test(file) && !/\.(test|d|config)\.tsx?$/.test(file))
  .filter((file) => !file.startsWith("lib/platform/generated/"));
const uses = files.flatMap((file) =>
  usesOf(file, fs.readFileSync(path.join(house, file), "utf8"), models).map((use) => ({ file, ...use })),
);

if (process.argv.includes("--matrix")) {
  const lines = uses
    .filter(({ table, file }) => table !== null && owners.get(table ?? "") !== readerOf(file))
    .map(
      ({ table, file, write }) => `${readerOf(file)} ${write ? "writes" : "reads"} ${owners.get(table ?? "")}.${table}`,
    );
  for (const line of [...new Set(lines)].sort()) console.log(line);
} else {
  const problems = problemsOf(uses, {
    owners,
    reads: JSON.parse(fs.readFileSync(path.join(house, LIST), "utf8")),
    listName: LIST,
    below: (file, owner) => mayImport(rules, file, `lib/${owner}/any.ts`),
  });
  for (const problem of new Set(problems)) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else console.log(`✔ ${owners.size} tables, ${files.length} files: each table is written by its owner alone.`);
}
