// What is decided about nulls and labels, on real PostgreSQL: each case says what is expected, and is run as well, on rows
// that hold a null wherever one may stand. A column that was called sure must not show one.
import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { ColumnReader } from "./columns.mjs";
import { SqlServer } from "./server.mjs";

/** @import { Catalog } from "./server.mjs" */

const TABLES = `CREATE TYPE state AS ENUM ('OPEN', 'DONE', 'LATE');
CREATE TABLE pupil (id text PRIMARY KEY, nickname text, age int, state state NOT NULL, moods state[] NOT NULL, data jsonb NOT NULL);
CREATE TABLE mark (id text PRIMARY KEY, pupil_id text NOT NULL, points int, note text NOT NULL);
INSERT INTO pupil VALUES ('a', NULL, NULL, 'OPEN', '{}', '{"k":null}'), ('b', 'bee', 7, 'DONE', '{OPEN}', '{"k":"v"}'),
  ('c', NULL, 5, 'LATE', '{DONE}', '{}');
INSERT INTO mark VALUES ('m1', 'b', NULL, ''), ('m2', 'b', 3, 'x'), ('m3', 'gone', 4, 'y');`;

/** Statement, and for each column `null` (it may be) or `sure`, with the labels that it may be. @type {[string, string[]][]} */
const cases = [
  ["SELECT id, nickname FROM pupil", ["sure", "null"]],
  ["SELECT p.id, m.note FROM pupil p LEFT JOIN mark m ON m.pupil_id = p.id", ["sure", "null"]],
  ["SELECT p.id, m.note FROM pupil p RIGHT JOIN mark m ON m.pupil_id = p.id", ["null", "sure"]],
  ["SELECT p.id, m.note FROM pupil p FULL JOIN mark m ON m.pupil_id = p.id", ["null", "null"]],
  ["SELECT p.id, m.note FROM pupil p JOIN mark m ON m.pupil_id = p.id", ["sure", "sure"]],
  ["SELECT m.note FROM pupil p LEFT JOIN mark m ON m.pupil_id = p.id WHERE m.note <> 'z'", ["sure"]],
  [
    "SELECT m.points FROM pupil p LEFT JOIN (mark m JOIN pupil q ON q.age = m.points + 4) ON m.pupil_id = p.id",
    ["null"],
  ],
  ["SELECT x.note FROM pupil p LEFT JOIN LATERAL (SELECT note FROM mark WHERE pupil_id = p.id) AS x ON true", ["null"]],
  ["SELECT nickname FROM pupil WHERE nickname IS NOT NULL", ["sure"]],
  ["SELECT nickname FROM pupil WHERE nickname IS NOT NULL OR age = 5", ["null"]],
  ["SELECT age FROM pupil WHERE NOT (age IS NULL OR nickname IS NULL)", ["sure"]],
  ["SELECT age FROM pupil WHERE age = ANY('{5,7}'::int[])", ["sure"]],
  ["SELECT age FROM pupil WHERE age <> ALL('{}'::int[])", ["null"]],
  ["SELECT age FROM pupil WHERE coalesce(age, 1) > 0", ["null"]],
  [
    "SELECT age + 1, coalesce(age, 0), greatest(age, 1), nullif(id, 'a'), id || 'x' FROM pupil",
    ["null", "sure", "sure", "null", "sure"],
  ],
  [
    "SELECT age > 3, age > 3 IS TRUE, age IS DISTINCT FROM 3, age IS NOT NULL AND age > 3, age IS NULL OR age > 3 FROM pupil",
    ["null", "sure", "sure", "sure", "sure"],
  ],
  ["SELECT age IS NOT NULL OR age > 3, age IS NULL AND age > 3 FROM pupil", ["null", "null"]],
  [
    "SELECT CASE WHEN age IS NOT NULL THEN age ELSE 0 END, CASE WHEN age > 3 THEN 1 END, CASE WHEN age IS NULL THEN 0 ELSE age END FROM pupil",
    ["sure", "null", "sure"],
  ],
  ["SELECT CASE WHEN age > 3 THEN 0 ELSE age END FROM pupil", ["null"]],
  ["SELECT data->>'k', data->'k', (data->>'k')::text, to_jsonb(data) FROM pupil", ["null", "null", "null", "sure"]],
  ["SELECT (data->'k')::text FROM pupil", ["null"]],
  [
    "SELECT count(*), max(age), sum(age), array_agg(id), bool_or(true) FROM pupil WHERE id = 'nobody'",
    ["sure", "null", "null", "null", "null"],
  ],
  [
    "SELECT id, max(age), max(id), count(age), jsonb_agg(age), max(id) FILTER (WHERE age > 6) FROM pupil GROUP BY id",
    ["sure", "null", "sure", "sure", "sure", "null"],
  ],
  [
    "SELECT (SELECT count(*) FROM mark), (SELECT max(note) FROM mark WHERE false), (SELECT note FROM mark LIMIT 1)",
    ["sure", "null", "null"],
  ],
  [
    "SELECT (SELECT count(*) FROM mark HAVING count(*) > 9), (SELECT count(*) FROM mark WHERE false GROUP BY id)",
    ["null", "null"],
  ],
  [
    "SELECT EXISTS (SELECT 1 FROM mark), ARRAY(SELECT note FROM mark), age IN (SELECT points FROM mark) FROM pupil",
    ["sure", "sure", "null"],
  ],
  ["SELECT id FROM pupil UNION SELECT nickname FROM pupil", ["null"]],
  ["SELECT id FROM pupil UNION ALL SELECT note FROM mark", ["sure"]],
  ["SELECT id FROM pupil EXCEPT SELECT nickname FROM pupil", ["sure"]],
  ["WITH x AS (SELECT id, age FROM pupil WHERE age > 1) SELECT id, age FROM x", ["sure", "sure"]],
  [
    "WITH RECURSIVE n AS (SELECT 1 AS i, age FROM pupil WHERE id = 'b' UNION ALL SELECT i + 1, NULL FROM n WHERE i < 3) SELECT i, age FROM n",
    ["sure", "null"],
  ],
  ["WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n", ["sure"]],
  ["SELECT a.id, a.nth FROM unnest('{x,y}'::text[]) WITH ORDINALITY AS a(id, nth)", ["sure", "sure"]],
  ["SELECT a.id FROM unnest('{x,NULL}'::text[]) AS a(id)", ["null"]],
  ["SELECT a.x, a.y FROM unnest('{1}'::int[], '{1,2}'::int[]) AS a(x, y)", ["null", "null"]],
  [`SELECT r.a FROM jsonb_to_recordset('[{"a":1},{}]'::jsonb) AS r(a int)`, ["null"]],
  ["SELECT v.a, v.b FROM (VALUES (1, NULL), (2, 'x')) AS v(a, b)", ["sure", "null"]],
  [
    "SELECT row_number() OVER (ORDER BY id), min(id) OVER (PARTITION BY state), lag(id) OVER (ORDER BY id) FROM pupil",
    ["sure", "sure", "null"],
  ],
  ["SELECT min(id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM pupil", ["null"]],
  ["UPDATE pupil SET nickname = NULL WHERE nickname IS NOT NULL RETURNING nickname, id", ["null", "sure"]],
  ["UPDATE pupil SET age = age + 1 WHERE nickname IS NOT NULL RETURNING nickname", ["sure"]],
  ["INSERT INTO mark (id, pupil_id, note) VALUES ('n', 'b', '') RETURNING points, note", ["null", "sure"]],
  ["DELETE FROM mark WHERE points > 1 RETURNING points", ["sure"]],
  [
    "SELECT p.id, count(m.id), max(m.note) FROM pupil p LEFT JOIN mark m ON m.pupil_id = p.id GROUP BY p.id",
    ["sure", "sure", "null"],
  ],
  ["SELECT id, max(age) FROM pupil GROUP BY GROUPING SETS ((id), ())", ["null", "null"]],
  ["SELECT nickname FROM pupil p WHERE EXISTS (SELECT 1 FROM mark m WHERE m.note = p.nickname)", ["null"]],
  ["SELECT extract(epoch FROM timestamptz 'infinity'), extract(day FROM timestamptz 'infinity')", ["sure", "null"]],
  ["SELECT state::text, moods::text[] FROM pupil", ["sure OPEN DONE LATE", "sure OPEN DONE LATE"]],
  ["SELECT state::text FROM pupil WHERE state IN ('OPEN', 'DONE')", ["sure OPEN DONE"]],
  ["SELECT state::text FROM pupil WHERE state <> 'OPEN' AND age > 0", ["sure DONE LATE"]],
  ["SELECT state::text FROM pupil WHERE (state = 'OPEN' AND age IS NULL) OR state = 'LATE'", ["sure OPEN LATE"]],
  ["SELECT state::text FROM pupil WHERE state NOT IN ('OPEN', 'LATE')", ["sure DONE"]],
  ["SELECT state::text FROM pupil WHERE NOT state = 'OPEN'", ["sure OPEN DONE LATE"]],
  ["UPDATE pupil SET state = 'OPEN' WHERE state = 'DONE' RETURNING state::text", ["sure OPEN DONE LATE"]],
  ["SELECT CASE WHEN age > 3 THEN 'OPEN'::state ELSE 'LATE' END FROM pupil", ["sure OPEN LATE"]],
  ["SELECT coalesce(moods, '{}')::text[] FROM pupil", ["sure OPEN DONE LATE"]],
];

