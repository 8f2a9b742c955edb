import { beforeAll, describe, expect, it } from "vitest";
import { liveSeats } from "@/lib/catalog/sections/seats";
import { filterChoices, sectionsByIds } from "@/lib/catalog/sections/sections";
import { dropEnrollment } from "@/lib/enrollment/registration/drop-enrollment";
import { enroll } from "@/lib/enrollment/registration/enroll";
import { getWeek } from "@/lib/timetable/get-week";
import { listSections } from "@/lib/timetable/list-sections";
import { enrollmentOverview } from "@/lib/enrollment/registration/seat-counts";
import { db } from "@/lib/platform/db/client";
import { dateText } from "@/lib/shared/time";
import { ROSTER_NOW, rosterSchool, type Row } from "@/tests/support/roster-school";
import { RosterRefused } from "../problems";

const session = (sourcedId: string, startDate: string, endDate: string, type = "semester"): Row => ({
  sourcedId,
  title: sourcedId,
  type,
  startDate,
  endDate,
});
const S1 = session("s1", "2026-09-21", "2026-10-11");
const S2 = session("s2", "2026-11-02", "2026-11-15");
const YEAR = session("year", "2026-09-01", "2027-06-30", "schoolYear");
const MONDAYS_1 = ["2026-09-21", "2026-09-28", "2026-10-05"];
const MONDAYS_2 = ["2026-11-02", "2026-11-09"];
const IN_S2 = new Date("2026-11-04T12:00:00Z");

/** A school with two semesters that do not touch, a year around them, and the given classes. */
function school(tag: string) {
  const campus = rosterSchool(tag);
  const whole = { ...campus.whole, academicSessions: [S1, S2, YEAR], enrollments: [] };
  const datesOf = async (id: string) =>
    (await campus.section(id)).classSessions
      .filter(({ state }) => state === "SCHEDULED")
      .map(({ date }) => dateText(date));
  const inS2 = async (person: string) => ({ ...(await campus.context(person)), now: IN_S2 });
  return { ...campus, whole, datesOf, inS2 };
}

describe("a class of several terms", () => {
  it.each(["s1,s2", "s2,s1", "year,s2,s1"])("has lessons in each of %s, and none between them", async (terms) => {
    const campus = school(`held-${terms.replaceAll(",", "-")}`);
    const classes = [
      campus.lesson("a", { termSourcedIds: terms }),
      campus.lesson("b", { termSourcedIds: terms, "metadata.weeks": "01000010", courseSourcedId: "c2" }),
    ];
    const report = await campus.run({ ...campus.whole, classes });
    expect(report.warnings).toEqual([]);
    expect(await campus.datesOf("a")).toEqual([...MONDAYS_1, ...MONDAYS_2]);
    expect(await campus.datesOf("b")).toEqual(["2026-09-28", "2026-11-02"]);
    const again = await campus.run({ ...campus.whole, classes });
    expect(again.tallies.sections).toMatchObject({ changed: 0, unchanged: 2 });
    expect(again.tallies.classSessions).toMatchObject({ created: 0, changed: 0, ended: 0 });
  });

  it("may be held in grading periods, in the year alone, and in none of what is not there", async () => {
    const campus = school("periods");
    const quarters = [
      session("q1", "2026-09-21", "2026-09-27", "gradingPeriod"),
      session("q2", "2026-10-05", "2026-10-11", "gradingPeriod"),
    ];
    const classes = [
      campus.lesson("a", { termSourcedIds: "q1,q2" }),
      campus.lesson("b", { termSourcedIds: "year", courseSourcedId: "c2" }),
    ];
    await campus.run({ ...campus.whole, academicSessions: [...campus.whole.academicSessions, ...quarters], classes });
    expect(await campus.datesOf("a")).toEqual(["2026-09-21", "2026-10-05"]);
    expect((await campus.datesOf("b")).at(-1)).toBe("2027-06-28");
    const typo = campus.run(
      { ...campus.whole, classes: [campus.lesson("a", { termSourcedIds: "q1,q9" })] },
      { bulk: ["academicSessions"] },
    );
    await expect(typo).rejects.toBeInstanceOf(RosterRefused);
  });
});

