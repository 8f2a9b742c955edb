import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = path.join(import.meta.dirname, "..");
const raw = (sql: string) => `export const use = (tx, Prisma, given) => tx.$queryRaw\`${sql}\`;\n`;
const prisma = (call: string) => `export const use = (client) => client.${call};\n`;

const schema: Record<string, string> = {
  identity: `model User {
  id          String       @id
  enrollments Enrollment[]
  @@map("app_user")
}`,
  catalog: `model Section {
  id          String       @id
  enrollments Enrollment[]
  @@map("section")
}
model ClassSession {
  id String @id
  @@map("class_session")
}`,
  enrollment: `model Enrollment {
  id      String  @id
  section Section @relation(fields: [sectionId], references: [id])
  student User    @relation(fields: [studentId], references: [id])
  @@map("enrollment")
}`,
  attendance: `model AttendanceSheet {
  id String @id
  @@map("attendance_sheet")
}`,
  notification: `model Notification {
  id String @id
  @@map("notification")
}`,
};

const reads = {
  catalog: { enrollment: "an entry cannot allow what lies above", app_user: "names of teachers" },
  enrollment: { section: "codes", app_user: "names", nobody: "a table that is gone", class_session: " " },
  attendance: { section: "nothing reads it" },
};

/** [file, its text, what is said about it after `file:`] */
const refused: [string, string, string][] = [
  [
    "lib/enrollment/down.ts",
    raw("UPDATE section SET seats = 0"),
    "1 writes section, which is catalog's: call a function of lib/catalog that makes the change.",
  ],
  [
    "lib/catalog/up.ts",
    raw("DELETE FROM enrollment e USING section s WHERE e.section_id = s.id"),
    "1 writes enrollment, which is enrollment's, and enrollment does not lie below catalog: let enrollment make the change, in the same transaction.",
  ],
  [
    "lib/catalog/reads-up.ts",
    raw("SELECT 1\n  FROM section s\n  LEFT JOIN attendance_sheet a ON a.section_id = s.id"),
    "3 reads attendance_sheet, which is attendance's, and attendance does not lie below catalog: take what you need to know as a parameter from the use-case above both.",
  ],
  [
    "lib/attendance/unlisted.ts",
    raw("SELECT 1 FROM app_user"),
    "1 reads app_user, which is identity's: ask a function of lib/identity, or name the read in prisma/table-reads.json with its reason.",
  ],
  ["lib/catalog/listed.ts", raw("SELECT 1 FROM enrollment"), "1 reads enrollment"],
  ["lib/notification/aside.ts", raw("SELECT 1 FROM section"), "1 reads section"],
  ["lib/identity/list.ts", raw("SELECT 1 FROM app_user u, section s WHERE u.id = s.id"), "1 reads section"],
  ["lib/identity/using.ts", raw("DELETE FROM app_user u USING section s WHERE u.id = s.id"), "1 reads section"],
  [
    "lib/identity/from.ts",
    raw("UPDATE app_user u SET a = 1, b = 2 FROM section s WHERE u.id = s.id"),
    "1 reads section",
  ],
  ["lib/identity/quoted.ts", raw('SELECT 1 FROM public."section"'), "1 reads section"],
  ["lib/identity/copy.ts", raw("INSERT INTO app_user (id) SELECT id FROM section"), "1 reads section"],
  ["lib/catalog/insert.ts", raw("INSERT INTO enrollment (id) VALUES (1)"), "1 writes enrollment"],
  ["lib/catalog/truncate.ts", raw("TRUNCATE TABLE section, enrollment"), "1 writes enrollment"],
  [
    "lib/catalog/expression.ts",
    raw("WITH gone AS (DELETE FROM enrollment RETURNING id) SELECT count(*) FROM gone"),
    "1 writes enrollment",
  ],
  [
    "lib/catalog/fragment.ts",
    raw("SELECT 1 FROM section WHERE ${given ? Prisma.sql`\n EXISTS (SELECT 1 FROM attendance_sheet)` : Prisma.empty}"),
    "2 reads attendance_sheet",
  ],
  [
    "lib/catalog/head.ts",
    "export const FROM = Prisma.sql`enrollment e JOIN section s ON true`;\n",
    "1 reads enrollment",
  ],
  ["lib/catalog/constant.ts", 'export const LATER = "SELECT 1 FROM enrollment";\n', "1 reads enrollment"],
  ["lib/catalog/driver.ts", 'export const use = (pg) => pg.query("delete from enrollment");\n', "1 writes enrollment"],
  ["lib/catalog/shadow.ts", raw("WITH enrollment AS (SELECT 1 FROM enrollment) SELECT 1"), "1 reads enrollment"],
  [
    "lib/catalog/scope.ts",
    raw("SELECT (WITH enrollment AS (SELECT 1) SELECT 1) FROM enrollment"),
    "1 reads enrollment",
  ],
  ["lib/catalog/hidden.ts", raw("UPDATE ${given} SET a = 1"), "1 writes a table whose name is not in the text"],
  ["workers/jobs/write.ts", raw("UPDATE enrollment SET a = 1"), "1 writes enrollment"],
  ["server.ts", raw("UPDATE enrollment SET a = 1"), "1 writes enrollment"],
  ["app/page.tsx", raw("SELECT 1 FROM enrollment"), "1 reads enrollment"],
  ["lib/enrollment/model.ts", prisma("user.updateMany({ data: {} })"), "1 writes app_user"],
  ["lib/identity/model.ts", prisma("section.count()"), "1 reads section"],
  ["lib/catalog/include.ts", prisma("section.findMany({ include: { enrollments: true } })"), "1 reads enrollment"],
  [
    "lib/catalog/where.ts",
    prisma("section.count({ where: { OR: [{ NOT: { enrollments: { some: {} } } }] } })"),
    "1 reads enrollment",
  ],
  [
    "lib/catalog/shape.ts",
    "const shape = { id: true, enrollments: { select: { id: true } } };\n" +
      prisma("section.findFirst({ select: { ...shape } })"),
    "1 reads enrollment",
  ],
  [
    "lib/enrollment/nested.ts",
    prisma("enrollment.update({ data: { section: { update: { title: given } } } })"),
    "1 writes section",
  ],
];

