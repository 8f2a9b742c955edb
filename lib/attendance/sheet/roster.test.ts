import { describe, expect, test } from "vitest";
import { markedOf, rosterOf } from "./roster";

const finishedAt = new Date("2026-11-23T10:08:00Z");
const minutesAfter = (count: number) => new Date(finishedAt.getTime() + count * 60_000);
const members = [
  { studentId: "always", since: null },
  { studentId: "before", since: minutesAfter(-5) },
  { studentId: "after", since: minutesAfter(5) },
];
const none: string[] = [];
const open = { finalizedAt: null, finalizedRoster: null };

describe("the roster of a class", () => {
  test("is who was enrolled while it ran, and who has a mark", () => {
    expect(rosterOf(members, none, open)).toEqual(new Set(["always", "before", "after"]));
    const records = new Map([
      ["gone", { status: "ABSENT" as const }],
      ["cleared", { status: null }],
    ]);
    expect(rosterOf(members, markedOf(records), open)).toEqual(new Set(["always", "before", "after", "gone"]));
  });

  test("once finished keeps who was on it, and takes only who joined after that", () => {
    const sheet = { finalizedAt: finishedAt, finalizedRoster: ["always", "retracted"] };
    expect(rosterOf(members, none, sheet)).toEqual(new Set(["always", "retracted", "after"]));
    expect(rosterOf(members, ["before"], sheet)).toContain("before");
    expect(rosterOf([], none, { finalizedAt: finishedAt, finalizedRoster: [] })).toEqual(new Set());
  });

  test("of a sheet that was finished before its roster was kept goes by the enrollments", () => {
    expect(rosterOf(members, none, { finalizedAt: finishedAt, finalizedRoster: null })).toEqual(
      new Set(["always", "before", "after"]),
    );
  });
});
