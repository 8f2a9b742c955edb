import { describe, expect, it } from "vitest";
import { holidaysOfIcal } from "./holidays-of-ical";

const RANGE = { from: "2026-08-01", to: "2028-07-31" };
const calendar = (...events: string[][]) =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    ...events.flatMap((lines) => ["BEGIN:VEVENT", ...lines, "END:VEVENT"]),
    "END:VCALENDAR",
    "",
  ].join("\r\n");
const read = (text: string) => holidaysOfIcal(text, RANGE);
const one = (...lines: string[]) => {
  const file = read(calendar(["UID:a", "SUMMARY:Holiday", ...lines]));
  if ("problems" in file) return file.problems;
  return [...file.holidays.map(({ startsOn, endsOn }) => [startsOn, endsOn]), ...file.leftOut.map(({ why }) => why)];
};

describe("holidays of an iCalendar file", () => {
  it("ends the day before DTEND", () => {
    expect(one("DTSTART;VALUE=DATE:20261126", "DTEND;VALUE=DATE:20261127")).toEqual([["2026-11-26", "2026-11-26"]]);
    expect(one("DTSTART;VALUE=DATE:20261221", "DTEND;VALUE=DATE:20270104")).toEqual([["2026-12-21", "2027-01-03"]]);
  });

  it.each([
    ["no end", ["DTSTART;VALUE=DATE:20261126"], "2026-11-26"],
    ["an end on the same day", ["DTSTART;VALUE=DATE:20261126", "DTEND;VALUE=DATE:20261126"], "2026-11-26"],
    ["a date without VALUE", ["DTSTART:20261126"], "2026-11-26"],
    ["days of duration", ["DTSTART;VALUE=DATE:20261126", "DURATION:P2D"], "2026-11-27"],
    ["weeks of duration", ["DTSTART;VALUE=DATE:20261126", "DURATION:P1W"], "2026-12-02"],
    [
      "midnight to midnight",
      ['DTSTART;TZID="Europe/Prague":20261126T000000', "DTEND;TZID=Europe/Prague:20261128T000000"],
      "2026-11-27",
    ],
  ])("takes %s", (_what, lines, endsOn) => {
    expect(one(...lines)).toEqual([["2026-11-26", endsOn]]);
  });

  it.each([
    ["a time", ["DTSTART:20261126T090000", "DTEND:20261126T100000"], "timed"],
    ["a moment in UTC", ["DTSTART:20261126T000000Z", "DTEND:20261127T000000Z"], "timed"],
    ["hours of duration", ["DTSTART:20261126T000000", "DURATION:PT2H"], "timed"],
    ["a weekly rule", ["DTSTART;VALUE=DATE:20261126", "RRULE:FREQ=WEEKLY"], "repeats"],
    ["the fourth Thursday", ["DTSTART;VALUE=DATE:20261126", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"], "repeats"],
    ["exceptions", ["DTSTART;VALUE=DATE:20261126", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20271126"], "repeats"],
    ["what is cancelled", ["DTSTART;VALUE=DATE:20261126", "STATUS:CANCELLED"], "cancelled"],
    ["half a year", ["DTSTART;VALUE=DATE:20261126", "DTEND;VALUE=DATE:20270526"], "tooLong"],
  ])("leaves out %s", (_what, lines, why) => {
    expect(one(...lines)).toEqual([why]);
  });

  it("reads what is on the same date every year once a year", () => {
    expect(one("DTSTART;VALUE=DATE:20101224", "DTEND;VALUE=DATE:20101227", "RRULE:FREQ=YEARLY")).toEqual([
      ["2026-12-24", "2026-12-26"],
      ["2027-12-24", "2027-12-26"],
    ]);
    expect(one("DTSTART;VALUE=DATE:20261224", "RRULE:FREQ=YEARLY;COUNT=1")).toEqual([["2026-12-24", "2026-12-24"]]);
    expect(one("DTSTART;VALUE=DATE:20261224", "RRULE:FREQ=YEARLY;UNTIL=20261231")).toHaveLength(1);
    expect(one("DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY")).toEqual([["2028-02-29", "2028-02-29"]]);
  });

  it("joins folded lines, and reads escapes and quotes", () => {
    const text = calendar([
      "UID:long-",
      "  id",
      'SUMMARY;LANGUAGE=en;X-NOTE="a:b;c":Founders\\, teachers\\; and',
      "\t pupils\\nday",
      "DTSTART;VALUE=DATE:20261126",
    ]);
    expect(read(text)).toMatchObject({
      holidays: [{ uid: "long- id", title: "Founders, teachers; and pupils day" }],
    });
  });

  it("takes any kind of line break and a byte-order mark, and passes other components over", () => {
    const text = calendar([
      "UID:a",
      "SUMMARY:Day",
      "DTSTART;VALUE=DATE:20261126",
      "BEGIN:VALARM",
      "TRIGGER:-PT5M",
      "END:VALARM",
    ]);
    const zone = "BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:16010101T000000\nEND:STANDARD\nEND:VTIMEZONE\n";
    for (const written of [text, text.replaceAll("\r\n", "\n"), `\uFEFF${text.replace("VERSION", `${zone}VERSION`)}`])
      expect(read(written)).toMatchObject({ holidays: [{ title: "Day" }], leftOut: [] });
  });

  it("counts what is outside the school's years, and knows twins", () => {
    const past = ["UID:b", "SUMMARY:Old", "DTSTART;VALUE=DATE:20201126"];
    const twin = ["UID:a", "SUMMARY:Day", "DTSTART;VALUE=DATE:20261126"];
    expect(read(calendar(past, twin, twin))).toMatchObject({
      holidays: [{ uid: "a" }],
      outside: 1,
      leftOut: [{ line: 13, why: "twice" }],
    });
    const nameless = ["SUMMARY:Day", "DTSTART;VALUE=DATE:20261126"];
    expect(read(calendar(nameless))).toMatchObject({ holidays: [{ uid: "2026-11-26 Day" }] });
    expect(read(calendar(["UID:a", "DTSTART;VALUE=DATE:20261126"]))).toMatchObject({ leftOut: [{ why: "noTitle" }] });
  });

  it.each([
    ["no calendar", "Date,Title\n2026-11-26,Day\n", [{ line: 1, code: "notCalendar" }]],
    ["nothing", "", [{ line: 1, code: "notCalendar" }]],
    ["a line that is none", calendar(["UID:a", "Holiday", "DTSTART:20261126"]), [{ line: 5, code: "badLine" }]],
    ["a date that is none", calendar(["UID:a", "DTSTART;VALUE=DATE:20261131"]), [{ line: 5, code: "badDate" }]],
    ["an end that is none", calendar(["DTSTART:20261126", "DTEND:tomorrow"]), [{ line: 5, code: "badDate" }]],
    ["no start", calendar(["UID:a", "SUMMARY:Day"]), [{ line: 3, code: "noStart" }]],
    [
      "an end before the start",
      calendar(["DTSTART:20261126", "DTEND:20261125"]),
      [{ line: 5, code: "endBeforeStart" }],
    ],
    ["a file that was cut off", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261126\n", [{ line: 2, code: "cutOff" }]],
    ["ends of something else", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", [{ line: 3, code: "badNesting" }]],
  ])("names the line of %s", (_what, text, problems) => {
    expect(read(text)).toEqual({ problems });
  });

  it("names every wrong line, and refuses a calendar of everything", () => {
    expect(read(calendar(["DTSTART:2026"], ["DTSTART:20261301"]))).toEqual({
      problems: [
        { line: 4, code: "badDate" },
        { line: 7, code: "badDate" },
      ],
    });
    const many = calendar(...Array.from({ length: 501 }, (_, n) => [`UID:${n}`, "DTSTART:20261126"]));
    expect(read(many)).toMatchObject({ problems: [{ code: "tooMany" }] });
  });
});
