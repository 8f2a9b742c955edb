import { describe, expect, it } from "vitest";
import { epochDayOf } from "@/lib/catalog/sections/schedule";
import { dateOfDay, mondayOfWeek, weekOf } from "@/lib/timetable/iso-week";
import {
  courseHues,
  drawnEndOf,
  hourHeightOf,
  hoursOf,
  isShort,
  lanesOf,
  overlapsOf,
} from "@/lib/timetable/week-layout";

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

describe("courseHues", () => {
  const ids = Array.from({ length: 40 }, (_, n) => `0198f3a0-7c11-7b2e-9d44-00000000${String(n).padStart(4, "0")}`);

  it("gives a course the same colour whatever the order in which the courses were read", () => {
    const six = ids.slice(7, 13);
    const hues = courseHues(six);
    for (const order of [six.toReversed(), [...six, ...six], six.toSorted(() => -1)])
      expect(courseHues(order)).toEqual(hues);
  });

  it("gives up to six courses six colours, and all of one to six to more", () => {
    for (let from = 0; from + 6 <= ids.length; from += 1) {
      const hues = [...courseHues(ids.slice(from, from + 6)).values()];
      expect(new Set(hues).size).toBe(6);
    }
    const many = [...courseHues(ids).values()];
    expect(new Set(many)).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    expect(Math.max(...[1, 2, 3, 4, 5, 6].map((hue) => many.filter((other) => other === hue).length))).toBe(7);
  });

  it("keeps the colour of a course that has its own when another one goes", () => {
    const alone = (id: string) => courseHues([id]).get(id);
    const [first = "", second = ""] = ids.filter((id, n) => n === 0 || alone(id) !== alone(ids[0] ?? ""));
    expect(courseHues([first, second]).get(second)).toBe(alone(second));
  });
});

describe("short classes", () => {
  it("are drawn as high as a readable line needs, and the next one does not stand on them", () => {
    expect(drawnEndOf(span(540, 550))).toBe(565);
    expect(drawnEndOf(span(540, 590))).toBe(590);
    expect(lanesOf([span(540, 550), span(550, 600)])).toEqual([
      { lane: 0, lanes: 2 },
      { lane: 1, lanes: 2 },
    ]);
  });

  it("have one line when there is no room for three", () => {
    expect(isShort(span(540, 555), 7.5)).toBe(false);
    expect(isShort(span(540, 555), 4.25)).toBe(true);
    expect(isShort(span(540, 600), 4.25)).toBe(false);
  });
});
