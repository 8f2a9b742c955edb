import { describe, expect, it } from "vitest";
import { isEnrollmentOpen, statusOf } from "@/lib/catalog/sections/sections-rules";
import { blockersOf, canDrop, conflictOf, sameCourse, type OwnEnrollment, type Target } from "./rules";

const now = new Date("2026-11-22T10:00:00Z");
const target: Target = {
  id: "s1",
  courseId: "c1",
  termId: "t1",
  capacity: 10,
  seatsTaken: 3,
  state: "ACTIVE",
  opensAt: null,
  closesAt: null,
  timeZone: "Europe/Prague",
  termStartsOn: "2026-09-21",
  termEndsOn: "2027-01-03",
  terms: null,
  weeks: null,
  meetings: [{ day: 1, startMinute: 600, endMinute: 660 }],
};
const own = (overrides: Partial<OwnEnrollment> = {}): OwnEnrollment => ({
  enrollmentId: "e2",
  sectionId: "s2",
  code: "PH110.2",
  courseId: "c2",
  termId: "t1",
  status: "ENROLLED",
  sectionState: "ACTIVE",
  officeBeside: [],
  terms: null,
  termStartsOn: target.termStartsOn,
  termEndsOn: target.termEndsOn,
  weeks: null,
  meetings: [{ day: 1, startMinute: 630, endMinute: 690 }],
  ...overrides,
});

describe("the window for enrolling", () => {
  it("is open until the term's last date is over in the school's zone", () => {
    const lastMinute = new Date("2027-01-03T22:59:00Z"); // 23:59 in Prague
    expect(isEnrollmentOpen(target, lastMinute)).toBe(true);
    expect(isEnrollmentOpen(target, new Date(lastMinute.getTime() + 60_000))).toBe(false);
    expect(isEnrollmentOpen({ ...target, timeZone: "America/New_York" }, new Date("2027-01-04T04:59:00Z"))).toBe(true);
  });

  it("is open before the term begins when no window is set", () => {
    expect(isEnrollmentOpen(target, new Date("2026-08-01T00:00:00Z"))).toBe(true);
  });

  it("opens at its first instant and is closed at its last", () => {
    const window = { ...target, opensAt: now, closesAt: new Date(now.getTime() + 1_000) };
    expect(isEnrollmentOpen(window, new Date(now.getTime() - 1))).toBe(false);
    expect(isEnrollmentOpen(window, now)).toBe(true);
    expect(isEnrollmentOpen(window, new Date(now.getTime() + 1_000))).toBe(false);
  });

  it("never outlives the term", () => {
    const late = { ...target, closesAt: new Date("2027-06-01T00:00:00Z") };
    expect(isEnrollmentOpen(late, new Date("2027-02-01T00:00:00Z"))).toBe(false);
  });

  it("is closed for a cancelled section", () => {
    expect(isEnrollmentOpen({ ...target, state: "CANCELLED" }, now)).toBe(false);
  });
});

describe("status", () => {
  it("is FULL with no seat left, with capacity 0 and when the office over-filled it", () => {
    expect(statusOf({ ...target, seatsTaken: 9 }, now)).toBe("OPEN");
    expect(statusOf({ ...target, seatsTaken: 10 }, now)).toBe("FULL");
    expect(statusOf({ ...target, seatsTaken: 12 }, now)).toBe("FULL");
    expect(statusOf({ ...target, capacity: 0, seatsTaken: 0 }, now)).toBe("FULL");
  });

  it("is CLOSED rather than FULL outside the window", () => {
    expect(statusOf({ ...target, seatsTaken: 10, closesAt: now }, now)).toBe("CLOSED");
  });
});

describe("blockersOf", () => {
  it("finds nothing against a free section at a free time", () => {
    expect(blockersOf(target, [own({ meetings: [] })], now)).toEqual([]);
  });

  it("names every reason, the deciding one first", () => {
    const full = { ...target, seatsTaken: 10, closesAt: now };
    const mine = [own(), own({ sectionId: "s3", courseId: "c1", meetings: [] })];
    expect(blockersOf(full, mine, now)).toEqual([
      "enrollment_closed",
      "already_enrolled",
      "time_conflict",
      "section_full",
    ]);
  });

  it("counts a second section of the same course in the same term only", () => {
    expect(blockersOf(target, [own({ courseId: "c1", meetings: [] })], now)).toEqual(["already_enrolled"]);
    expect(blockersOf(target, [own({ courseId: "c1", termId: "t0", meetings: [] })], now)).toEqual([]);
    expect(blockersOf(target, [own({ courseId: "c1", status: "WAITLISTED" })], now)).toEqual(["already_enrolled"]);
  });

  it("counts a second section of the course when one of several terms is common", () => {
    const term = (id: string) => ({ id, title: id, startsOn: target.termStartsOn, endsOn: target.termEndsOn });
    const year = { ...target, termId: "t0", terms: [term("t0"), term("t1")] };
    const elsewhere = { ...target, termId: "t2", terms: [term("t2"), term("t3")] };
    const mine = own({ courseId: "c1", meetings: [] });
    expect(blockersOf(year, [mine], now)).toEqual(["already_enrolled"]);
    expect(blockersOf(elsewhere, [mine], now)).toEqual([]);
    const yearly = { ...mine, termId: "t2", terms: elsewhere.terms };
    expect(blockersOf({ ...target, termId: "t3" }, [yearly], now)).toEqual(["already_enrolled"]);
  });

  it("lets a student back into a section that the office has beside the other one of the course", () => {
    const lecture = own({ courseId: "c1", meetings: [], officeBeside: [target.id] });
    expect(blockersOf(target, [lecture], now)).toEqual([]);
    const third = own({ sectionId: "s3", courseId: "c1", meetings: [] });
    expect(blockersOf(target, [lecture, third], now)).toEqual(["already_enrolled"]);
    expect(blockersOf({ ...target, id: "s4" }, [lecture], now)).toEqual(["already_enrolled"]);
  });

  it("keeps nobody out of a parallel section of one that is cancelled", () => {
    const cancelled = own({ courseId: "c1", sectionState: "CANCELLED" });
    expect(blockersOf(target, [cancelled], now)).toEqual([]);
    expect(sameCourse(target, [cancelled])).toBeNull();
    expect(sameCourse(target, [{ ...cancelled, sectionId: target.id }])?.sectionId).toBe(target.id);
  });

  it("does not say that a section overlaps itself", () => {
    const self = own({ sectionId: target.id, courseId: "c1", meetings: target.meetings });
    expect(blockersOf(target, [self], now)).toEqual(["already_enrolled"]);
  });
});

describe("conflictOf", () => {
  it("names the section that is overlapped first in the week", () => {
    const early = own({ sectionId: "s9", code: "MA1.1", meetings: [{ day: 1, startMinute: 590, endMinute: 610 }] });
    expect(conflictOf(target, [own(), early])).toEqual({ sectionId: "s9", code: "MA1.1", day: 1, startMinute: 600 });
  });

  it("leaves out waitlisted and cancelled sections", () => {
    expect(conflictOf(target, [own({ status: "WAITLISTED" }), own({ sectionState: "CANCELLED" })])).toBeNull();
  });
});

describe("canDrop", () => {
  it("holds until the term ends, also when the window has closed", () => {
    expect(canDrop({ ...target }, new Date("2027-01-03T20:00:00Z"))).toBe(true);
    expect(canDrop({ ...target }, new Date("2027-01-04T00:00:00Z"))).toBe(false);
  });
});
