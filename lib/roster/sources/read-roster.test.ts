import { Readable } from "node:stream";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { generatedFiles } from "@/tests/load/school/generate-school";
import { Problems } from "../problems";
import { readRoster } from "./read-roster";
import { sentence } from "../run/report";
import { memorySource, type RosterSource } from "./sources";

type Files = Record<string, string | Buffer>;

const small = (): Record<string, string> =>
  generatedFiles({ students: 4, teachers: 2, sections: 4, courses: 3, school: "small" });

async function read(files: Files, source: RosterSource = memorySource(files)) {
  const problems = new Problems();
  const roster = await readRoster(source, problems);
  return { roster, problems };
}

/** What is said of the files: `file:line:column code`. */
async function found(files: Files) {
  const { problems } = await read(files);
  return problems.errors.map(({ file, line, column, code }) => `${file}:${line ?? ""}:${column ?? ""} ${code}`);
}

const change = (file: string, edit: (text: string) => string): Files => {
  const files = small();
  const text = files[file] ?? "";
  const edited = edit(text);
  if (edited === text) throw new Error(`nothing to change in ${file}`);
  return { ...files, [file]: edited };
};
const line = (number: number, edit: (line: string) => string) => (text: string) =>
  text
    .split("\n")
    .map((row, index) => (index === number - 1 ? edit(row) : row))
    .join("\n");

