import { describe, expect, it } from "vitest";
import { classMarks } from "@/lib/attendance/class-changes/was-held";
import { enroll } from "@/lib/enrollment/registration/enroll";
import { db } from "@/lib/platform/db/client";
import { ROSTER_NOW, rosterSchool, type Row } from "@/tests/support/roster-school";
import { importRoster } from "./import-roster";
import { memorySource } from "../sources/sources";
import { rosterCsvOf } from "./write-csv";

const dates = (rows: { date: Date }[]) => rows.map(({ date }) => date.toISOString().slice(5, 10));

describe("class sessions after a later import", () => {
  it("follow new meetings from now on; what has begun or has attendance stays", async () => {
    const campus = rosterSchool("replan");
    await campus.run(campus.whole);
    const before = await campus.section("a");
    expect(dates(before.classSessions)).toEqual(["09-21", "09-28", "10-05", "10-12", "10-19", "10-26"]);
    const marked = before.classSessions[3];
    await db().attendanceSheet.create({ data: { classSessionId: marked?.id ?? "", schoolId: before.schoolId } });
    const report = await campus.run({ classes: [campus.lesson("a", { "metadata.meetings": "TH 09:00-10:00" })] });
    expect(dates((await campus.section("a")).classSessions)).toEqual([
      "09-21",
      "09-28",
      "10-05",
      "10-08",
      "10-12",
      "10-15",
      "10-22",
      "10-29",
    ]);
    expect(report.tallies.classSessions).toEqual({ created: 4, changed: 0, ended: 2, unchanged: 0 });
  });

  it("are there at once for a class that moves to this hour; weeks already held stay", async () => {
    const campus = rosterSchool("this-hour");
    await campus.run(campus.whole);
    // It is Wednesday, 14:00 in Prague.
    const times = "MO 09:00-10:00;TU 09:00-10:00;WE 10:00-11:00;WE 13:30-14:30;WE 16:00-17:00";
    await campus.run({ classes: [campus.lesson("a", { "metadata.meetings": times })] });
    const { classSessions } = await campus.section("a");
    const past = classSessions.filter(({ startsAt }) => startsAt <= ROSTER_NOW);
    expect(dates(past)).toEqual(["09-21", "09-28", "10-05", "10-07"]);
    const today = classSessions.filter(({ date }) => date.toISOString().startsWith("2026-10-07"));
    expect(today.map(({ startsAt }) => startsAt.toISOString().slice(11, 16))).toEqual(["11:30", "14:00"]);
  });

  it("are found by an index when their meetings go", async () => {
    const indexes = await db().$queryRaw<unknown[]>`
      SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
      WHERE i.indrelid = 'class_session'::regclass AND a.attname = 'meeting_id'`;
    expect(indexes).toHaveLength(1);
  });

  it("follow new weeks and a term that is longer", async () => {
    const campus = rosterSchool("weeks");
    await campus.run(campus.whole);
    await campus.run({ classes: [campus.lesson("a", { "metadata.weeks": "1111010" })] });
    expect(dates((await campus.section("a")).classSessions)).toEqual(["09-21", "09-28", "10-05", "10-12", "10-26"]);
    await campus.run({ academicSessions: [{ ...campus.whole.academicSessions[0], endDate: "2026-11-08" }] as Row[] });
    expect(dates((await campus.section("a")).classSessions)).toEqual(["09-21", "09-28", "10-05", "10-12", "10-26"]);
    expect(dates((await campus.section("b")).classSessions).at(-1)).toBe("11-03");
  });

  it("are cancelled with their section, keep its enrollments, and come back with it", async () => {
    const campus = rosterSchool("cancels");
    await campus.run(campus.whole);
    const report = await campus.run({ classes: [{ sourcedId: "a", status: "tobedeleted" }] });
    expect(report.tallies.sections.ended).toBe(1);
    const cancelled = await campus.section("a");
    expect(cancelled).toMatchObject({ state: "CANCELLED", seatsTaken: 2 });
    expect(cancelled.classSessions.map(({ state }) => state)).toEqual([
      ...["SCHEDULED", "SCHEDULED", "SCHEDULED", "CANCELLED", "CANCELLED", "CANCELLED"],
    ]);
    await campus.run({ classes: [campus.lesson("a")] });
    const back = await campus.section("a");
    expect(back.state).toBe("ACTIVE");
    expect(back.classSessions.every(({ state }) => state === "SCHEDULED")).toBe(true);
  });

  it("end with their term", async () => {
    const campus = rosterSchool("ends");
    await campus.run(campus.whole);
    const report = await campus.run({ academicSessions: [{ sourcedId: "term", status: "tobedeleted" }] });
    expect(report.tallies).toMatchObject({ terms: { ended: 1 }, sections: { ended: 2 } });
    expect((await campus.section("b")).state).toBe("CANCELLED");
    await expect(
      enroll(await campus.context("s4"), { sectionId: (await campus.section("b")).id, joinWaitlist: false }),
    ).rejects.toMatchObject({
      name: "AppError",
    });
  });

  it("move when the school's zone does", async () => {
    const campus = rosterSchool("zones");
    await campus.run(campus.whole);
    const files = {
      "orgs.csv": rosterCsvOf([
        ["sourcedId", "name", "type"],
        ["zones", "zones", "school"],
      ]),
      "manifest.csv": "propertyName,value\noneroster.version,1.1\n",
    };
    await importRoster(memorySource(files), {
      now: ROSTER_NOW,
      requestId: "test",
      marks: classMarks,
      timeZone: "America/New_York",
    });
    const starts = (await campus.section("a")).classSessions.map(({ startsAt }) => startsAt.toISOString().slice(5, 16));
    expect(starts.slice(2, 4)).toEqual(["10-05T07:00", "10-12T13:00"]);
  });
});