describe("a class of two terms in the student's week", () => {
  it("is there in the second, also without a fixed time, and not once that is over", async () => {
    const campus = school("weeks");
    const untimed = campus.lesson("project", {
      termSourcedIds: "s1,s2",
      courseSourcedId: "c2",
      "metadata.meetings": "",
    });
    const classes = [campus.lesson("a", { termSourcedIds: "s1,s2" }), untimed];
    const enrollments = [campus.seat("a", "s1"), campus.seat("project", "s1")];
    await campus.run({ ...campus.whole, classes, enrollments });
    const week = await getWeek(await campus.inS2("s1"), {});
    expect(week.days.flatMap((day) => day.classes.map(({ code }) => `${day.date} ${code}`))).toEqual(["2026-11-02 a"]);
    expect(week.withoutTime.map(({ code }) => code)).toEqual(["project"]);
    const over = { ...(await campus.inS2("s1")), now: new Date("2026-11-16T12:00:00Z") };
    expect((await getWeek(over, {})).withoutTime).toEqual([]);
  });
});

describe("a class of two terms, after the first has ended", () => {
  const campus = school("offered");
  beforeAll(() =>
    campus.run({
      ...campus.whole,
      classes: [
        campus.lesson("year-long", { termSourcedIds: "s1,s2" }),
        campus.lesson("first", { termSourcedIds: "s1", courseSourcedId: "c2" }),
        campus.lesson("second", { termSourcedIds: "s2", "metadata.meetings": "FR 08:00-09:00" }),
        campus.lesson("clash", { termSourcedIds: "s2", courseSourcedId: "c2" }),
      ],
    }),
  );

  it("is listed, found by each of its terms, and shows them by date", async () => {
    const ctx = await campus.inS2("s1");
    const { schoolId } = ctx.actor;
    const query = { availability: "all", limit: 50 } as const;
    const sourcedIds = async (more = {}) =>
      (await listSections(ctx, { ...query, ...more })).items.map(({ sourcedId }) => sourcedId).sort();
    expect(await sourcedIds()).toEqual(["clash", "second", "year-long"]);
    const { terms } = await filterChoices(db(), { schoolId, now: IN_S2 });
    expect(terms.map(({ title }) => title)).toEqual(["s1", "s2"]);
    expect(await sourcedIds({ termId: terms[0]?.id })).toEqual(["year-long"]);
    expect(await sourcedIds({ termId: terms[1]?.id })).toEqual(["clash", "second", "year-long"]);
    const { items } = await listSections(ctx, { ...query, termId: terms[0]?.id });
    expect(items[0]).toMatchObject({
      status: "OPEN",
      term: { title: "s1", startsOn: "2026-09-21", endsOn: "2026-10-11" },
      terms: [{ title: "s1" }, { title: "s2", startsOn: "2026-11-02", endsOn: "2026-11-15" }],
    });
    const [seats] = await liveSeats({ schoolId, now: IN_S2 }, [items[0]?.id ?? ""]);
    expect(seats).toMatchObject({ status: "OPEN" });
    const office = { ...ctx, actor: { ...ctx.actor, roles: ["ADMIN" as const] } };
    expect((await enrollmentOverview({ ...office, now: IN_S2 })).sections).toBe(3);
  });

  it("takes students, stands in the way of what overlaps in either term, and can be dropped until the last ends", async () => {
    const ctx = await campus.inS2("s1");
    const id = async (section: string) => ({ sectionId: (await campus.section(section)).id, joinWaitlist: false });
    const { id: enrollmentId } = await enroll(ctx, await id("year-long"));
    await expect(enroll(ctx, await id("clash"))).rejects.toMatchObject({ code: "time_conflict" });
    await expect(enroll(ctx, await id("second"))).rejects.toMatchObject({ code: "already_enrolled" });
    await expect(enroll(ctx, await id("first"))).rejects.toMatchObject({ code: "enrollment_closed" });
    const fits = await listSections(ctx, { availability: "all", fitsMySchedule: true, limit: 50 });
    expect(fits.items.map(({ sourcedId }) => sourcedId)).not.toContain("clash");
    const over = { ...ctx, now: new Date("2026-11-16T12:00:00Z") };
    await expect(dropEnrollment(over, { id: enrollmentId })).rejects.toMatchObject({ code: "enrollment_closed" });
    await dropEnrollment(ctx, { id: enrollmentId });
    await enroll(ctx, await id("clash"));
  });

  it("closes with the window of the term that ends last", async () => {
    const ctx = await campus.inS2("s2");
    const { id } = await campus.section("year-long");
    const closed = { enrollmentClosesAt: new Date("2026-11-03T00:00:00Z") };
    const where = (sourcedId: string) => ({ sourcedId, school: { sourcedId: campus.tag } });
    await db().term.updateMany({ where: where("s1"), data: closed });
    const shown = async () => (await sectionsByIds(db(), ctx.actor.schoolId, [id])).get(id)?.closesAt;
    expect(await shown()).toBeNull();
    await enroll(ctx, { sectionId: id, joinWaitlist: false });
    await db().term.updateMany({ where: where("s2"), data: closed });
    expect(await shown()).toEqual(closed.enrollmentClosesAt);
    const late = enroll(await campus.inS2("s3"), { sectionId: id, joinWaitlist: false });
    await expect(late).rejects.toMatchObject({ code: "enrollment_closed" });
  });
});

