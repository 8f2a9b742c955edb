// `node scripts/check-sql.mjs`: every SQL statement of the product against the tables that its migrations make: names, types
// and nulls of columns, values, labels of enums. Checks the folder it is started in. How to write a statement, and what to do
// about what it says: CONTRIBUTING.md; why it is ours: docs/decisions/010-checked-sql.md.
import "./lib/node-version.mjs";
import fs from "node:fs";
import path from "node:path";
import { messageOf } from "./lib/errors.mjs";
import { checkStatements } from "./lib/sql-check/check.mjs";
import { startDatabase } from "./lib/sql-check/database.mjs";
import { LIST, problemsOf } from "./lib/sql-check/exceptions.mjs";
import { SqlServer } from "./lib/sql-check/server.mjs";
import { readStatements } from "./lib/sql-check/statements.mjs";

const house = fs.realpathSync(process.cwd());
const database = startDatabase(path.join(house, "prisma/migrations"));
for (const [signal, code] of /** @type {const} */ ([
  ["SIGINT", 130],
  ["SIGTERM", 143],
]))
  process.once(signal, () => void database.stop().finally(() => process.exit(code)));

try {
  const { statements, checker } = readStatements(house);
  const server = await SqlServer.connect(await database.url);
  try {
    const findings = await checkStatements(statements, { server, catalog: await server.catalog(), checker });
    const list = fs.existsSync(path.join(house, LIST))
      ? JSON.parse(fs.readFileSync(path.join(house, LIST), "utf8"))
      : {};
    const problems = problemsOf(findings, list);
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) process.exitCode = 1;
    else console.log(`✔ ${statements.length} SQL statements: as the migrations have made the tables.`);
  } finally {
    await server.close();
  }
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
} finally {
  await database.stop();
}
