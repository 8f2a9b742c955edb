import { describe, expect, test } from "vitest";
import { classState, countMarks, markingLock } from "./rules";

const startsAt = new Date("2026-11-23T09:00:00Z");
const endsAt = new Date("2026-11-23T09:50:00Z");
const facts = { isCancelled: false, startsAt, endsAt, finalizedAt: null };
const minutesFromStart = (minutes: number) => new Date(startsAt.getTime() + minutes * 60_000);

describe("state of a class session", () => {
  test("is SCHEDULED until exactly one hour before the start, OPEN from then on", () => {
    expect(classState(facts, new Date(minutesFromStart(-60).getTime() - 1))).toBe("SCHEDULED");
    expect(classState(facts, minutesFromStart(-60))).toBe("OPEN");
    expect(classState(facts, minutesFromStart(100_000))).toBe("OPEN");
  });

  test("is FINALIZED once finished and CANCELLED whatever else it is", () => {
    expect(classState({ ...facts, finalizedAt: startsAt }, startsAt)).toBe("FINALIZED");
    expect(classState({ ...facts, finalizedAt: startsAt, isCancelled: true }, startsAt)).toBe("CANCELLED");
  });
});

describe("lock", () => {
  test("names why marks cannot be changed", () => {
    expect(markingLock({ ...facts, isCancelled: true }, null, startsAt)).toBe("CANCELLED");
    expect(markingLock(facts, null, minutesFromStart(-61))).toBe("NOT_OPEN");
    expect(markingLock(facts, null, minutesFromStart(1_000_000))).toBeNull();
  });

  test("the edit window counts from the end of the class and includes its last instant", () => {
    const end = endsAt.getTime();
    expect(markingLock(facts, 60, new Date(end + 60 * 60_000))).toBeNull();
    expect(markingLock(facts, 60, new Date(end + 60 * 60_000 + 1))).toBe("EDIT_WINDOW_OVER");
    expect(markingLock({ ...facts, finalizedAt: endsAt }, 0, new Date(end + 1))).toBe("EDIT_WINDOW_OVER");
  });
});

test("counts every status and those without one", () => {
  expect(countMarks(["PRESENT", null, "ABSENT", "PRESENT", null, "LATE"])).toEqual({
    PRESENT: 2,
    ABSENT: 1,
    LATE: 1,
    EXCUSED: 0,
    UNMARKED: 2,
  });
});