/** What nobody may be blamed for. */
const allowed: [string, string][] = [
  ["lib/enrollment/own.ts", raw("INSERT INTO enrollment (id) SELECT s.id FROM section s JOIN app_user u ON true")],
  ["lib/enrollment/connect.ts", prisma("enrollment.create({ data: { section: { connect: { id: given } } } })")],
  ["lib/catalog/own.ts", raw("UPDATE section SET a = 1 FROM app_user u WHERE u.id = section.id")],
  [
    "lib/catalog/named-alike.ts",
    raw(
      "WITH s AS (SELECT 1), enrollment (id) AS MATERIALIZED (SELECT 1) SELECT 1 FROM s, enrollment WHERE (SELECT true FROM enrollment)",
    ),
  ],
  [
    "lib/catalog/recursive.ts",
    raw("WITH RECURSIVE enrollment AS (SELECT 1 UNION SELECT 2 FROM enrollment) SELECT 1 FROM enrollment"),
  ],
  [
    "lib/catalog/words.ts",
    raw(`SELECT EXTRACT(EPOCH FROM enrollment.at), trim(both FROM enrollment), 'it''s FROM enrollment' -- FROM enrollment
      FROM unnest(ids) WITH ORDINALITY AS enrollment(id, place), jsonb_to_recordset(r) AS r(section text, enrollment text)
      WHERE a IS DISTINCT FROM enrollment /* JOIN enrollment */ ORDER BY a, enrollment`),
  ],
  [
    "lib/catalog/locks.ts",
    raw("INSERT INTO section AS enrollment (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET a = enrollment.a"),
  ],
  [
    "lib/catalog/for-update.ts",
    raw("SELECT 1 FROM section AS enrollment FOR UPDATE OF enrollment; SELECT 1 FROM section FOR UPDATE ${given}"),
  ],
  ["lib/catalog/column.ts", "export const at = Prisma.sql`enrollment.begins_on`;\n"],
  ["lib/catalog/sentence.ts", 'export const hint = "Take the id from enrollment, or update enrollment later.";\n'],
  ["lib/catalog/map.ts", "export const use = (kept) => kept.enrollment.get(1);\n"],
  ["lib/catalog/any.test.ts", raw("DELETE FROM enrollment")],
  ["lib/catalog/composed.ts", raw("SELECT 1 FROM ${given} WHERE ${given} IN (SELECT id FROM ${given})")],
];

