import { describe, expect, it } from "vitest";
import { classesNeededNow as needed } from "./class-now";

const at = (clock: string) => new Date(`2026-11-22T${clock}:00Z`);
const span = (from: string, to: string) => ({ startsAt: at(from), endsAt: at(to) });

const DAY_MS = 86_400_000;
const midnightAfter = (moment: Date) => new Date((Math.floor(moment.getTime() / DAY_MS) + 1) * DAY_MS);
const classesNeededNow = (existing: ReturnType<typeof span>[], now: Date) => needed(existing, now, midnightAfter);

describe("a class that is on now", () => {
  it("is made when there is none, from the last quarter of an hour", () => {
    expect(classesNeededNow([], at("03:07"))).toEqual([span("03:00", "04:00")]);
  });

  it("is not made when there is one for long enough", () => {
    expect(classesNeededNow([span("03:00", "04:00")], at("03:30"))).toEqual([]);
  });

  it("has its successor before it ends", () => {
    expect(classesNeededNow([span("03:00", "04:00")], at("03:55"))).toEqual([span("04:00", "05:00")]);
  });

  it("never overlaps the classes beside it", () => {
    const beside = [span("02:00", "03:05"), span("03:20", "04:00")];
    expect(classesNeededNow(beside, at("03:07"))).toEqual([span("03:05", "03:20")]);
  });

  it("ends at midnight, and the next begins there", () => {
    const midnight = new Date("2026-11-23T00:00:00Z");
    const one = new Date("2026-11-23T01:00:00Z");
    expect(classesNeededNow([], at("23:52"))).toEqual([
      { startsAt: at("23:45"), endsAt: midnight },
      { startsAt: midnight, endsAt: one },
    ]);
  });

  it("holds at every minute of a day when asked every four minutes", () => {
    const spans = [span("10:00", "10:50")];
    for (let minute = 0; minute < 2 * 1_440; minute++) {
      const now = new Date(at("00:00").getTime() + minute * 60_000);
      if (minute % 4 === 0) {
        spans.push(...classesNeededNow(spans, now));
        spans.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
      }
      expect(spans.filter(({ startsAt, endsAt }) => startsAt <= now && now < endsAt)).toHaveLength(1);
    }
  });
});
