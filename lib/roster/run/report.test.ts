import { describe, expect, it } from "vitest";
import { emptyTally } from "@/lib/identity/import/import-tally";
import { messages } from "@/messages/en/index";
import { Problems, type ProblemCode } from "../problems";
import { formatRefusal, formatReport, sentence, storedReport, type RosterReport } from "./report";

const ANY = {
  allowed: "a, b",
  capacity: 2,
  count: 6,
  date: "2026-11-26",
  delimiter: "semicolon",
  expected: 3,
  first: 4,
  found: 1,
  from: 5,
  id: "x",
  limit: 9,
  name: "users.csv",
  names: "2025, 2026",
  reason: "end of file",
  role: "aide",
  taken: 7,
  value: "N/A",
};

describe("what the roster tool says", () => {
  it("has a whole sentence for everything it can find", () => {
    for (const code of Object.keys(messages.roster.problem) as ProblemCode[])
      expect(sentence({ file: "f", code, values: ANY }, "en")).toMatch(/^[^{}]{15,}\.$/);
  });

  it("lists a hundred errors by file and line, and counts the rest", () => {
    const problems = new Problems();
    for (let line = 250; line >= 2; line--) problems.error({ file: "users.csv", line, column: "email", code: "email" });
    const text = formatRefusal(problems, "en").split("\n");
    expect(text.filter((row) => row.includes("column email"))).toHaveLength(100);
    expect(text.at(-1)).toBe("  … and 149 more.");
  });

  it("says of a dry run that nothing was changed", () => {
    const tally = emptyTally();
    const report: RosterReport = {
      dryRun: true,
      version: "1.1",
      school: { id: "1", sourcedId: "north", name: "North", timeZone: "UTC" },
      tallies: {
        terms: tally,
        courses: tally,
        sections: { ...tally, created: 3 },
        users: tally,
        guardianships: tally,
        teachers: tally,
        enrollments: tally,
        classSessions: tally,
      },
      withoutPassword: [],
      sharedPassword: false,
      warnings: [{ file: "classes.csv", code: "overCapacity", values: { id: "s1", taken: 3, capacity: 1 } }],
      warningCount: 1,
      durationMs: 1_234,
    };
    const text = formatReport(storedReport(report, null), "en", "here");
    expect(text).toContain("Nothing was changed");
    expect(text).toMatch(/sections +3 +0 +0 +0/);
    expect(text).toContain("Section s1 has 3 students for 1 seat.");
    expect(text).not.toContain("invitation");
    const note = { count: 2, file: "/data/links.csv", origin: "https://campus.example.edu", host: "here" };
    const noted = formatReport(storedReport(report, note), "en", "here");
    expect(noted).toContain("2 invitation links written to /data/links.csv. They lead to https://campus.example.edu");
    const elsewhere = formatReport(storedReport(report, { ...note, host: "there" }), "en", "here");
    expect(elsewhere).toContain("written to /data/links.csv on the machine there, where the import ran.");
  });
});
