import { describe, expect, it } from "vitest";
import { epochDayOf } from "@/lib/catalog/schedule";
import { dateOfDay, mondayOfWeek, weekOf } from "./iso-week";
import { hourHeightOf, hoursOf, hueOf, lanesOf, overlapsOf } from "./week-layout";

describe("ISO weeks", () => {
  it.each([
    ["2026-11-22", "2026-W47"],
    ["2026-11-23", "2026-W48"],
    ["2027-01-03", "2026-W53"],
    ["2027-01-04", "2027-W01"],
    ["2024-12-30", "2025-W01"],
    ["2021-01-01", "2020-W53"],
  ])("puts %s into %s", (date, week) => {
    expect(weekOf(epochDayOf(date))).toBe(week);
  });

  it("finds the Monday of a week and refuses weeks that are not", () => {
    expect(dateOfDay(mondayOfWeek("2026-W53") ?? 0)).toBe("2026-12-28");
    expect(dateOfDay(mondayOfWeek("2027-W01") ?? 0)).toBe("2027-01-04");
    for (const odd of ["2025-W53", "2026-W54", "2026-W00", "2026-47", "", "9999-W01"]) {
      expect(mondayOfWeek(odd)).toBeNull();
    }
  });

  it("comes back to where it began, for every week of a century", () => {
    for (let day = epochDayOf("2000-01-03"); day < epochDayOf("2100-01-01"); day += 7) {
      expect(mondayOfWeek(weekOf(day))).toBe(day);
    }
  });
});

const span = (startMinute: number, endMinute: number) => ({ startMinute, endMinute });

describe("lanesOf", () => {
  it("gives the whole width to classes that do not overlap, also when one begins as another ends", () => {
    expect(lanesOf([span(540, 600), span(600, 660), span(700, 760)])).toEqual([
      { lane: 0, lanes: 1 },
      { lane: 0, lanes: 1 },
      { lane: 0, lanes: 1 },
    ]);
  });

  it("puts overlapping classes side by side and uses a lane again when it is free", () => {
    expect(lanesOf([span(540, 600), span(570, 700), span(610, 660), span(720, 780)])).toEqual([
      { lane: 0, lanes: 2 },
      { lane: 1, lanes: 2 },
      { lane: 0, lanes: 2 },
      { lane: 0, lanes: 1 },
    ]);
  });
});

describe("hoursOf", () => {
  it("cuts the grid to the hours that are used, at least four of them, within the day", () => {
    expect(hoursOf([span(600, 650), span(870, 950)])).toEqual({ firstHour: 9, lastHour: 17 });
    expect(hoursOf([span(600, 650)])).toEqual({ firstHour: 9, lastHour: 13 });
    expect(hoursOf([span(1_380, 1_440)])).toEqual({ firstHour: 20, lastHour: 24 });
    expect(hoursOf([span(0, 50)])).toEqual({ firstHour: 0, lastHour: 4 });
  });
});

const lesson = (code: string, startMinute: number, endMinute: number, isCancelled = false) => ({
  code,
  startMinute,
  endMinute,
  isCancelled,
});

describe("overlapsOf", () => {
  it("names the others at both, and nobody where one ends as the next begins", () => {
    expect(overlapsOf([lesson("A", 540, 600), lesson("B", 570, 630), lesson("C", 630, 700)])).toEqual([
      ["B"],
      ["A"],
      [],
    ]);
  });

  it("counts no cancelled class on either side", () => {
    expect(overlapsOf([lesson("A", 540, 600), lesson("B", 540, 600, true), lesson("C", 550, 560)])).toEqual([
      ["C"],
      [],
      ["A"],
    ]);
  });
});

describe("hourHeightOf", () => {
  const drawn = (minutes: number, overlaps: string[] = [], isCancelled = false) => ({
    startMinute: 540,
    endMinute: 540 + minutes,
    overlaps,
    isCancelled,
  });
  const heightOf = (minutes: number, hour: number) => (hour * minutes) / 60;

  it.each([45, 50])("gives a lesson of %i minutes room for all its lines", (minutes) => {
    expect(heightOf(minutes, hourHeightOf([drawn(90), drawn(minutes)]))).toBeGreaterThanOrEqual(3.875);
    expect(heightOf(minutes, hourHeightOf([drawn(minutes, ["B"])]))).toBeGreaterThanOrEqual(4.875);
    expect(heightOf(minutes, hourHeightOf([drawn(minutes, [], true)]))).toBeGreaterThanOrEqual(4.875);
  });

  it("keeps its limits: long classes need no more, a class of a few minutes does not blow up the week", () => {
    expect(hourHeightOf([drawn(120)])).toBe(4.25);
    expect(hourHeightOf([])).toBe(4.25);
    expect(hourHeightOf([drawn(5)])).toBe(7.5);
  });
});

describe("hueOf", () => {
  it("goes by the place among the courses and begins again after six", () => {
    const courses = ["a", "b", "c", "d", "e", "f", "g"];
    expect(courses.map((course) => hueOf(course, courses))).toEqual([1, 2, 3, 4, 5, 6, 1]);
    expect(hueOf("unknown", courses)).toBe(1);
  });
});