/** Runs the check in a folder with these sources. */
function check(house: string, sources: [string, string][], list: object) {
  const write = (file: string, text: string) => {
    const target = path.join(house, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  };
  for (const [module, models] of Object.entries(schema)) write(`prisma/schema/${module}.prisma`, `${models}\n`);
  write("prisma/table-reads.json", JSON.stringify(list));
  for (const [file, text] of sources) write(file, text);
  return spawnSync(process.execPath, [path.join(root, "scripts/table-owners.mjs")], { cwd: house, encoding: "utf8" });
}

describe("tables have owners", () => {
  const house = mkdtempSync(path.join(os.tmpdir(), "campus-tables-"));
  let problems: string[];

  beforeAll(() => {
    const planted = refused.map(([file, text]): [string, string] => [file, text]);
    const run = check(path.join(house, "planted"), [...planted, ...allowed], reads);
    expect(run.status).toBe(1);
    problems = run.stderr.trimEnd().split("\n");
  }, 60_000);

  afterAll(() => rmSync(house, { recursive: true, force: true }));

  it.each(refused)("refuses %s", (file, _text, said) => {
    const about = problems.filter((problem) => problem.startsWith(`${file}:`));
    expect(about).toHaveLength(1);
    expect(about[0]).toContain(`${file}:${said}`);
  });

  it.each(allowed)("says nothing about %s", (file) => {
    expect(problems.filter((problem) => problem.startsWith(file))).toEqual([]);
  });

  it("refuses entries of the list that nothing uses, that name no table, and that give no reason", () => {
    expect(problems.filter((problem) => problem.startsWith("prisma/table-reads.json"))).toEqual([
      "prisma/table-reads.json: catalog → enrollment: nothing reads it any more; remove the entry.",
      "prisma/table-reads.json: enrollment → nobody: there is no such table.",
      "prisma/table-reads.json: enrollment → class_session: nothing reads it any more; remove the entry.",
      "prisma/table-reads.json: enrollment → class_session: give the reason.",
      "prisma/table-reads.json: attendance → section: nothing reads it any more; remove the entry.",
    ]);
  });

  it("stand in docs/architecture.md as in the schema", () => {
    const folder = path.join(root, "prisma/schema");
    const owned = readdirSync(folder).flatMap((file) => {
      const tables = [...readFileSync(path.join(folder, file), "utf8").matchAll(/@@map\("(\w+)"\)/g)];
      return tables.map(([, table]) => `${file.replace(".prisma", "")} ${table}`);
    });
    const text = readFileSync(path.join(root, "docs/architecture.md"), "utf8");
    const [section = ""] = text.slice(text.indexOf("## Tables")).split(/\n## /);
    const rows = [...section.matchAll(/^\| `(\w+)` +\| (.+?) +\|/gm)];
    const documented = rows.flatMap(([, owner, tables = ""]) =>
      [...tables.matchAll(/`(\w+)`/g)].map(([, table]) => `${owner} ${table}`),
    );
    expect(documented.toSorted()).toEqual(owned.toSorted());
  });

  it("is content with a house in which everything is allowed", () => {
    const list = { catalog: { app_user: "names of teachers" }, enrollment: { section: "codes", app_user: "names" } };
    const run = check(path.join(house, "clean"), allowed, list);
    expect([run.stderr, run.status]).toEqual(["", 0]);
  });
});
