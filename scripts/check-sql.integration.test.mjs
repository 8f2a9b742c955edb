// The whole check in a house of its own: statements that fit their tables, then the same after a migration that changes the
// tables under them, then statements that never fitted. Each must be named with its line, its column and how to mend it.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeBinary, root } from "./lib/runtime.mjs";

const TABLES = `CREATE TYPE "State" AS ENUM ('OPEN', 'DONE');
CREATE TABLE pupil (id text PRIMARY KEY, name text NOT NULL, nickname text, age int NOT NULL, seats int NOT NULL,
  state "State" NOT NULL, born date NOT NULL, mail text NOT NULL, phone text, house text NOT NULL, room text NOT NULL);
CREATE TABLE mark (id text PRIMARY KEY, pupil_id text NOT NULL REFERENCES pupil (id), points int, note text NOT NULL DEFAULT '');
`;

const CHANGES = `ALTER TABLE pupil RENAME COLUMN name TO full_name;
ALTER TABLE pupil DROP COLUMN room;
ALTER TABLE pupil ALTER COLUMN age TYPE bigint;
ALTER TABLE pupil ALTER COLUMN seats TYPE text;
ALTER TABLE pupil ALTER COLUMN mail DROP NOT NULL;
ALTER TABLE pupil ALTER COLUMN phone SET NOT NULL;
ALTER TABLE pupil ADD COLUMN floor int;
ALTER TYPE "State" RENAME VALUE 'DONE' TO 'CLOSED';
ALTER TABLE mark ADD COLUMN weight int NOT NULL;
`;

const HEAD = `import { type Db, Prisma } from "@/lib/platform/db/client";\n`;
/** @param {string} body */
const source = (body) => `${HEAD}${body}\n`;
/** @param {string} row @param {string} sql */
const query = (row, sql) => source(`export const find = (db: Db, id: string) => db.$queryRaw<${row}[]>\`${sql}\`;`);

