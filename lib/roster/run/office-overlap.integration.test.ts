import { describe, expect, it } from "vitest";
import { rosterSchool } from "@/tests/support/roster-school";

describe("enrollments of the office that overlap", () => {
  const { whole, run, lesson, seat } = rosterSchool("overlap");
  const overlaps = (report: Awaited<ReturnType<typeof run>>) =>
    report.warnings
      .filter(({ code }) => code === "officeOverlap")
      .map(({ file, line, values }) => [file, line, values?.["id"]]);

  it("are named once a pair with their line, and imported", async () => {
    const report = await run({
      ...whole,
      classes: [
        lesson("a"),
        lesson("b", { courseSourcedId: "c2", "metadata.meetings": "MO 09:30-10:30" }),
        lesson("c", { courseSourcedId: "c2", "metadata.meetings": "MO 10:00-11:00", "metadata.weeks": "010101" }),
      ],
      enrollments: [seat("a", "s1"), seat("b", "s1"), seat("a", "s2"), seat("c", "s2")],
    });
    expect(overlaps(report)).toEqual([["enrollments.csv", 2, "b"]]);
    expect(report.tallies.enrollments.created).toBe(4);
  });

  it("are named when a class moves to another hour, and not again while nothing changes", async () => {
    const rows = { enrollments: [seat("a", "s2"), seat("c", "s2")] };
    const moved = lesson("c", {
      courseSourcedId: "c2",
      "metadata.meetings": "MO 09:00-09:30",
      "metadata.weeks": "010101",
    });
    expect(overlaps(await run({ classes: [moved], ...rows }))).toEqual([["enrollments.csv", 3, "a"]]);
    expect(overlaps(await run({ classes: [moved], ...rows }))).toEqual([]);
  });
});
