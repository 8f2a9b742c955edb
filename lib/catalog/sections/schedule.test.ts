import { describe, expect, it } from "vitest";
import { epochDayOf, meetingDays, mondayOf, overlapOf, type Schedule, termWeeks } from "./schedule";

const autumn = { termStartsOn: "2026-09-21", termEndsOn: "2027-01-03", weeks: null, terms: null };
const at = (day: number, start: number, end: number) => ({ day, startMinute: start * 60, endMinute: end * 60 });
const schedule = (meetings: Schedule["meetings"], overrides: Partial<Schedule> = {}): Schedule => ({
  ...autumn,
  meetings,
  ...overrides,
});

describe("overlapOf", () => {
  it("sees the same day and time", () => {
    expect(overlapOf(schedule([at(1, 10, 12)]), schedule([at(1, 11, 13)]))).toEqual({
      day: 1,
      startMinute: 660,
      endMinute: 720,
    });
  });

  it("takes times as half-open: one class may begin when the other ends", () => {
    expect(overlapOf(schedule([at(1, 10, 11)]), schedule([at(1, 11, 12)]))).toBeNull();
  });

  it("does not mix days", () => {
    expect(overlapOf(schedule([at(1, 10, 11)]), schedule([at(2, 10, 11)]))).toBeNull();
  });

  it("names the first overlap of the week", () => {
    const one = schedule([at(5, 8, 9), at(3, 14, 16), at(3, 8, 10)]);
    expect(overlapOf(one, one)).toEqual({ day: 3, startMinute: 480, endMinute: 600 });
  });

  it("lets odd and even weeks share a time", () => {
    const odd = schedule([at(1, 10, 11)], { weeks: "101010101010101" });
    const even = schedule([at(1, 10, 11)], { weeks: "010101010101010" });
    expect(overlapOf(odd, even)).toBeNull();
    expect(overlapOf(odd, schedule([at(1, 10, 11)]))).not.toBeNull();
  });

  it("takes weeks beyond the end of the marks as weeks without class", () => {
    const early = schedule([at(1, 10, 11)], { weeks: "1" });
    const late = schedule([at(1, 10, 11)], { weeks: "011" });
    expect(overlapOf(early, late)).toBeNull();
  });

  it("counts weeks from the Monday of each term's first week", () => {
    // A term that starts on a Wednesday: its Monday of week 0 is not in the term, its Friday is.
    const wednesday = { termStartsOn: "2026-09-23", termEndsOn: "2026-10-04" };
    const first = schedule([at(5, 10, 11)], { ...wednesday, weeks: "10" });
    const second = schedule([at(5, 10, 11)], { termStartsOn: "2026-09-14", termEndsOn: "2026-10-04", weeks: "010" });
    expect(overlapOf(first, second)).not.toBeNull();
    expect(overlapOf({ ...first, weeks: "01" }, second)).toBeNull();
    expect(overlapOf(schedule([at(1, 10, 11)], { ...wednesday, weeks: "10" }), second)).toBeNull();
  });

  it("sees a common date of terms that only partly overlap, and none of terms that do not", () => {
    const winter = { termStartsOn: "2026-12-28", termEndsOn: "2027-02-28" };
    expect(overlapOf(schedule([at(6, 10, 11)]), schedule([at(6, 10, 11)], winter))).not.toBeNull();
    const spring = { termStartsOn: "2027-01-04", termEndsOn: "2027-05-30" };
    expect(overlapOf(schedule([at(6, 10, 11)]), schedule([at(6, 10, 11)], spring))).toBeNull();
  });

  it("leaves the time between two terms of a section free", () => {
    const year = schedule([at(6, 10, 11)], {
      termStartsOn: "2026-09-21",
      termEndsOn: "2027-05-30",
      terms: [
        { startsOn: "2026-09-21", endsOn: "2026-12-18" },
        { startsOn: "2027-02-01", endsOn: "2027-05-30" },
      ],
    });
    const between = schedule([at(6, 10, 11)], { termStartsOn: "2026-12-19", termEndsOn: "2027-01-31" });
    expect(overlapOf(year, between)).toBeNull();
    expect(overlapOf(between, year)).toBeNull();
    const spring = schedule([at(6, 10, 11)], { termStartsOn: "2027-02-06", termEndsOn: "2027-02-06" });
    expect(overlapOf(year, spring)).not.toBeNull();
    expect(termWeeks(year).slice(11, 14)).toEqual([11, 12, 19]);
    expect(termWeeks(year)).toHaveLength(13 + 17);
    expect(termWeeks(between)).toHaveLength(7);
  });

  it("has nothing to say of sections without meetings", () => {
    expect(overlapOf(schedule([]), schedule([at(1, 10, 11)]))).toBeNull();
  });

  it("agrees with a comparison of all dates, for any two schedules", () => {
    let seed = 42;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647; // Park and Miller's generator: the same schedules in every run
      return seed % below;
    };
    const any = (): Schedule => {
      const start = epochDayOf("2026-09-01") + random(40);
      const meetings = Array.from({ length: 1 + random(2) }, () => {
        const from = 480 + 30 * random(6);
        return { day: 1 + random(7), startMinute: from, endMinute: from + 30 * (1 + random(4)) };
      });
      const weeks = random(3) === 0 ? null : Array.from({ length: 1 + random(6) }, () => random(2)).join("");
      const date = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10);
      const end = start + random(45);
      const cut = start + random(end - start + 1);
      const gap = Math.min(cut + random(15), end);
      const two = [
        { startsOn: date(start), endsOn: date(cut) },
        { startsOn: date(gap), endsOn: date(end) },
      ];
      return {
        termStartsOn: date(start),
        termEndsOn: date(end),
        terms: random(2) === 0 ? null : two,
        weeks,
        meetings,
      };
    };
    let overlaps = 0;
    for (let round = 0; round < 3_000; round++) {
      const [one, other] = [any(), any()];
      const slow = one.meetings.some((a) =>
        other.meetings.some(
          (b) =>
            a.startMinute < b.endMinute &&
            b.startMinute < a.endMinute &&
            meetingDays(one, a).some((day) => meetingDays(other, b).includes(day)),
        ),
      );
      expect(overlapOf(one, other) !== null).toBe(slow);
      if (slow) overlaps++;
    }
    expect(overlaps).toBeGreaterThan(100);
  });
});

describe("mondayOf", () => {
  it("finds the Monday of any day, before 1970 too", () => {
    for (const date of ["2026-11-16", "2026-11-22", "1970-01-01", "1969-12-29", "1969-12-28"]) {
      const monday = mondayOf(epochDayOf(date));
      expect(new Date(monday * 86_400_000).getUTCDay()).toBe(1);
      expect(epochDayOf(date) - monday).toBeGreaterThanOrEqual(0);
      expect(epochDayOf(date) - monday).toBeLessThan(7);
    }
  });
});
