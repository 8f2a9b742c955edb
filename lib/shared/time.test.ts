import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { clockOf, dateFromText, instantOf, isoInZone, isTimeZone, localDateOf, localMinuteOf, minuteOf } from "./time";

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
  test("the local minute of an instant depends on the zone", () => {
    const instant = new Date("2026-11-22T18:20:59Z");
    expect(["UTC", "Asia/Kathmandu", "America/St_Johns"].map((zone) => localMinuteOf(instant, zone))).toEqual([
      1_100, 5, 890,
    ]);
  });
  test.each(["Europe/Prague", "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca", "Pacific/Apia"])(
    "a moment before, at and after each change of the clocks is as Temporal says in %s",
    (zone) => {
      const from = Temporal.ZonedDateTime.from(`2009-01-01T00:00[${zone}]`);
      for (let at = from.getTimeZoneTransition("next"), n = 0; at && n < 40; n += 1) {
        for (const by of [-60_000, -1, 0, 1, 59_999, 60_000]) {
          const zoned = Temporal.Instant.fromEpochMilliseconds(at.epochMilliseconds + by).toZonedDateTimeISO(zone);
          const instant = new Date(zoned.epochMilliseconds);
          expect(isoInZone(instant, zone)).toBe(zoned.toString({ timeZoneName: "never", fractionalSecondDigits: 0 }));
          expect(localDateOf(instant, zone)).toBe(zoned.toPlainDate().toString());
          expect(localMinuteOf(instant, zone)).toBe(zoned.hour * 60 + zoned.minute);
        }
        at = at.getTimeZoneTransition("next");
      }
    },
  );
  test("an unknown zone is no zone", () => {
    expect(() => isoInZone(new Date(), "Europe/Nowhere")).toThrow(RangeError);
  });
});

test.each(["2026-02-30", "2026-13-01", "26-01-01", "2026-1-1", "x"])("%s is not a date", (text) => {
  expect(dateFromText(text)).toBeNull();
});