/** File, its text, what is said of it once the tables have changed (after `file:`), or nothing. @type {[string, string, string?][]} */
const fits = [
  [
    "renamed.ts",
    query("{ id: string; name: string }", "\n  SELECT id,\n    name\n  FROM pupil WHERE id = ${id}"),
    `4 PostgreSQL refuses it: column "name" does not exist.`,
  ],
  [
    "renamed-in-fragment.ts",
    source(`const columns = Prisma.sql\`p.id,
  p.name\`;
export const find = (db: Db) => db.$queryRaw<{ id: string; name: string }[]>\`SELECT \${columns} FROM pupil p\`;`),
    `3 PostgreSQL refuses it: column p.name does not exist.`,
  ],
  [
    "dropped.ts",
    source("export const clear = (db: Db) => db.$executeRaw`UPDATE pupil SET room = ''`;"),
    `2 PostgreSQL refuses it: column "room" of relation "pupil" does not exist.`,
  ],
  [
    "other-type.ts",
    query("{ age: number }", "SELECT age FROM pupil WHERE id = ${id}"),
    `2 column "age": (pupil.age) it is int8, which comes as bigint; the type says number: make them one.`,
  ],
  [
    "other-type-of-value.ts",
    source("export const set = (db: Db, seats: number) =>\n  db.$executeRaw`UPDATE pupil SET seats = ${seats}`;"),
    `3 value $1: PostgreSQL wants text, the code gives number: convert one of them.`,
  ],
  [
    "other-type-in-json.ts",
    query(
      "{ places: { seats: number }[] }",
      "SELECT coalesce(jsonb_agg(jsonb_build_object('seats', seats)), '[]') AS places FROM pupil",
    ),
    `2 column "places": [].seats is JSON string, the type says number: make them one.`,
  ],
  [
    "now-nullable.ts",
    query("{ mail: string }", "SELECT mail FROM pupil WHERE id = ${id}"),
    `2 column "mail": (pupil.mail) it may be null, the type string does not say so: add \`| null\` and handle it.`,
  ],
  [
    "now-sure.ts",
    query("{ phone: string | null }", "SELECT phone FROM pupil WHERE id = ${id}"),
    `2 column "phone": (pupil.phone) it is never null, the type string | null says it may be: take \`| null\` away.`,
  ],
  [
    "label.ts",
    query(`{ state: "OPEN" | "DONE" }`, "SELECT state::text AS state FROM pupil WHERE id = ${id}"),
    `2 column "state": it may be 'CLOSED', which the type leaves out: add it to the union.`,
  ],
  [
    "label-in-text.ts",
    query("{ id: string }", "SELECT id FROM pupil WHERE state = 'DONE'"),
    `2 PostgreSQL refuses it: invalid input value for enum "State": "DONE".`,
  ],
  [
    "label-of-value.ts",
    source(
      `export const set = (db: Db, state: "OPEN" | "DONE") => db.$executeRaw\`UPDATE pupil SET state = \${state}::"State"\`;`,
    ),
    `2 value $1: the enum State has no 'DONE': take it out of the type "OPEN" | "DONE", or add it in a migration.`,
  ],
  [
    "must-be-given.ts",
    source(
      "export const add = (db: Db, id: string) => db.$executeRaw`INSERT INTO mark (id, pupil_id) VALUES (${id}, ${id})`;",
    ),
    `2 column "weight": the INSERT leaves it out, and it must have a value: give it a value.`,
  ],
  [
    "star.ts",
    query(
      "{ id: string; name: string; nickname: string | null }",
      "SELECT p.* FROM (SELECT id, name, nickname FROM pupil) AS p",
    ),
    `2 PostgreSQL refuses it: column "name" does not exist.`,
  ],
  [
    "driver.ts",
    `import type pg from "pg";
export const find = async (client: pg.Client) =>
  (await client.query<{ id: string; name: string }>("SELECT id, name FROM pupil WHERE house = $1", ["north"])).rows;
`,
    `3 PostgreSQL refuses it: column "name" does not exist.`,
  ],
  [
    "optional.ts",
    source(`export function find(db: Db, filter: { house?: string; isOld: boolean }) {
  const conditions = [Prisma.sql\`p.id IS NOT NULL\`];
  if (filter.house !== undefined) conditions.push(Prisma.sql\`p.house = \${filter.house}\`);
  for (const word of ["a"]) conditions.push(hasWord(word));
  return db.$queryRaw<{ id: string; points: number | null }[]>\`
    SELECT p.id, m.points FROM pupil p LEFT JOIN mark m ON m.pupil_id = p.id
    WHERE \${Prisma.join(conditions, " AND ")} \${filter.isOld ? Prisma.sql\`AND p.born < now()\` : Prisma.empty}\`;
}
function hasWord(word: string): Prisma.Sql {
  return Prisma.sql\`strpos(p.name, \${word}) > 0\`;
}`),
    `11 PostgreSQL refuses it: column p.name does not exist.`,
  ],
  [
    "told.ts",
    query(
      "{ nickname: string; points: number; state: 'OPEN' }",
      "SELECT p.nickname, m.points, p.state::text AS state FROM pupil p JOIN mark m ON m.pupil_id = p.id AND m.points > 3 WHERE p.nickname IS NOT NULL AND p.state = 'OPEN'",
    ),
  ],
  [
    "unused.ts",
    source("export async function lock(db: Db) {\n  await db.$queryRaw`SELECT 1 FROM pupil FOR UPDATE`;\n}"),
  ],
];

/** Statements that do not fit their tables as they are. @type {[string, string, string][]} */
const wrong = [
  [
    "extra-column.ts",
    query("{ id: string }", "SELECT id, age FROM pupil WHERE id = ${id}"),
    `2 column "age": the statement has it, the row type does not: add it to the type, or do not select it.`,
  ],
  [
    "missing-column.ts",
    query("{ id: string; age: number }", "SELECT id FROM pupil WHERE id = ${id}"),
    `2 column "age": the row type has it (number), the statement does not: select it, or take it out of the type.`,
  ],
  [
    "no-label.ts",
    query(`{ state: "OPEN" | "DONE" | "LATE" }`, "SELECT state::text AS state FROM pupil WHERE id = ${id}"),
    `2 column "state": the database has no 'LATE', which the type names: take it out of the union, or add it in a migration.`,
  ],
  [
    "outer.ts",
    query(
      "{ points: number; id: string }",
      "SELECT p.id, m.id AS points FROM pupil p LEFT JOIN mark m ON m.pupil_id = p.id",
    ),
    `2 column "points": (mark.id) it may be null`,
  ],
  [
    "no-name.ts",
    query("{ n: number }", "SELECT 1 FROM pupil WHERE id = ${id}"),
    `2 column "n": the row type has it (number)`,
  ],
  [
    "no-row.ts",
    source("export const find = (db: Db) => db.$queryRaw`SELECT id FROM pupil`;"),
    "2 says no row type: give one",
  ],
  [
    "dynamic.ts",
    source("export const find = (db: Db, sql: Prisma.Sql) => db.$queryRaw<{ id: string }[]>(sql);"),
    "2 cannot be read: `sql` is only known when it runs.",
  ],
  [
    "null-value.ts",
    source("export const set = (db: Db, name: string | null) => db.$executeRaw`UPDATE pupil SET name = ${name}`;"),
    `2 column "name": it may not be null, and the value $1 (string | null) may be: give it a value.`,
  ],
  ["excused.ts", query("{ nickname: string }", "SELECT nickname FROM pupil WHERE id = ${id}"), ""],
];

