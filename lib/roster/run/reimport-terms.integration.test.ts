import { describe, expect, it } from "vitest";
import { findSections } from "@/lib/catalog/sections/sections";
import { enroll } from "@/lib/enrollment/registration/enroll";
import { db } from "@/lib/platform/db/client";
import { ROSTER_NOW, rosterSchool, type Row } from "@/tests/support/roster-school";
import { RosterRefused } from "../problems";

const year: Row = {
  sourcedId: "year",
  title: "2026-2027",
  type: "schoolYear",
  startDate: "2026-09-01",
  endDate: "2027-08-31",
};

/** A school with two semesters and a year; a third section meets all year, so that the year is stored as well. */
function school(tag: string) {
  const campus = rosterSchool(tag);
  const [term] = campus.whole.academicSessions;
  const spring = {
    ...term,
    sourcedId: "spring",
    title: "Spring",
    startDate: "2027-02-01",
    endDate: "2027-05-30",
  } as Row;
  const both = campus.lesson("a", { termSourcedIds: "year,term" });
  const whole = {
    ...campus.whole,
    academicSessions: [...campus.whole.academicSessions, spring, year],
    classes: [both, ...campus.whole.classes.slice(1), campus.lesson("c", { termSourcedIds: "year" })],
  };
  const termOf = async (id: string) =>
    (await db().term.findUniqueOrThrow({ where: { id: (await campus.section(id)).termId } })).sourcedId;
  const term1 = () => db().term.findFirstOrThrow({ where: { sourcedId: "term", school: { sourcedId: tag } } });
  return { ...campus, whole, both, termOf, term1, termRow: term as Row };
}

async function codesOf(run: Promise<unknown>): Promise<string[]> {
  const error = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RosterRefused)) throw error ?? new Error("it was not refused");
  return error.problems.errors.map(({ code }) => code);
}

describe("a class with a year and a semester", () => {
  it("stays in its semester when only classes are sent", async () => {
    const campus = school("delta");
    await campus.run(campus.whole);
    const before = (await campus.section("a")).classSessions.length;
    expect(await campus.termOf("a")).toBe("term");
    const report = await campus.run({ classes: [{ ...campus.both, title: "Better" }] });
    expect(await campus.termOf("a")).toBe("term");
    expect((await campus.section("a")).classSessions).toHaveLength(before);
    expect(report.tallies.classSessions).toMatchObject({ created: 0, ended: 0 });
  });

  it("stays there when the year was never stored, and when the type of its term is not known", async () => {
    const campus = rosterSchool("no-year");
    const classes = [campus.lesson("a", { termSourcedIds: "year,term" })];
    await campus.run({ ...campus.whole, academicSessions: [...campus.whole.academicSessions, year], classes });
    expect((await campus.run({ classes })).tallies.sections).toMatchObject({ unchanged: 1 });
    await db().term.updateMany({ where: { school: { sourcedId: "no-year" } }, data: { type: null } });
    expect((await campus.run({ classes })).tallies.sections).toMatchObject({ unchanged: 1 });
  });

  it("is still refused when the sessions are there as a whole and one of its own is not", async () => {
    const campus = school("typo");
    await campus.run(campus.whole);
    const classes = [campus.lesson("a", { termSourcedIds: "term,yaer" })];
    const { academicSessions } = campus.whole;
    expect(await codesOf(campus.run({ academicSessions, classes }, { bulk: ["academicSessions"] }))).toEqual([
      "danglingTerm",
    ]);
    expect(await codesOf(campus.run({ classes: [campus.lesson("a", { termSourcedIds: "yaer" })] }))).toEqual([
      "danglingTerm",
    ]);
  });
});

