import { expect, test } from "vitest";
import { planMarks, type StoredMark } from "./plan-marks";
import type { MarkInput } from "../schema";

const open = { isFinal: false, finalize: false };
const finishing = { isFinal: false, finalize: true };
const final = { isFinal: true, finalize: true };
const mark = (status: StoredMark["status"], more: Partial<StoredMark> = {}): StoredMark => ({
  recordId: "r",
  version: 1,
  status,
  minutesLate: null,
  note: null,
  ...more,
});
const plan = (stored: Record<string, StoredMark>, records: MarkInput[], sheet: typeof open) =>
  planMarks(new Map(Object.entries(stored)), records, sheet, () => "new");

test("an open sheet announces nothing", () => {
  const { changes, events } = plan({}, [{ studentId: "a", status: "ABSENT" }], open);
  expect(changes).toHaveLength(1);
  expect(events).toEqual([]);
});

test("finishing announces everybody who is absent, marked now or before, and nobody whose absence was taken back", () => {
  const { events, becomesFinal } = plan(
    { before: mark("ABSENT", { version: 4 }), taken: mark("ABSENT"), there: mark("PRESENT") },
    [
      { studentId: "taken", status: "LATE" },
      { studentId: "now", status: "ABSENT" },
    ],
    finishing,
  );
  expect(becomesFinal).toBe(true);
  expect(events).toEqual([
    { type: "absent", studentId: "before", recordId: "r", version: 4 },
    { type: "absent", studentId: "now", recordId: "new", version: 1 },
  ]);
});

test("a final sheet announces changes of marks, once, and not minutes, notes or first marks that are not absences", () => {
  const stored = {
    was: mark("ABSENT"),
    is: mark("ABSENT"),
    late: mark("LATE", { minutesLate: 5 }),
    present: mark("PRESENT"),
  };
  const { events, changes } = plan(
    stored,
    [
      { studentId: "was", status: "EXCUSED" },
      { studentId: "is", status: "ABSENT", note: "rang at 9" },
      { studentId: "late", status: "LATE", minutesLate: 10 },
      { studentId: "present", status: "ABSENT" },
      { studentId: "first", status: "PRESENT" },
      { studentId: "firstAbsent", status: "ABSENT" },
    ],
    final,
  );
  expect(changes).toHaveLength(6);
  expect(events).toEqual([
    { type: "corrected", studentId: "was", recordId: "r", version: 2, from: "ABSENT", to: "EXCUSED" },
    { type: "absent", studentId: "present", recordId: "r", version: 2 },
    { type: "absent", studentId: "firstAbsent", recordId: "new", version: 1 },
  ]);
});

test("what is there already changes nothing, and what is left out is kept", () => {
  const stored = { a: mark("LATE", { minutesLate: 7, note: "bus" }) };
  expect(plan(stored, [{ studentId: "a", status: "LATE" }], final).changes).toEqual([]);
  const to = (record: Omit<MarkInput, "studentId">) =>
    plan(stored, [{ studentId: "a", ...record }], open).changes[0]?.to;
  expect(to({ status: "PRESENT" })).toEqual({ status: "PRESENT", minutesLate: null, note: "bus" });
  expect(to({ status: "EXCUSED", minutesLate: 0 })).toEqual({ status: "EXCUSED", minutesLate: null, note: "bus" });
  expect(to({ status: "LATE", minutesLate: null })).toEqual({ status: "LATE", minutesLate: null, note: "bus" });
  expect(to({ status: "LATE", note: "" })).toEqual({ status: "LATE", minutesLate: 7, note: null });
});

test("clearing is allowed while the sheet is open and named when the mark is final", () => {
  const clear = [{ studentId: "a", status: null }];
  expect(plan({ a: mark("ABSENT") }, clear, open)).toMatchObject({ clearedFinal: [], changes: [{ version: 2 }] });
  expect(plan({ a: mark("ABSENT") }, clear, final).clearedFinal).toEqual(["a"]);
  expect(plan({ a: mark(null) }, clear, final)).toMatchObject({ clearedFinal: [], changes: [] });
});
