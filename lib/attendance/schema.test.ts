import { expect, test } from "vitest";
import { markBulkSchema } from "./schema";

test("bad bodies: a student twice, more than 2,000, minutes without LATE, out of range, a note too long or unprintable", () => {
  const issues = (body: unknown) =>
    markBulkSchema.safeParse(body).error?.issues.map((issue) => issue.path.join(".")) ?? [];
  const base = { classSessionId: "c" };
  const one = { studentId: "a", status: "PRESENT" };
  expect(issues({ ...base, records: [one, { studentId: "b", status: "LATE" }, one] })).toEqual(["records.2.studentId"]);
  const many = (count: number) => Array.from({ length: count }, (_, n) => ({ studentId: `s${n}`, status: "ABSENT" }));
  expect(issues({ ...base, records: many(2001) })).toEqual(["records"]);
  expect(issues({ ...base, records: many(2000) })).toEqual([]);
  expect(issues({ ...base, records: [{ ...one, minutesLate: 3 }] })).toEqual(["records.0.minutesLate"]);
  for (const status of ["PRESENT", "ABSENT", "EXCUSED", null])
    for (const minutesLate of [0, null])
      expect(issues({ ...base, records: [{ studentId: "a", status, minutesLate }] })).toEqual([]);
  for (const minutesLate of [-1, 601, 1.5, "3", 2 ** 31])
    expect(issues({ ...base, records: [{ studentId: "a", status: "LATE", minutesLate }] })).toHaveLength(1);
  for (const note of ["x".repeat(501), "a\u0000b", "\ud800"])
    expect(issues({ ...base, records: [{ ...one, note }] })).toEqual(["records.0.note"]);
  expect(issues({ ...base, records: [{ ...one, status: "AWAY" }] })).toEqual(["records.0.status"]);
  for (const expectedVersion of [-1, 2 ** 31, 1.5, null])
    expect(issues({ ...base, records: [], expectedVersion })).toEqual(["expectedVersion"]);
  expect(issues({ ...base, records: [{ studentId: "a" }] })).toEqual(["records.0.status"]);
});