const name = `campus_test_${process.pid}_${randomBytes(6).toString("hex")}`;
/** @type {pg.Client} */
let maintenance;
/** @type {pg.Client} */
let client;
/** @type {SqlServer} */
let server;
/** @type {Catalog} */
let catalog;

beforeAll(async () => {
  const url = new URL(inject("services").databaseUrl);
  maintenance = new pg.Client({ connectionString: url.href });
  await maintenance.connect();
  await maintenance.query(`CREATE DATABASE ${name}`);
  url.pathname = `/${name}`;
  client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(TABLES);
  server = await SqlServer.connect(url.href);
  catalog = await server.catalog();
});

afterAll(async () => {
  await server.close();
  await client.end();
  await maintenance.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await maintenance.end();
});

it.each(cases)("%s", async (sql, expected) => {
  const { tree } = await server.describe(sql);
  if (!tree) throw new Error("PostgreSQL printed no tree");
  const columns = new ColumnReader(catalog, () => ({ nullable: false, items: false })).columns(tree);
  const said = columns.map(({ nullable, labels }, index) => {
    const asked = expected[index]?.includes(" ") ? ` ${(labels ?? []).join(" ")}` : "";
    return `${nullable ? "null" : "sure"}${asked}`;
  });
  expect(said).toEqual(expected);

  await client.query("BEGIN");
  const { rows } = await client.query({ text: sql, rowMode: "array" });
  await client.query("ROLLBACK");
  for (const row of rows)
    for (const [index, column] of columns.entries()) {
      if (!column.nullable) expect(row[index]).not.toBeNull();
      const values = [row[index]].flat().filter((value) => value !== null);
      if (column.labels) expect(column.labels).toEqual(expect.arrayContaining(values));
    }
});

it("takes what values are from those who give them", async () => {
  const { tree } = await server.describe(
    `SELECT $1::text, $2::text, a.id, r.x, r.y FROM unnest($3::text[]) AS a(id), jsonb_to_recordset($4::jsonb) AS r(x text, y int)`,
  );
  if (!tree) throw new Error("PostgreSQL printed no tree");
  const record = new Map([
    ["x", false],
    ["y", true],
  ]);
  const reader = new ColumnReader(catalog, (number) => ({ nullable: number === 2, items: false, record }));
  expect(reader.columns(tree).map(({ nullable }) => nullable)).toEqual([false, true, false, false, true]);
});

it("takes the place of a fault from PostgreSQL", async () => {
  await expect(server.describe("SELECT\n nobody FROM pupil")).rejects.toMatchObject({ position: 9 });
  await expect(server.attempt("LOCK TABLE nobody")).rejects.toThrow(`relation "nobody" does not exist`);
  await server.attempt("ALTER TABLE pupil DROP COLUMN age");
  await server.describe("SELECT age FROM pupil");
});
