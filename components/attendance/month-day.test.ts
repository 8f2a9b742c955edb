import { expect, test } from "vitest";
import { monthDay } from "./month-day";

test.each([
  [[], 0, null],
  [[], 2, null],
  [["PRESENT", "PRESENT"], 0, { status: "PRESENT", count: 2, total: 2, isWhole: true }],
  [["PRESENT", "PRESENT"], 1, { status: "PRESENT", count: 2, total: 3, isWhole: false }],
  [["PRESENT", "ABSENT", "PRESENT", "PRESENT"], 0, { status: "ABSENT", count: 1, total: 4, isWhole: false }],
  [["ABSENT", "ABSENT"], 0, { status: "ABSENT", count: 2, total: 2, isWhole: true }],
  [["ABSENT"], 1, { status: "ABSENT", count: 1, total: 2, isWhole: false }],
  [["LATE", "EXCUSED", "PRESENT"], 0, { status: "LATE", count: 1, total: 3, isWhole: false }],
] as const)("a day of %j with %i classes without a mark", (statuses, waiting, day) => {
  expect(monthDay(statuses, waiting)).toEqual(day);
});