describe("a term that is deleted", () => {
  const ends = { sourcedId: "term", status: "tobedeleted" };

  it("refuses classes that would be held in it, in the same file and later", async () => {
    const campus = school("over");
    await campus.run(campus.whole);
    expect(await codesOf(campus.run({ ...campus.whole, academicSessions: [ends] }))).toEqual([
      "termEnded",
      "termEnded",
    ]);
    expect(await campus.section("b")).toMatchObject({ state: "ACTIVE" });
    await campus.run({ academicSessions: [ends] });
    expect(await campus.section("b")).toMatchObject({ state: "CANCELLED" });
    expect(await codesOf(campus.run({ classes: campus.whole.classes.slice(1, 2) }))).toEqual(["termEnded"]);
  });

  it("lets a class move to another term in the same file", async () => {
    const campus = school("other-term");
    await campus.run(campus.whole);
    await campus.run({ academicSessions: [ends], classes: [campus.lesson("a", { termSourcedIds: "term,spring" })] });
    expect(await campus.termOf("a")).toBe("spring");
    expect(await campus.section("a")).toMatchObject({ state: "ACTIVE" });
    expect(await campus.section("b")).toMatchObject({ state: "CANCELLED" });
  });

  it("opens again when it comes back", async () => {
    const campus = school("reopened");
    await campus.run(campus.whole);
    await campus.run({ academicSessions: [ends] });
    expect(await campus.term1()).toMatchObject({ endedAt: ROSTER_NOW, enrollmentClosesAt: ROSTER_NOW });
    const report = await campus.run({ academicSessions: [campus.termRow], classes: campus.whole.classes });
    expect(report.tallies).toMatchObject({ terms: { changed: 1 }, sections: { changed: 2, unchanged: 1 } });
    expect(await campus.term1()).toMatchObject({ endedAt: null, enrollmentClosesAt: null });
    const { id } = await campus.section("b");
    await enroll(await campus.context("s4"), { sectionId: id, joinWaitlist: false });
    expect((await campus.section("b")).classSessions.every(({ state }) => state === "SCHEDULED")).toBe(true);
  });

  it("leaves a window that the office closed before as it is", async () => {
    const campus = school("window");
    await campus.run(campus.whole);
    const closed = new Date("2026-09-30T00:00:00Z");
    await db().term.updateMany({ where: { school: { sourcedId: "window" } }, data: { enrollmentClosesAt: closed } });
    await campus.run({ academicSessions: [campus.termRow] });
    expect(await campus.term1()).toMatchObject({ enrollmentClosesAt: closed });
    await campus.run({ academicSessions: [ends] });
    await campus.run({ academicSessions: [campus.termRow] });
    expect(await campus.term1()).toMatchObject({ endedAt: null, enrollmentClosesAt: closed });
  });
});

describe("a course that is deleted", () => {
  it("is not offered any more; its classes go on, and it can come back", async () => {
    const campus = rosterSchool("course");
    await campus.run(campus.whole);
    const { id, schoolId } = await campus.section("b");
    const listed = async () =>
      (await findSections(db(), { schoolId, now: ROSTER_NOW }, {}, { limit: 10 })).rows.map(
        ({ sourcedId }) => sourcedId,
      );
    expect(await listed()).toEqual(["a", "b"]);
    const report = await campus.run({ courses: [{ sourcedId: "c2", status: "tobedeleted" }] });
    expect(report.tallies.courses.ended).toBe(1);
    expect(await listed()).toEqual(["a"]);
    expect(await campus.section("b")).toMatchObject({ state: "ACTIVE" });
    const late = enroll(await campus.context("s4"), { sectionId: id, joinWaitlist: false });
    await expect(late).rejects.toMatchObject({ code: "enrollment_closed" });
    await campus.run({ courses: campus.whole.courses.slice(1) });
    expect(await listed()).toEqual(["a", "b"]);
    await enroll(await campus.context("s4"), { sectionId: id, joinWaitlist: false });
  });
});

describe("a section that is cancelled", () => {
  it("keeps its students from no parallel section", async () => {
    const campus = rosterSchool("parallel");
    await campus.run({ ...campus.whole, classes: [...campus.whole.classes, campus.lesson("a2")] });
    const parallel = { sectionId: (await campus.section("a2")).id, joinWaitlist: false };
    await expect(enroll(await campus.context("s1"), parallel)).rejects.toMatchObject({ code: "already_enrolled" });
    await campus.run({ classes: [{ sourcedId: "a", status: "tobedeleted" }] });
    await enroll(await campus.context("s1"), parallel);
    expect((await campus.section("a2")).seatsTaken).toBe(1);
  });
});