describe("when a term of several changes", () => {
  it("the class follows its dates, loses a deleted one, and is cancelled with the last", async () => {
    const campus = school("changes");
    const classes = [campus.lesson("a", { termSourcedIds: "s1,s2" })];
    await campus.run({ ...campus.whole, classes });
    await campus.run({ academicSessions: [{ ...S2, endDate: "2026-11-22" }] });
    expect(await campus.datesOf("a")).toEqual([...MONDAYS_1, ...MONDAYS_2, "2026-11-16"]);
    await campus.run({ academicSessions: [{ sourcedId: "s2", status: "tobedeleted" }] });
    expect(await campus.datesOf("a")).toEqual(MONDAYS_1);
    expect(await campus.section("a")).toMatchObject({ state: "ACTIVE" });
    await campus.run({ academicSessions: [S2], classes });
    expect(await campus.datesOf("a")).toEqual([...MONDAYS_1, ...MONDAYS_2]);
    const report = await campus.run({
      academicSessions: ["s1", "s2"].map((id) => ({ sourcedId: id, status: "tobedeleted" })),
    });
    expect(report.tallies.sections.ended).toBe(1);
    expect(await campus.section("a")).toMatchObject({ state: "CANCELLED" });
  });

  it("the class that loses its first term is one of the other, with its enrollments", async () => {
    const campus = school("first-goes");
    const classes = [campus.lesson("a", { termSourcedIds: "s1,s2" })];
    await campus.run({ ...campus.whole, classes, enrollments: [campus.seat("a", "s1")] });
    await campus.run({ classes: [campus.lesson("a", { termSourcedIds: "s2" })] });
    const { termId, enrollments, classSessions } = await campus.section("a");
    expect(enrollments.map((row) => row.termId)).toEqual([termId]);
    expect((await db().term.findUniqueOrThrow({ where: { id: termId } })).sourcedId).toBe("s2");
    expect(classSessions.filter(({ startsAt }) => startsAt > ROSTER_NOW).map(({ date }) => dateText(date))).toEqual(
      MONDAYS_2,
    );
  });
});
