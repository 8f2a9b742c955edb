import { describe, expect, test } from "vitest";
import { countingTimeOf, phaseOf } from "./office-days";

const zone = "Europe/Prague";

describe("first and last days of an enrollment", () => {
  test("are local days, both inclusive, also on the day on which the clock changes", () => {
    // 25 October 2026 has 25 hours in Prague.
    expect(countingTimeOf({ beginsOn: "2026-10-25", endsOn: "2026-10-25" }, zone)).toEqual({
      countsFrom: new Date("2026-10-24T22:00:00Z"),
      countsUntil: new Date("2026-10-25T23:00:00Z"),
    });
    expect(countingTimeOf({ beginsOn: null, endsOn: null }, zone)).toEqual({ countsFrom: null, countsUntil: null });
  });

  test.each([
    ["2026-10-24T21:59:59Z", "ahead"],
    ["2026-10-24T22:00:00Z", "within"],
    ["2026-10-25T22:59:59Z", "within"],
    ["2026-10-25T23:00:00Z", "over"],
  ])("at %s it is %s", (now, phase) => {
    expect(phaseOf(countingTimeOf({ beginsOn: "2026-10-25", endsOn: "2026-10-25" }, zone), new Date(now))).toBe(phase);
  });
});