describe("reading a roster", () => {
  it("takes a good one without a word", async () => {
    const { roster, problems } = await read(small());
    expect([problems.errorCount, problems.warningCount]).toEqual([0, 0]);
    expect(roster.classes.size).toBe(4);
    expect(roster.users.get("u1")).toMatchObject({ email: "u1@small.example.edu", agents: ["g1-1", "g1-2"] });
  });

  it("reads the same with a byte-order mark, Windows line ends and quoted line breaks", async () => {
    const files: Files = {};
    for (const [name, text] of Object.entries(small())) files[name] = `\ufeff${text.replaceAll("\n", "\r\n")}`;
    files["orgs.csv"] = 'sourcedId,name,type\r\nsmall,"Small\r\nSchool, North",school\r\n';
    const { roster, problems } = await read(files);
    expect(problems.errors).toEqual([]);
    expect(roster.orgs.get("small")?.name).toBe("Small\r\nSchool, North");
  });

  it("reads files whose lines end with a carriage return alone, and knows their lines", async () => {
    const files: Files = {};
    for (const [name, text] of Object.entries(small())) files[name] = text.replaceAll("\n", "\r");
    const { roster, problems } = await read(files);
    expect([problems.errorCount, problems.warningCount]).toEqual([0, 0]);
    expect(roster.classes.size).toBe(4);
    const orgs = Buffer.from('sourcedId,name,type\rsmall,"A\rB",school\rother,Zo\xeb,district\r', "latin1");
    expect(await found({ ...files, "orgs.csv": orgs })).toContain("orgs.csv:4:name encoding");
    const short = 'sourcedId,name,type\rsmall,"A\rB",school\rother,C,district,more\r';
    expect(await found({ ...files, "orgs.csv": short })).toContain("orgs.csv:4: valueCount");
  });

  it("counts a quoted Windows line break once", async () => {
    const text = 'sourcedId,name,type\r\nsmall,"A\r\nB",school\r\nother,C,district,more\r\n';
    expect(await found({ ...small(), "orgs.csv": text })).toContain("orgs.csv:4: valueCount");
  });

  it("gives up on a file without line breaks before it is in memory", async () => {
    const text = Buffer.alloc(300_000, "x,");
    let chunks = 0;
    async function* endless() {
      for (; chunks < 1_000; chunks += 1) yield text;
    }
    const files = small();
    const whole = memorySource(files);
    const { problems } = await read(files, {
      ...whole,
      open: async (name) => (name === "courses.csv" ? Readable.from(endless()) : whole.open(name)),
    });
    expect(problems.errors).toContainEqual(
      expect.objectContaining({ file: "courses.csv", line: 1, code: "lineTooLong" }),
    );
    expect(chunks).toBeLessThan(100);
    const late = `${files["courses.csv"] ?? ""}${"x".repeat(1_200_000)}`;
    const lines = (files["courses.csv"] ?? "").split("\n").length;
    expect(await found({ ...files, "courses.csv": late })).toContain(`courses.csv:${lines}: lineTooLong`);
  });

  it("reads a file that arrives in single bytes", async () => {
    const files = small();
    files["orgs.csv"] = "sourcedId,name,type\nsmall,Škola žáků 🎓,school\n";
    const whole = memorySource(files);
    const bytewise: RosterSource = {
      ...whole,
      open: async (name) => Readable.from([...Buffer.from(files[name] ?? "")].map((byte) => Buffer.from([byte]))),
    };
    const { roster, problems } = await read(files, bytewise);
    expect(problems.errors).toEqual([]);
    expect(roster.orgs.get("small")?.name).toBe("Škola žáků 🎓");
  });

  it("names file, line and column of a wrong encoding", async () => {
    const text = Buffer.from("sourcedId,name,type\nsmall,A,school\nother,Zo\xeb,district\n", "latin1");
    expect(await found({ ...small(), "orgs.csv": text })).toContain("orgs.csv:3:name encoding");
    const utf16 = Buffer.from("\ufeffsourcedId,name,type\n", "utf16le");
    expect(await found({ ...small(), "orgs.csv": utf16 })).toContain("orgs.csv:1: encoding16");
  });

  it("names a missing column, a column that is there twice, and an empty file", async () => {
    expect(await found(change("users.csv", (text) => text.replace("givenName", "firstName")))).toContain(
      "users.csv:1:givenName columnMissing",
    );
    expect(await found(change("users.csv", (text) => text.replace("username", "email")))).toContain(
      "users.csv:1:email columnTwice",
    );
    expect(await found({ ...small(), "courses.csv": "" })).toContain("courses.csv:1: emptyFile");
  });

  it("names a wrong file by the columns it lacks", async () => {
    const files = small();
    const errors = await found({ ...files, "users.csv": files["classes.csv"] ?? "" });
    expect(errors).toContain("users.csv:1:familyName columnMissing");
  });

  it("names a missing file, and accepts it when the manifest says that it is absent", async () => {
    const { "courses.csv": _gone, ...files } = small();
    expect(await found(files)).toContain("courses.csv:: fileMissing");
    const manifest = files["manifest.csv"]?.replace("file.courses,bulk", "file.courses,absent") ?? "";
    expect(await found({ ...files, "manifest.csv": manifest })).toEqual([]);
    expect(await found({})).toEqual(["manifest.csv:: noCsvFiles"]);
  });

  it("names a duplicate id with the line of the first", async () => {
    const files = change("courses.csv", (text) => text + (text.split("\n")[1] ?? "") + "\n");
    const { problems } = await read(files);
    const rows = files["courses.csv"]?.toString().trimEnd().split("\n").length ?? 0;
    expect(problems.errors[0]).toMatchObject({ line: rows, column: "sourcedId", values: { id: "c1-l", first: 2 } });
    expect(problems.errors.map((problem) => sentence(problem, "en"))[0]).toContain("already on line 2");
  });

  it.each([
    ["users.csv", "email", "u1@small.example.edu", "not an address", "email"],
    ["users.csv", "email", "u1@small.example.edu", "\u212Aelvin@small.example.edu", "email"],
    ["users.csv", "enabledUser", "true", "yes", "flag"],
    ["users.csv", "status", "u1,,", "u1,gone,", "status"],
    ["users.csv", "givenName", "student,u1,Bence", "student,u1,Be\u0007nce", "controlCharacter"],
    ["users.csv", "givenName", "student,u1,Bence", `student,u1,${"x".repeat(201)}`, "tooLong"],
    ["classes.csv", "schoolSourcedId", ",small,", ",nowhere,", "danglingOrg"],
    ["academicSessions.csv", "startDate", "2026-09-21", "21/09/2026", "date"],
    ["academicSessions.csv", "startDate", "2026-09-21", "2026-02-30", "date"],
    ["academicSessions.csv", "endDate", "2027-01-03", "2026-01-03", "datesReversed"],
    ["academicSessions.csv", "type", "semester", "holiday", "oneOf"],
    ["courses.csv", "metadata.credits", /,4$/m, ",four", "decimal"],
    ["classes.csv", "metadata.meetings", /,(MO|TU|WE|TH|FR) \d\d:/, ",XX 08:", "meetingForm"],
    ["classes.csv", "metadata.meetings", /-(\d\d:\d\d),/, "-00:10,", "meetingOrder"],
    [
      "classes.csv",
      "metadata.meetings",
      /,(MO|TU|WE|TH|FR) [^,]*,/,
      ",MO 08:00-10:00;FR 09:00-10:00;MO 09:59-11:00,",
      "meetingOverlap",
    ],
    ["classes.csv", "metadata.weeks", /,[01]{15}$/m, ",0120", "weeks"],
    ["manifest.csv", "value", "version,1.1", "version,2.0", "version"],
  ])("names what is wrong in %s, column %s (%#)", async (file, column, from, to, code) => {
    const errors = await found(change(file, (text) => text.replace(from, to)));
    expect(errors.some((text) => text.startsWith(`${file}:`) && text.endsWith(`:${column} ${code}`))).toBe(true);
  });

  it("names rows with too many values, and quotes that do not match", async () => {
    expect(
      await found(
        change(
          "courses.csv",
          line(3, (row) => `${row},more`),
        ),
      ),
    ).toContain("courses.csv:3: valueCount");
    const open = await found(
      change(
        "courses.csv",
        line(3, (row) => row.replace(",", ',"')),
      ),
    );
    expect(open.some((text) => text.startsWith("courses.csv:") && text.endsWith(" csvSyntax"))).toBe(true);
  });

  it("takes meetings that touch, and equal hours on other days", async () => {
    const files = change("classes.csv", (text) =>
      text.replace(/,(MO|TU|WE|TH|FR) [^,]*,/, ",MO 08:00-09:00;MO 09:00-10:00;TU 08:30-09:30,"),
    );
    expect(await found(files)).toEqual([]);
  });

  it("skips rows of empty cells, pads rows that are cut short, and ignores empty cells too many", async () => {
    const files: Files = {};
    for (const [name, text] of Object.entries(small())) {
      const rows = text.trimEnd().split("\n");
      const commas = ",".repeat((rows[0] ?? "").split(",").length - 1);
      files[name] = [commas, rows[0], commas, ...rows.slice(1).map((row) => row.replace(/,+$/, "")), commas, " , "]
        .concat(rows.length > 1 ? [] : [""])
        .join("\n");
    }
    const plain = await read(small());
    const padded = await read(files);
    expect(padded.problems.errors).toEqual([]);
    const unplaced = (rows: ReadonlyMap<string, { line: number }>) =>
      [...rows].map(([id, row]) => [id, { ...row, line: 0 }]);
    for (const table of ["orgs", "sessions", "courses", "classes", "users", "enrollments"] as const)
      expect(unplaced(padded.roster[table])).toEqual(unplaced(plain.roster[table]));
    const wide = change("courses.csv", (text) => text.replaceAll("\n", ",,\n"));
    expect(await found(wide)).toEqual([]);
  });

  it.each([
    [";", "semicolon"],
    ["\t", "tab"],
  ])("reads files whose cells are separated by %j and says so of each", async (delimiter, name) => {
    const files: Files = {};
    for (const [file, text] of Object.entries(small())) {
      const rows = (parse(text, { relax_column_count: true }) as string[][]).map((row) =>
        row.map((cell) => (cell === "" ? "" : `"${cell}"`)).join(delimiter),
      );
      files[file] = `\ufeff${rows.join("\r\n")}\r\n`;
    }
    const { roster, problems } = await read(files);
    expect(problems.errors).toEqual([]);
    expect(roster.users.get("u1")?.agents).toEqual(["g1-1", "g1-2"]);
    const noted = problems.warnings.map(({ file, code, values }) => [file, code, values?.["delimiter"]]);
    expect(noted).toContainEqual(["users.csv", "delimiter", name]);
    expect(noted).toHaveLength(7);
    const hint = { ...small(), "orgs.csv": `sep=${delimiter}\r\nsourcedId${delimiter}name${delimiter}type\r\nx\r\n` };
    expect((await read(hint)).roster.orgs.get("x")?.line).toBe(3);
  });

  it("keeps empty first cells of a tab file apart, and names the column of a letter that is not UTF-8", async () => {
    const orgs = Buffer.from(
      "sourcedId\tstatus\tname\ttype\nsmall\t\tA\tschool\nother\t\tZo\xeb\tdistrict\n",
      "latin1",
    );
    expect(await found({ ...small(), "orgs.csv": orgs })).toContain("orgs.csv:3:name encoding");
  });

  it("does not judge what it does not read", async () => {
    const manifest = small()["manifest.csv"] ?? "";
    const more = "file.scoreScales,\nfile.roles,perhaps\nmanifest.version,\n";
    expect(await found({ ...small(), "manifest.csv": manifest + more })).toEqual([]);
    const errors = await found({ ...small(), "manifest.csv": manifest.replace("file.users,bulk", "file.users,") });
    expect(errors.some((text) => /^manifest\.csv:\d+:value oneOf$/.test(text))).toBe(true);
    const of12 = `file.roles,perhaps\n${manifest.replace("version,1.1", "version,1.2")}`;
    const late = await found({ ...small(), "manifest.csv": of12.replace(/^(file.roles.*\n)(.*\n)/, "$2$1") });
    expect(late).toContain("manifest.csv:2:value oneOf");
  });

  it("leaves out organisations that are not there, and counts them", async () => {
    const files = change("users.csv", (text) => text.replaceAll("true,small,student", 'true,"small,far,away",student'));
    const { problems, roster } = await read({
      ...files,
      "courses.csv": (small()["courses.csv"] ?? "").replaceAll(",small,", ",district,"),
    });
    expect(problems.errors).toEqual([]);
    expect(problems.warnings).toEqual([
      expect.objectContaining({
        file: "courses.csv",
        code: "orgsLeftOut",
        values: { count: roster.courses.size, id: "district" },
      }),
      expect.objectContaining({ file: "users.csv", line: 4, code: "orgsLeftOut", values: { count: 8, id: "far" } }),
    ]);
  });

  it.each(["N/A", "n/a", "-", "none", "NULL", "#N/A"])(
    "reads %j in an optional column as empty, with a note",
    async (word) => {
      const files = change("users.csv", (text) =>
        text.replace("u1@small.example.edu", word).replace('"g1-1,g1-2"', word),
      );
      const classes = (files["classes.csv"] ?? "").toString().replace(/,(MO|TU|WE|TH|FR) [^,]*,/, `,${word},`);
      const { problems, roster } = await read({ ...files, "classes.csv": classes });
      expect(problems.errors).toEqual([]);
      expect(roster.users.get("u1")).toMatchObject({ email: "", agents: [] });
      expect([...roster.classes.values()].filter((row) => row.meetings?.length === 0)).toHaveLength(1);
      expect(problems.warnings.map(({ column, code, values }) => [column, code, values?.["value"]])).toEqual([
        ["metadata.meetings", "saysNothing", word],
        ["email", "saysNothing", word],
        ["agentSourcedIds", "saysNothing", word],
      ]);
      const required = await found(
        change("users.csv", (text) => text.replace("student,u1,Bence", `student,u1,${word}`)),
      );
      expect(required).toEqual([]);
    },
  );

  it("keeps what it holds bounded when every row is wrong", async () => {
    const rows = Array.from({ length: 5_000 }, (_, n) => `x${n},,CODE,small`).join("\n");
    const { problems } = await read({
      ...small(),
      "courses.csv": `sourcedId,title,courseCode,orgSourcedId\n${rows}\n`,
    });
    expect(problems.errorCount).toBe(5_000);
    expect(problems.errors).toHaveLength(1_000);
  });

  it("reads meetings, weeks and seats of classes", async () => {
    const classes = [
      "sourcedId,title,courseSourcedId,classCode,schoolSourcedId,termSourcedIds,metadata.capacity,metadata.meetings,metadata.weeks",
      "a,A,c1-l,A-1,small,term-1,,WE 13:00-14:50; mo 9:00-10:50,0101",
      "b,B,c1-l,B-1,small,term-1,0,SU 22:00-24:00,",
    ].join("\n");
    const { roster, problems } = await read({ ...small(), "classes.csv": `${classes}\n` });
    expect(problems.errors).toEqual([]);
    expect(roster.classes.get("a")).toMatchObject({
      capacity: 30,
      waitlistCapacity: undefined,
      weeks: "0101",
      meetings: [
        { day: 1, startMinute: 540, endMinute: 650 },
        { day: 3, startMinute: 780, endMinute: 890 },
      ],
    });
    expect(roster.classes.get("b")).toMatchObject({
      capacity: 0,
      weeks: null,
      meetings: [{ day: 7, endMinute: 1440 }],
    });
  });

  it("reads OneRoster 1.2 with its roles file", async () => {
    const files = small();
    const users = "sourcedId,enabledUser,givenName,familyName,email,agentSourcedIds,primaryOrgSourcedId";
    const { roster, problems } = await read({
      ...files,
      "manifest.csv": `${files["manifest.csv"]?.replace("version,1.1", "version,1.2") ?? ""}file.roles,bulk\n`,
      "users.csv": `${users}\nu1,true,A,B,a@small.example.edu,,small\nt1,true,C,D,c@small.example.edu,,small\n`,
      "roles.csv": [
        "sourcedId,userSourcedId,roleType,role,orgSourcedId",
        "r1,u1,primary,student,small",
        "r2,t1,primary,teacher,small",
        "r3,t1,secondary,siteAdministrator,small\n",
      ].join("\n"),
    });
    expect(problems.errors).toEqual([]);
    expect(roster.version).toBe("1.2");
    expect(roster.users.get("t1")?.roles).toEqual(["teacher", "siteAdministrator"]);
  });
});
