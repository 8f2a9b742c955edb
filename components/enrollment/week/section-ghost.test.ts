import { describe, expect, it } from "vitest";
import { ownBeside, type SectionGhost } from "./section-ghost";

const own = (code: string, termStartsOn: string, termEndsOn: string) => ({
  sectionId: code,
  code,
  day: 1,
  startMinute: 540,
  endMinute: 600,
  hue: 1,
  lane: 0,
  lanes: 1,
  termStartsOn,
  termEndsOn,
});
const autumn = own("AUTUMN", "2026-09-01", "2026-12-18");
const spring = own("SPRING", "2027-01-11", "2027-05-28");
const year = own("YEAR", "2026-09-01", "2027-05-28");
const all = [autumn, spring, year];
const codes = (ghost: SectionGhost | null) => ownBeside(all, ghost).map(({ code }) => code);
const ghost = (termStartsOn: string, termEndsOn: string): SectionGhost => ({
  code: "X",
  verdict: "Fits",
  kind: "fits",
  termStartsOn,
  termEndsOn,
});

describe("ownBeside", () => {
  it("shows the classes of the term that ends first while nothing is looked at", () => {
    expect(codes(null)).toEqual(["AUTUMN", "YEAR"]);
    expect(ownBeside([], null)).toEqual([]);
  });

  it("shows what shares a date with the section's term, and nothing else", () => {
    expect(codes(ghost("2027-01-11", "2027-05-28"))).toEqual(["SPRING", "YEAR"]);
    expect(codes(ghost("2026-12-18", "2027-01-11"))).toEqual(["AUTUMN", "SPRING", "YEAR"]);
    expect(codes(ghost("2027-09-01", "2027-12-18"))).toEqual([]);
  });
});