const EXCEPTIONS = {
  "lib/pupils/excused.ts": { "find.nickname": "asked only of those who have one" },
  "lib/pupils/fine.ts": { "find.id": "nothing is wrong with it", find: "" },
};

/** @param {string} house @param {Record<string, string>} files */
function furnish(house, files) {
  const all = {
    "tsconfig.json": JSON.stringify({
      extends: path.join(root, "tsconfig.json"),
      compilerOptions: { paths: { "@/*": ["./*"] }, plugins: [] },
    }),
    "lib/platform/db/client.ts": `import { Prisma, type PrismaClient } from "${root}/lib/platform/generated/prisma/client";
export { Prisma };\nexport type Db = PrismaClient;\n`,
    "prisma/migrations/1_tables/migration.sql": TABLES,
    ...files,
  };
  for (const [file, text] of Object.entries(all)) {
    fs.mkdirSync(path.dirname(path.join(house, file)), { recursive: true });
    fs.writeFileSync(path.join(house, file), text);
  }
  fs.symlinkSync(path.join(root, "node_modules"), path.join(house, "node_modules"));
}

/** @param {string} house */
function check(house) {
  return spawnSync(nodeBinary(), [path.join(root, "scripts/check-sql.mjs")], { cwd: house, encoding: "utf8" });
}

/** @param {readonly (readonly [string, string, string?])[]} cases */
const filesOf = (cases) => Object.fromEntries(cases.map(([file, text]) => [`lib/pupils/${file}`, text]));

describe("the check of SQL", () => {
  const house = fs.mkdtempSync(path.join(os.tmpdir(), "campus-sql-house-"));
  /** @type {Record<"clean" | "changed" | "wrong", { status: number | null, stdout: string, problems: string[] }>} */
  const runs = { clean: run(), changed: run(), wrong: run() };

  function run(result = { status: /** @type {number | null} */ (null), stdout: "", stderr: "" }) {
    return { status: result.status, stdout: result.stdout, problems: result.stderr.split("\n").filter(Boolean) };
  }

  beforeAll(() => {
    furnish(path.join(house, "clean"), filesOf(fits));
    furnish(path.join(house, "changed"), { ...filesOf(fits), "prisma/migrations/2_changes/migration.sql": CHANGES });
    furnish(path.join(house, "wrong"), { ...filesOf(wrong), "prisma/sql-exceptions.json": JSON.stringify(EXCEPTIONS) });
    for (const name of /** @type {const} */ (["clean", "changed", "wrong"]))
      runs[name] = run(check(path.join(house, name)));
  }, 180_000);

  afterAll(() => fs.rmSync(house, { recursive: true, force: true }));

  it("is content with statements that fit their tables", () => {
    expect([runs.clean.problems, runs.clean.status]).toEqual([[], 0]);
    expect(runs.clean.stdout).toContain(`${fits.length} SQL statements`);
  });

  it.each(fits)("after a migration: %s", (file, _text, said) => {
    const about = runs.changed.problems.filter((problem) => problem.startsWith(`lib/pupils/${file}:`));
    if (said === undefined) expect(about).toEqual([]);
    else expect(about.filter((problem) => problem.startsWith(`lib/pupils/${file}:${said}`))).toHaveLength(1);
    expect(runs.changed.status).toBe(1);
  });

  it.each(wrong)("from the start: %s", (file, _text, said) => {
    const about = runs.wrong.problems.filter((problem) => problem.startsWith(`lib/pupils/${file}:${said}`));
    expect(about).toHaveLength(said === "" ? 0 : 1);
    expect(runs.wrong.status).toBe(1);
  });

  it("refuses exceptions that nothing needs, and those without a reason", () => {
    expect(runs.wrong.problems.filter((problem) => problem.startsWith("prisma/sql-exceptions.json"))).toEqual([
      "prisma/sql-exceptions.json: lib/pupils/fine.ts → find.id: nothing is found there any more; remove the entry.",
      "prisma/sql-exceptions.json: lib/pupils/fine.ts → find: nothing is found there any more; remove the entry.",
      "prisma/sql-exceptions.json: lib/pupils/fine.ts → find: give the reason.",
    ]);
  });

  it("leaves nothing behind", () => {
    const left = fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith("campus-sql-check-"));
    expect(left).toEqual([]);
  });
});
