import { describe, expect, it } from "vitest";
import { quietHoursEnd, scheduleOf } from "./schedule";
import type { QuietHours } from "../schema";

const night: QuietHours = { start: "21:00", end: "06:30", timeZone: "Europe/Prague" };
const at = (iso: string) => new Date(iso);
const end = (iso: string, hours: QuietHours = night) => quietHoursEnd(at(iso), hours)?.toISOString() ?? null;

describe("quiet hours", () => {
  it.each([
    ["2026-11-18T20:59:00+01:00", null],
    ["2026-11-18T21:00:00+01:00", "2026-11-19T05:30:00.000Z"],
    ["2026-11-18T23:59:59+01:00", "2026-11-19T05:30:00.000Z"],
    ["2026-11-19T00:00:00+01:00", "2026-11-19T05:30:00.000Z"],
    ["2026-11-19T06:29:59+01:00", "2026-11-19T05:30:00.000Z"],
    ["2026-11-19T06:30:00+01:00", null],
  ])("over midnight: at %s they end at %s", (iso, expected) => expect(end(iso)).toBe(expected));

  it("within one day have their start and not their end", () => {
    const noon: QuietHours = { start: "12:00", end: "13:00", timeZone: "UTC" };
    expect(end("2026-11-18T11:59:59Z", noon)).toBeNull();
    expect(end("2026-11-18T12:00:00Z", noon)).toBe("2026-11-18T13:00:00.000Z");
    expect(end("2026-11-18T13:00:00Z", noon)).toBeNull();
  });

  it("that span a clock change end at the local time, an hour more or less later", () => {
    expect(end("2027-03-27T22:00:00+01:00")).toBe("2027-03-28T04:30:00.000Z");
    expect(end("2026-10-24T22:00:00+02:00")).toBe("2026-10-25T05:30:00.000Z");
  });

  it("that end in the hour which spring skips end when it is skipped", () => {
    const hours: QuietHours = { ...night, end: "02:30" };
    const ending = quietHoursEnd(at("2027-03-28T00:30:00Z"), hours);
    expect(ending?.toISOString()).toMatch(/^2027-03-28T0[01]:30:00/);
    expect(ending?.getTime()).toBeGreaterThan(at("2027-03-28T00:30:00Z").getTime());
  });

  it("that end in the hour which autumn repeats never end in the past", () => {
    const hours: QuietHours = { ...night, end: "02:45" };
    expect(end("2026-10-25T00:30:00Z", hours)).toBe("2026-10-25T00:45:00.000Z");
    expect(end("2026-10-25T01:30:00Z", hours)).toBe("2026-10-25T01:45:00.000Z");
  });

  it("follow their own zone, not the school's", () => {
    const away: QuietHours = { ...night, timeZone: "America/New_York" };
    expect(end("2026-11-18T21:30:00+01:00", away)).toBeNull();
  });
});

describe("the time of a push", () => {
  const schedule = (iso: string, quietHours: QuietHours | null, digest: "off" | "daily" = "off") => {
    const { notBefore, expiresAt, hold } = scheduleOf(at(iso), { quietHours, digest }, "Europe/Prague");
    return [notBefore.toISOString(), expiresAt.toISOString(), hold];
  };

  it("is now, and worth it until the local day ends", () => {
    expect(schedule("2026-11-18T10:00:00Z", null)).toEqual([
      "2026-11-18T10:00:00.000Z",
      "2026-11-18T23:00:00.000Z",
      null,
    ]);
  });

  it("leaves at least an hour before midnight", () => {
    expect(schedule("2026-11-18T22:59:00Z", null)[1]).toBe("2026-11-18T23:59:00.000Z");
  });

  it("is the end of the quiet hours, and the day in which they end", () => {
    expect(schedule("2026-11-18T21:00:00Z", night)).toEqual([
      "2026-11-19T05:30:00.000Z",
      "2026-11-19T23:00:00.000Z",
      "quiet_hours",
    ]);
  });

  it("is 18:00 for the daily summary, of the next day after that", () => {
    expect(schedule("2026-11-18T10:00:00Z", null, "daily")[0]).toBe("2026-11-18T17:00:00.000Z");
    expect(schedule("2026-11-18T17:00:00Z", null, "daily")[0]).toBe("2026-11-19T17:00:00.000Z");
    expect(schedule("2026-03-28T18:00:00Z", null, "daily")[0]).toBe("2026-03-29T16:00:00.000Z");
  });

  it("is after the quiet hours when these cover 18:00", () => {
    const evening: QuietHours = { start: "17:00", end: "19:00", timeZone: "Europe/Prague" };
    expect(schedule("2026-11-18T10:00:00Z", evening, "daily")).toEqual([
      "2026-11-18T18:00:00.000Z",
      "2026-11-18T23:00:00.000Z",
      "digest",
    ]);
  });
});
