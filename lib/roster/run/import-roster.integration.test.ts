import { beforeAll, describe, expect, it } from "vitest";
import { classMarks } from "@/lib/attendance/class-changes/was-held";
import { db } from "@/lib/platform/db/client";
import { generatedFiles } from "@/tests/load/school/generate-school";
import { importRoster, type ImportOptions } from "./import-roster";
import { RosterRefused } from "../problems";
import { memorySource } from "../sources/sources";

const NOW = new Date("2026-10-07T12:00:00Z");
type Files = Record<string, string>;

function run(files: Files, options: Partial<ImportOptions> = {}) {
  return importRoster(memorySource(files), { now: NOW, requestId: "test", marks: classMarks, ...options });
}

async function refusal(files: Files, options: Partial<ImportOptions> = {}): Promise<string[]> {
  const error: unknown = await run(files, options).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RosterRefused)) throw error ?? new Error("it was not refused");
  return error.problems.errors.map(({ file, line, column, code }) => `${file}:${line ?? ""}:${column ?? ""} ${code}`);
}

/** Every row of every table that an import writes, without what differs from run to run. */
async function everything(): Promise<string> {
  const tables = [
    "school",
    "app_user",
    "user_role_source",
    "guardianship",
    "term",
    "course",
    "section",
    "meeting",
    "section_teacher",
    "section_teacher_source",
    "class_session",
    "enrollment",
  ];
  const dumps = tables.map(
    (table) => `(SELECT string_agg(t::text, E'\\n' ORDER BY t::text) FROM ${table} t) AS "${table}"`,
  );
  const [row] = await db().$queryRawUnsafe<Record<string, string>[]>(`SELECT ${dumps.join(", ")}`);
  return JSON.stringify(row);
}

const faculty = generatedFiles({ school: "faculty" });

describe("importing a faculty of 574 sections and 1,543 students", () => {
  it("takes seconds and brings all of it", async () => {
    const started = performance.now();
    const report = await run(faculty, { timeZone: "Europe/Prague", sharedPasswordHash: "$argon2id$test" });
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(report.tallies.sections.created).toBe(574);
    expect(report.tallies.users.created).toBe(3_987);
    expect(report.tallies.teachers.created).toBe(574);
    expect(report.tallies.classSessions.created).toBeGreaterThan(5_000);
    expect(report.warningCount).toBe(0);
    const users = await db().user.groupBy({ by: ["roles", "passwordShared"], _count: true, orderBy: { roles: "asc" } });
    expect(users.map(({ roles, passwordShared, _count }) => [roles.join(), passwordShared, _count])).toEqual(
      expect.arrayContaining([
        ["STUDENT", true, 1_543],
        ["TEACHER", true, 192],
      ]),
    );
    expect(await db().guardianship.count()).toBe(report.tallies.guardianships.created);
    expect(await db().outboxEvent.count()).toBe(0);
    expect(await db().auditEntry.count({ where: { action: "roster.imported" } })).toBe(1);
  });

  it("has each class session of the plan, in the zone of the school", async () => {
    const wrong = await db().$queryRaw<unknown[]>`
      SELECT c.id FROM class_session c
      JOIN section s ON s.id = c.section_id JOIN term t ON t.id = s.term_id JOIN meeting m ON m.id = c.meeting_id
      WHERE (c.starts_at AT TIME ZONE 'Europe/Prague')::date <> c.date
         OR extract(isodow FROM c.date) <> m.day OR c.date NOT BETWEEN t.starts_on AND t.ends_on
         OR (c.starts_at AT TIME ZONE 'Europe/Prague')::time <> make_time(m.start_minute / 60, m.start_minute % 60, 0)
         OR substr(s.weeks, (c.date - date_trunc('week', t.starts_on)::date) / 7 + 1, 1) <> '1'`;
    expect(wrong).toEqual([]);
    const [expected] = await db().$queryRaw<{ count: number }[]>`
      SELECT sum(length(replace(s.weeks, '0', '')))::int AS count FROM section s JOIN meeting m ON m.section_id = s.id`;
    expect(await db().classSession.count()).toBe(expected?.count);
  });

  it("changes nothing when it is imported again", async () => {
    const before = await everything();
    const report = await run(faculty, { sharedPasswordHash: "$argon2id$other" });
    for (const tally of Object.values(report.tallies))
      expect(tally).toMatchObject({ created: 0, changed: 0, ended: 0 });
    expect(report.withoutPassword).toEqual([]);
    expect(report.school.timeZone).toBe("Europe/Prague");
    expect(await everything()).toBe(before);
  });

  it("leaves nothing behind after a dry run", async () => {
    const before = await everything();
    const other = generatedFiles({ school: "other", students: 50, sections: 60, courses: 30 });
    const report = await run(other, { dryRun: true });
    expect(report).toMatchObject({ dryRun: true, tallies: { sections: { created: 60 } } });
    expect(await everything()).toBe(before);
  });

  it("is all or nothing: one bad row refuses the rest", async () => {
    const before = await everything();
    const files = generatedFiles({ school: "other", students: 50, sections: 60, courses: 30 });
    const enrollments = `${files["enrollments.csv"] ?? ""}x1,,,s1,other,nobody,student,\nx2,,,s999,other,u1,student,\n`;
    const last = enrollments.trimEnd().split("\n").length;
    expect(await refusal({ ...files, "enrollments.csv": enrollments })).toEqual([
      `enrollments.csv:${last - 1}:userSourcedId danglingUser`,
      `enrollments.csv:${last}:classSourcedId danglingClass`,
    ]);
    expect(await everything()).toBe(before);
  });

  it("lets another school use the same ids, but not the same e-mails", async () => {
    const other = generatedFiles({ school: "other" });
    const clash = (other["users.csv"] ?? "").replace("u1@other.example.edu", "U1@Faculty.example.edu");
    const line = clash.split("\n").findIndex((row) => row.startsWith("u1,")) + 1;
    expect(await refusal({ ...other, "users.csv": clash })).toEqual([`users.csv:${line}:email emailTakenElsewhere`]);
    const before = await db().user.count({ where: { school: { sourcedId: "faculty" } } });
    const report = await run(other);
    expect(report.tallies.users.created).toBe(3_987);
    expect(await db().user.count({ where: { school: { sourcedId: "faculty" } } })).toBe(before);
    expect(await db().section.count({ where: { sourcedId: "s1" } })).toBe(2);
  });
});

