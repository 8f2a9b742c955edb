import { describe, expect, test } from "vitest";
import { countsDuring } from "./membership";

const at = (clock: string) => new Date(`2026-11-23T${clock}:00Z`);
/** A class from 10:00 to 11:00. */
const span = { startsAt: at("10:00"), endsAt: at("11:00") };

describe("an enrollment counts for a class", () => {
  test.each([
    [null, null, true, "from the start, without an end"],
    ["09:00", null, true, "since before it began"],
    ["10:00", null, true, "since it began"],
    ["10:59", null, true, "since its last minute"],
    ["11:00", null, false, "only since its end"],
    ["12:00", null, false, "only since after it"],
    [null, "09:00", false, "until before it"],
    [null, "10:00", false, "until it began"],
    [null, "10:01", true, "until its first minute"],
    ["08:00", "10:30", true, "until the middle of it"],
    ["10:20", "10:40", true, "for a part of it"],
    ["10:20", "10:20", false, "for no time at all"],
    ["10:40", "10:20", false, "for a time that ends before it begins"],
    ["08:00", "12:00", true, "around it"],
    ["08:00", "09:00", false, "before it"],
    ["12:00", "13:00", false, "after it"],
  ])("%s to %s: %s, %s", (from, until, expected, _words) => {
    const counting = { countsFrom: from === null ? null : at(from), countsUntil: until === null ? null : at(until) };
    expect(countsDuring(counting, span)).toBe(expected);
  });
});
