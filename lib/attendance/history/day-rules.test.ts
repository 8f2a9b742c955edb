import { expect, test } from "vitest";
import { dayAnswer, type StudentClass, urgencyOf } from "./day-rules";
import type { AttendanceStatus } from "../schema";

const now = new Date("2026-11-23T10:30:00Z");
const at = (hour: number, status: AttendanceStatus | null = null, isCancelled = false): StudentClass => ({
  classSessionId: `c${hour}`,
  title: `Class ${hour}`,
  startsAt: `2026-11-23T${String(hour).padStart(2, "0")}:00:00+00:00`,
  endsAt: `2026-11-23T${String(hour).padStart(2, "0")}:50:00+00:00`,
  isCancelled,
  status,
  minutesLate: null,
});

test("a day without classes, or with cancelled ones alone, has none", () => {
  expect(dayAnswer([], now)).toEqual({ kind: "none" });
  expect(dayAnswer([at(8, "ABSENT", true)], now)).toEqual({ kind: "none" });
});

test("before the first class nothing is missing yet", () => {
  expect(dayAnswer([at(11), at(12)], now)).toMatchObject({ kind: "ahead", next: { classSessionId: "c11" } });
});

test("a class that has begun and is not marked is not yet known", () => {
  expect(dayAnswer([at(8), at(9), at(11)], now)).toMatchObject({ kind: "unknown", waiting: { classSessionId: "c8" } });
});

test("the newest mark says where the child is, with earlier absences beside it", () => {
  expect(dayAnswer([at(8, "ABSENT"), at(9, "PRESENT"), at(10)], now)).toMatchObject({
    kind: "marked",
    last: { classSessionId: "c9", status: "PRESENT" },
    earlierAbsences: [{ classSessionId: "c8" }],
  });
  expect(dayAnswer([at(8, "ABSENT")], now)).toMatchObject({ last: { status: "ABSENT" }, earlierAbsences: [] });
});

test("the newest mark proves where the child is only until the next class begins, and no longer than the day", () => {
  expect(dayAnswer([at(10, "PRESENT"), at(11)], now)).toMatchObject({ where: "inClass" });
  expect(dayAnswer([at(9, "PRESENT"), at(11)], now)).toMatchObject({ where: "inClass" });
  expect(dayAnswer([at(10, "PRESENT")], now)).toMatchObject({ where: "inClass" });
  expect(dayAnswer([at(8, "PRESENT"), at(9), at(10)], now)).toMatchObject({
    last: { classSessionId: "c8" },
    where: "unmarked",
    waiting: { classSessionId: "c9" },
  });
  expect(dayAnswer([at(8), at(9, "PRESENT")], now)).toMatchObject({ where: "over" });
  expect(dayAnswer([at(9, "PRESENT"), at(11, null, true)], now)).toMatchObject({ where: "over" });
});

test("whose day somebody should read first comes first, an absence of the morning included", () => {
  const inOrder = [
    [at(8, "PRESENT"), at(9, "ABSENT")],
    [at(8, "ABSENT"), at(9, "PRESENT")],
    [at(9, "LATE")],
    [at(9)],
    [at(9, "PRESENT")],
    [at(11)],
  ].map((classes) => urgencyOf(dayAnswer(classes, now)));
  expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
  expect(new Set(inOrder).size).toBe(inOrder.length);
});
