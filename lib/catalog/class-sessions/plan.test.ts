import { describe, expect, it } from "vitest";
import { planClassSessions, type ClassSessionPlanInput } from "./plan";

const AUTUMN = { startsOn: "2026-09-21", endsOn: "2027-01-03" };
type Wanted = Partial<ClassSessionPlanInput> & { startsOn?: string; endsOn?: string };
const meeting = (day: number, from: string, to: string) => {
  const minute = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
  return { id: `${day}-${from}`, day, startMinute: minute(from), endMinute: minute(to) };
};
const plan = ({ startsOn = AUTUMN.startsOn, endsOn = AUTUMN.endsOn, ...input }: Wanted) =>
  planClassSessions({ weeks: null, timeZone: "Europe/Prague", terms: [{ startsOn, endsOn }], meetings: [], ...input });
const spans = (input: Wanted) =>
  plan(input).map(({ date, startsAt, endsAt }) => [date, startsAt.toISOString(), endsAt.toISOString()]);

describe("class sessions of a term", () => {
  it("are one for each meeting and week, in order of time", () => {
    const sessions = plan({ meetings: [meeting(3, "13:00", "14:50"), meeting(1, "09:00", "10:50")] });
    expect(sessions).toHaveLength(30);
    expect(sessions.slice(0, 3).map(({ date, meetingId }) => [date, meetingId])).toEqual([
      ["2026-09-21", "1-09:00"],
      ["2026-09-23", "3-13:00"],
      ["2026-09-28", "1-09:00"],
    ]);
  });

  it("count the weeks from the Monday of the first week, also when the term begins in mid-week", () => {
    const term = { startsOn: "2026-09-23", endsOn: "2026-10-11", meetings: [meeting(1, "09:00", "10:00")] };
    expect(plan({ ...term, weeks: "110" }).map(({ date }) => date)).toEqual(["2026-09-28"]);
    expect(plan({ ...term, weeks: "101" }).map(({ date }) => date)).toEqual(["2026-10-05"]);
    expect(plan(term).map(({ date }) => date)).toEqual(["2026-09-28", "2026-10-05"]);
  });

  it("are not held in weeks beyond the end of the string, nor outside the term", () => {
    const sunday = { meetings: [meeting(7, "10:00", "11:00")] };
    expect(plan({ ...sunday, weeks: "01" }).map(({ date }) => date)).toEqual(["2026-10-04"]);
    expect(plan({ ...sunday, startsOn: "2026-09-21", endsOn: "2026-09-26" })).toEqual([]);
    expect(plan({ ...sunday, startsOn: "2026-09-27", endsOn: "2026-09-27" })).toHaveLength(1);
  });

  it("are held in every term and not between them, with the weeks of the first", () => {
    const monday = [meeting(1, "09:00", "10:00")];
    const autumn = { startsOn: "2026-09-23", endsOn: "2026-10-06" };
    const winter = { startsOn: "2026-10-19", endsOn: "2026-10-26" };
    const expected = ["2026-09-28", "2026-10-05", "2026-10-19", "2026-10-26"];
    for (const terms of [
      [autumn, winter],
      [winter, autumn],
    ]) {
      expect(plan({ meetings: monday, terms }).map(({ date }) => date)).toEqual(expected);
      expect(plan({ meetings: monday, terms, weeks: "010010" }).map(({ date }) => date)).toEqual([
        "2026-09-28",
        "2026-10-19",
      ]);
    }
    const overlapping = { startsOn: "2026-10-05", endsOn: "2026-10-19" };
    expect(plan({ meetings: monday, terms: [autumn, overlapping, winter] })).toHaveLength(5);
  });

  it("may end at midnight", () => {
    const term = { startsOn: "2026-09-21", endsOn: "2026-09-21", meetings: [meeting(1, "22:00", "24:00")] };
    expect(spans(term)).toEqual([["2026-09-21", "2026-09-21T20:00:00.000Z", "2026-09-21T22:00:00.000Z"]]);
  });

  it.each([
    // The week before the change, the week after: the local time stays, the instant moves.
    ["Europe/Prague", "2026-10-19", ["07:00", "08:00"]],
    ["America/New_York", "2026-10-26", ["13:00", "14:00"]],
    ["Pacific/Auckland", "2026-09-21", ["21:00", "20:00"]],
    ["UTC", "2026-10-19", ["09:00", "09:00"]],
  ])("keep their local time in %s when the clock changes", (timeZone, startsOn, expected) => {
    const endsOn = new Date(Date.parse(startsOn) + 13 * 86_400_000).toISOString().slice(0, 10);
    const sessions = plan({ timeZone, startsOn, endsOn, meetings: [meeting(1, "09:00", "10:30")] });
    expect(sessions.map(({ startsAt }) => startsAt.toISOString().slice(11, 16))).toEqual(expected);
    for (const { startsAt, endsAt } of sessions) expect(endsAt.getTime() - startsAt.getTime()).toBe(90 * 60_000);
  });

  describe("on the night of the spring gap (Prague, 2027-03-28, 02:00 → 03:00)", () => {
    const night = { startsOn: "2027-03-28", endsOn: "2027-03-28" };

    it("begin after the gap and never end before they begin", () => {
      expect(spans({ ...night, meetings: [meeting(7, "02:30", "03:00")] })).toEqual([
        ["2027-03-28", "2027-03-28T01:30:00.000Z", "2027-03-28T02:00:00.000Z"],
      ]);
      expect(spans({ ...night, meetings: [meeting(7, "01:30", "02:30")] })).toEqual([
        ["2027-03-28", "2027-03-28T00:30:00.000Z", "2027-03-28T01:30:00.000Z"],
      ]);
    });

    it("are one class where two meetings fall on the same instant", () => {
      const sessions = plan({ ...night, meetings: [meeting(7, "02:00", "03:00"), meeting(7, "03:00", "04:00")] });
      expect(sessions.map(({ meetingId }) => meetingId)).toEqual(["7-03:00"]);
    });
  });

  it("take the earlier reading in the autumn overlap", () => {
    const night = { startsOn: "2026-10-25", endsOn: "2026-10-25", meetings: [meeting(7, "02:15", "03:15")] };
    // 02:15 summer time is 00:15Z; 03:15 is winter time, 02:15Z: the class really lasts two hours.
    expect(spans(night)).toEqual([["2026-10-25", "2026-10-25T00:15:00.000Z", "2026-10-25T02:15:00.000Z"]]);
    const newYork = { ...night, timeZone: "America/New_York", startsOn: "2026-11-01", endsOn: "2026-11-01" };
    expect(spans({ ...newYork, meetings: [meeting(7, "01:30", "01:50")] })).toEqual([
      ["2026-11-01", "2026-11-01T05:30:00.000Z", "2026-11-01T05:50:00.000Z"],
    ]);
  });

  it("follow Auckland into its summer, half a world away from UTC's date", () => {
    const gap = { timeZone: "Pacific/Auckland", startsOn: "2026-09-27", endsOn: "2026-09-27" };
    expect(spans({ ...gap, meetings: [meeting(7, "02:30", "04:00")] })).toEqual([
      ["2026-09-27", "2026-09-26T14:30:00.000Z", "2026-09-26T15:00:00.000Z"],
    ]);
  });
});
