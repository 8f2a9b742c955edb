import { describe, expect, test } from "vitest";
import { clockOf, dateFromText, instantOf, isoInZone, isTimeZone, localDateOf, minuteOf } from "./time";

describe("clock times", () => {
  test.each([
    ["00:00", 0],
    ["09:05", 545],
    ["24:00", 1440],
  ])("%s is minute %i and back", (clock, minute) => {
    expect(minuteOf(clock)).toBe(minute);
    expect(clockOf(minute)).toBe(clock);
  });
  test.each(["24:01", "9:60", "9", "", "-1:00", "09:00:00"])("%j is not a clock time", (clock) => {
    expect(minuteOf(clock)).toBeNull();
  });
});

describe("a time zone", () => {
  test.each(["Europe/Prague", "UTC", "Etc/GMT+2", "America/Argentina/Buenos_Aires"])("can be %s", (zone) => {
    expect(isTimeZone(zone)).toBe(true);
  });
  // PostgreSQL reads the sign of an offset the other way round.
  test.each(["+02:00", "+02", "-0500", "", "Prague", "Europe/Nowhere"])("cannot be %j", (zone) => {
    expect(isTimeZone(zone)).toBe(false);
  });
});

describe("local time in a zone", () => {
  test("the same clock time keeps its local reading over a change of the clocks", () => {
    expect(isoInZone(instantOf("2026-10-24", 540, "Europe/Prague"), "Europe/Prague")).toBe("2026-10-24T09:00:00+02:00");
    expect(isoInZone(instantOf("2026-10-25", 540, "Europe/Prague"), "Europe/Prague")).toBe("2026-10-25T09:00:00+01:00");
  });
  test("a time in the spring gap moves on by the gap", () => {
    expect(isoInZone(instantOf("2027-03-28", 150, "Europe/Prague"), "Europe/Prague")).toBe("2027-03-28T03:30:00+02:00");
  });
  test("an ambiguous time in autumn is the earlier one", () => {
    expect(instantOf("2026-10-25", 150, "Europe/Prague").toISOString()).toBe("2026-10-25T00:30:00.000Z");
  });
  test("minute 1440 is the next midnight", () => {
    expect(instantOf("2026-11-22", 1440, "UTC").toISOString()).toBe("2026-11-23T00:00:00.000Z");
  });
  test("the local date of an instant depends on the zone", () => {
    const instant = new Date("2026-11-22T12:30:00Z");
    expect([localDateOf(instant, "Pacific/Auckland"), localDateOf(instant, "America/New_York")]).toEqual([
      "2026-11-23",
      "2026-11-22",
    ]);
  });
});

test.each(["2026-02-30", "2026-13-01", "26-01-01", "2026-1-1", "x"])("%s is not a date", (text) => {
  expect(dateFromText(text)).toBeNull();
});