describe("two imports at the same moment", () => {
  const shape = { students: 40, teachers: 3, sections: 20, courses: 10 };

  it("of one new school make one school", async () => {
    const files = generatedFiles({ ...shape, school: "twin" });
    const reports = await Promise.all([run(files), run(files), run(files)]);
    expect(
      reports
        .map(({ tallies }) => tallies.users.created)
        .sort((a, b) => a - b)
        .slice(0, 2),
    ).toEqual([0, 0]);
    expect(await db().school.count({ where: { sourcedId: "twin" } })).toBe(1);
  });

  it("of two schools with an e-mail in common: one is refused, with a reason", async () => {
    const one = generatedFiles({ ...shape, school: "race-one" });
    const other = generatedFiles({ ...shape, school: "race-other" });
    const users = (other["users.csv"] ?? "").replace("u1@race-other", "u1@race-one");
    const outcomes = await Promise.allSettled([run(one), run({ ...other, "users.csv": users })]);
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(refused).toHaveLength(1);
    expect(refused[0]?.reason).toBeInstanceOf(RosterRefused);
    expect(await db().user.count({ where: { email: "u1@race-one.example.edu" } })).toBe(1);
  });
});

describe("references", () => {
  const small = () => generatedFiles({ school: "refs", students: 6, teachers: 2, sections: 6, courses: 4 });
  beforeAll(() => run(small()));

  it.each([
    ["classes.csv", "courseSourcedId", "c1-l", "c99", "danglingCourse"],
    ["classes.csv", "termSourcedIds", "term-1", "term-9", "danglingTerm"],
    ["users.csv", "email", "u2@refs", "u1@refs", "emailTwice"],
  ])("that lead nowhere are named: %s, %s", async (file, column, from, to, code) => {
    const files = small();
    const text = (files[file] ?? "").replace(from, to);
    expect(await refusal({ ...files, [file]: text })).toContainEqual(
      expect.stringMatching(new RegExp(`^${file}:\\d+:${column} ${code}$`)),
    );
  });

  it("to guardians that are not there are left out and counted, and the rest is imported", async () => {
    const files = small();
    const users = (files["users.csv"] ?? "")
      .replace('"g1-1,g1-2"', '"g1-1,g9-2,g9-3"')
      .replace('"g2-1,g2-2"', '"g2-1,g9-2,u2"');
    const { warnings, tallies } = await run({ ...files, "users.csv": users });
    expect(warnings).toContainEqual(
      expect.objectContaining({ file: "users.csv", code: "agentsLeftOut", values: { count: 3, id: "g9-2" } }),
    );
    expect(warnings).toContainEqual(expect.objectContaining({ code: "ownAgents", values: { count: 1, id: "u2" } }));
    expect(tallies.guardianships.created).toBe(0);
    expect(
      await db().guardianship.count({ where: { student: { sourcedId: "u1", school: { sourcedId: "refs" } } } }),
    ).toBe(2);
  });

  it("may lead to what an earlier import brought", async () => {
    const { "courses.csv": _courses, "users.csv": _users, ...rest } = small();
    const manifest = (rest["manifest.csv"] ?? "")
      .replace("courses,bulk", "courses,absent")
      .replace("users,bulk", "users,absent");
    const report = await run({ ...rest, "manifest.csv": manifest });
    expect(report.tallies.sections).toMatchObject({ unchanged: 6, created: 0, changed: 0 });
  });

  it("name one school at a time", async () => {
    const files = small();
    const orgs = `${files["orgs.csv"] ?? ""}second,,,Second,school,,\n`;
    expect(await refusal({ ...files, "orgs.csv": orgs })).toEqual(["orgs.csv:3:type severalSchools"]);
  });

  it.each([
    ["its predecessor", "old,tobedeleted,,Old,school,,\n"],
    ["a deleted district", "district,tobedeleted,,,,,\n"],
  ])("take the living school beside %s", async (_name, deleted) => {
    const files = small();
    const report = await run({ ...files, "orgs.csv": `${files["orgs.csv"] ?? ""}${deleted}` });
    expect(report.school.sourcedId).toBe("refs");
  });

  it("never delete the school itself", async () => {
    const files = small();
    const orgs = (files["orgs.csv"] ?? "").replace("refs,,", "refs,tobedeleted,");
    expect(await refusal({ ...files, "orgs.csv": `${orgs}district,,,District,district,,\n` })).toContain(
      "orgs.csv:2:status schoolEnded",
    );
  });
});
