import { beforeAll, describe, expect, it } from "vitest";
import { type SectionListQuery, sectionListQuery } from "@/lib/catalog/schema";
import { liveSeats } from "@/lib/catalog/sections/seats";
import { db } from "@/lib/platform/db/client";
import { encodeCursor } from "@/lib/shared/schema";
import { at, buildSchool, contextOf, type TestSchool } from "@/tests/support/school";
import { dropEnrollment } from "@/lib/enrollment/registration/drop-enrollment";
import { enroll } from "@/lib/enrollment/registration/enroll";
import { getSection } from "./get-section";
import { browseSections, listSections } from "./list-sections";
import { listEnrollments } from "./list-enrollments";

const query = (text = ""): SectionListQuery => sectionListQuery.parse(Object.fromEntries(new URLSearchParams(text)));
const meeting = (day: number, hour: number) => ({ day, startMinute: hour * 60, endMinute: hour * 60 + 50 });

describe("the list of sections", () => {
  let school: TestSchool;
  const student = (n: number) => contextOf(at(school.students, n));
  const section = (n: number) => at(school.sections, n);
  const codes = async (text: string, who = student(0)) =>
    (await listSections(who, query(text))).items.map((item) => item.code);

  beforeAll(async () => {
    school = await buildSchool(db(), {
      students: 4,
      teachers: 2,
      sections: [
        { code: "AA.1", course: 1, meetings: [meeting(1, 9), meeting(3, 9)], capacity: 20 },
        { code: "AA.2", course: 1, meetings: [meeting(2, 9)], capacity: 2, enrolled: [1, 2] },
        { code: "BB.1", course: 2, meetings: [{ day: 1, startMinute: 560, endMinute: 610 }], teachers: [1] },
        { code: "CC.1", course: 3, meetings: [meeting(1, 9)], weeks: "010101010", capacity: 5 },
        { code: "DD.1", course: 4, meetings: [meeting(1, 9)], weeks: "101010101", capacity: 5 },
        { code: "EE.1", course: 5, meetings: [], capacity: 0 },
        { code: "FF%_1", course: 6, meetings: [meeting(7, 20)], capacity: 3 },
      ],
    });
  });

  it("shows an item exactly as the contract says", async () => {
    const { items, nextCursor } = await listSections(student(0), query("q=AA.1"));
    expect(nextCursor).toBeNull();
    expect(items).toEqual([
      {
        id: section(0).id,
        sourcedId: "section-0",
        code: "AA.1",
        course: { id: section(0).courseId, code: "C1", title: "Course 1", credits: 4, subject: "Testing" },
        term: {
          id: school.term.id,
          title: "Test term",
          startsOn: school.term.startsOn.toISOString().slice(0, 10),
          endsOn: school.term.endsOn.toISOString().slice(0, 10),
        },
        terms: [
          {
            id: school.term.id,
            title: "Test term",
            startsOn: school.term.startsOn.toISOString().slice(0, 10),
            endsOn: school.term.endsOn.toISOString().slice(0, 10),
          },
        ],
        teachers: [{ id: at(school.teachers, 0).id, name: "Teacher Number0000" }],
        meetings: [
          { day: "MO", startsAt: "09:00", endsAt: "09:50", location: null },
          { day: "WE", startsAt: "09:00", endsAt: "09:50", location: null },
        ],
        capacity: 20,
        seatsAvailable: 20,
        waitlist: { capacity: 20, length: 0 },
        status: "OPEN",
        blockers: [],
      },
    ]);
  });

  it("lists those with a free seat unless all are asked for", async () => {
    expect(await codes("")).toEqual(["AA.1", "BB.1", "CC.1", "DD.1", "FF%_1"]);
    expect(await codes("availability=all")).toEqual(["AA.1", "AA.2", "BB.1", "CC.1", "DD.1", "EE.1", "FF%_1"]);
    const { items } = await listSections(student(0), query("availability=all"));
    expect(items.find(({ code }) => code === "AA.2")).toMatchObject({
      status: "FULL",
      seatsAvailable: 0,
      blockers: ["section_full"],
    });
  });

  it("filters by words, subject, term and day, and takes empty values as not asked", async () => {
    expect(await codes("q=course 2")).toEqual(["BB.1"]);
    expect(await codes("q=NUMBER0001")).toEqual(["BB.1"]); // a teacher
    expect(await codes("q=%25_")).toEqual(["FF%_1"]); // characters, not patterns
    expect(await codes("q=nothing like it")).toEqual([]);
    expect(await codes("subject=Testing&day=SU")).toEqual(["FF%_1"]);
    expect(await codes("subject=Other")).toEqual([]);
    expect(await codes(`termId=${school.term.id}&day=TU&availability=all`)).toEqual(["AA.2"]);
    expect(await codes("termId=other")).toEqual([]);
    expect(await codes("q=&subject=&termId=&day=&fitsMySchedule=&availability=")).toHaveLength(5);
  });

  it("filters by a window of time: no class of a section begins before it or ends after it", async () => {
    // Monday 9:00-9:50, BB.1 Monday 9:20-10:10, FF%_1 Sunday 20:00-20:50, EE.1 without a time.
    const inWindow = (text: string) => codes(`availability=all&${text}`);
    expect(await inWindow("from=09:00&to=09:50")).toEqual(["AA.1", "AA.2", "CC.1", "DD.1", "EE.1"]);
    expect(await inWindow("from=09:01")).toEqual(["BB.1", "EE.1", "FF%_1"]);
    expect(await inWindow("to=10:10")).toEqual(["AA.1", "AA.2", "BB.1", "CC.1", "DD.1", "EE.1"]);
    expect(await inWindow("to=10:09")).not.toContain("BB.1");
    expect(await inWindow("from=00:00&to=")).toHaveLength(7);
    expect(await inWindow("from=15:00&to=09:00")).toEqual(["EE.1"]); // nothing lies in a window that is none
    expect((await browseSections(student(0), query("availability=all&from=09:01"))).total).toBe(3);
    for (const bad of ["from=9:00", "from=25:00", "to=24:00", "to=09:60", "from=now"]) {
      expect(sectionListQuery.safeParse(Object.fromEntries(new URLSearchParams(bad))).success, bad).toBe(false);
    }
  });

  it("goes through pages without a gap or a repeat", async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listSections>> = await listSections(
        student(0),
        query(`availability=all&limit=2${cursor ? `&cursor=${cursor}` : ""}`),
      );
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map((item) => item.code));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(["AA.1", "AA.2", "BB.1", "CC.1", "DD.1", "EE.1", "FF%_1"]);
    for (const bad of ["x", "W10", Buffer.from('["a",1,2,3]').toString("base64url")]) {
      await expect(listSections(student(0), query(`cursor=${bad}`))).rejects.toMatchObject({ code: "invalid_request" });
    }
  });

  it("names what stands against each section for this student, and fitsMySchedule agrees with it", async () => {
    const ctx = student(3);
    const { id } = await enroll(ctx, { sectionId: section(3).id, joinWaitlist: false }); // CC.1: Monday 9, odd weeks
    const blockers = async () =>
      Object.fromEntries(
        (await listSections(ctx, query("availability=all"))).items.map((item) => [item.code, item.blockers]),
      );
    expect(await blockers()).toEqual({
      "AA.1": ["time_conflict"],
      "AA.2": ["section_full"],
      "BB.1": ["time_conflict"],
      "CC.1": ["already_enrolled"],
      "DD.1": [], // the other weeks
      "EE.1": ["section_full"],
      "FF%_1": [],
    });
    expect(await codes("availability=all&fitsMySchedule=true", ctx)).toEqual(["AA.2", "CC.1", "DD.1", "EE.1", "FF%_1"]);
    expect(await codes("availability=all&fitsMySchedule=true")).toHaveLength(7); // somebody else's timetable is free

    const browser = await browseSections(ctx, query("day=MO"));
    const view = browser.views.find((item) => item.section.code === "AA.1");
    expect(view?.conflict).toEqual({ sectionId: section(3).id, code: "CC.1", day: 1, startMinute: 540 });
    expect(browser.views.find((item) => item.section.code === "CC.1")?.enrollmentId).toBe(id);
    expect(browser).toMatchObject({ total: 4, choices: { subjects: ["Testing"] } });
    expect(browser.week).toMatchObject({ days: [1, 2, 3, 4, 5], firstHour: 8, lastHour: 12 });
    expect(browser.week.own).toMatchObject([{ code: "CC.1", day: 1, startMinute: 540, endMinute: 590, lanes: 1 }]);
    expect(browser.week.meetings[section(2).id]).toEqual([{ day: 1, startMinute: 560, endMinute: 610 }]);
    await dropEnrollment(ctx, { id });
    expect((await blockers())["AA.1"]).toEqual([]);
  });

  it("agrees with the rule for many schedules: fitsMySchedule is no time_conflict", async () => {
    const many = await buildSchool(db(), {
      students: 1,
      sections: Array.from({ length: 36 }, (_, n) => ({
        capacity: 9,
        meetings: [
          { day: 1 + (n % 3), startMinute: 480 + 20 * (n % 7), endMinute: 540 + 20 * (n % 7) },
          { day: 4 + (n % 2), startMinute: 480 + 30 * (n % 5), endMinute: 520 + 30 * (n % 5) },
        ],
        ...(n % 3 === 0 ? {} : { weeks: (n * 2_654_435_761).toString(2).slice(-9) }),
      })),
    });
    const ctx = contextOf(at(many.students, 0));
    for (const one of many.sections) {
      await enroll(ctx, { sectionId: one.id, joinWaitlist: false }).catch(() => undefined);
    }
    const all = await listSections(ctx, query("limit=200"));
    const fitting = await listSections(ctx, query("limit=200&fitsMySchedule=1"));
    const expected = all.items.filter((item) => !item.blockers.includes("time_conflict")).map((item) => item.code);
    expect(fitting.items.map((item) => item.code)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(3);
    expect(expected.length).toBeLessThan(36);
  });

  it("answers for 5,000 sections in a breath, whatever the filter", async () => {
    const big = await buildSchool(db(), { students: 1, sections: [{ enrolled: [0] }] });
    const [pattern] = big.sections;
    await db().$executeRaw`
      INSERT INTO section (id, school_id, sourced_id, course_id, term_id, code, title, capacity, waitlist_capacity)
      SELECT 'big-' || n, school_id, 'big-' || n, course_id, term_id, 'BIG.' || n, 'Big', 30, 0
      FROM section, generate_series(1, 5000) AS n WHERE id = ${pattern?.id ?? ""}`;
    await db().$executeRaw`
      INSERT INTO meeting (id, section_id, day, start_minute, end_minute)
      SELECT 'big-' || n, 'big-' || n, 1 + n % 5, 480 + n % 400, 530 + n % 400 FROM generate_series(1, 5000) AS n`;
    const startedAt = performance.now();
    const { total } = await browseSections(
      contextOf(at(big.students, 0)),
      query("q=big&fitsMySchedule=true&from=08:10&to=16:00"),
    );
    // About 50 ms; a subquery that runs once for each section takes more than 30 s.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(total).toBeGreaterThan(3_000);
  });

  it("leaves out ended terms, cancelled sections and other schools", async () => {
    const other = await buildSchool(db(), { students: 1, sections: [{ code: "ZZ.1" }, { code: "ZZ.2" }] });
    const ctx = contextOf(at(other.students, 0));
    expect(await codes("", ctx)).toEqual(["ZZ.1", "ZZ.2"]);
    await db().section.update({ where: { id: at(other.sections, 0).id }, data: { state: "CANCELLED" } });
    expect(await codes("", ctx)).toEqual(["ZZ.2"]);
    const over = new Date(other.term.endsOn.getTime() + 2 * 86_400_000);
    expect(await codes("", { ...ctx, now: over })).toEqual([]);
    await expect(getSection(ctx, { id: section(0).id })).rejects.toMatchObject({ code: "section_not_found" });
    const seats = await liveSeats(
      { schoolId: other.school.id, now: new Date() },
      [section(0).id, at(other.sections, 1).id],
      db(),
    );
    expect(seats.map(({ id }) => id)).toEqual([at(other.sections, 1).id]);
  });

  it("tells people who are not students the section's own reasons only", async () => {
    const { items } = await listSections(contextOf(at(school.teachers, 0)), query("availability=all"));
    expect(items.find(({ code }) => code === "AA.2")?.blockers).toEqual(["section_full"]);
    expect(items.find(({ code }) => code === "AA.1")?.blockers).toEqual([]);
  });

  it("shows my enrollments newest first, in pages, and only mine", async () => {
    const ctx = student(0);
    const first = await enroll(ctx, { sectionId: section(0).id, joinWaitlist: false });
    const later = { ...ctx, now: new Date(ctx.now.getTime() + 1_000) };
    const second = await enroll(later, { sectionId: section(6).id, joinWaitlist: false });
    const { items } = await listEnrollments(ctx, { limit: 50 });
    expect(items.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(items[1]).toMatchObject({
      sectionId: section(0).id,
      status: "ENROLLED",
      position: null,
      section: { code: "AA.1", seatsAvailable: 19, blockers: ["already_enrolled"] },
    });
    const page = await listEnrollments(ctx, { limit: 1 });
    expect(page.items.map(({ id }) => id)).toEqual([second.id]);
    const rest = await listEnrollments(ctx, { limit: 1, cursor: page.nextCursor ?? "" });
    expect(rest).toMatchObject({ items: [{ id: first.id }], nextCursor: null });
    expect((await listEnrollments(student(3), { limit: 50 })).items).toEqual([]);
    const cursor = encodeCursor([-8_640_000_000_000_000, "x"]);
    await expect(listEnrollments(ctx, { limit: 1, cursor })).rejects.toMatchObject({ code: "invalid_request" });
  });

  it("knows live seats at once after an enrollment in this process", async () => {
    const scope = { schoolId: school.school.id, now: new Date() };
    const before = at(await liveSeats(scope, [section(4).id], db()), 0);
    await enroll(student(1), { sectionId: section(4).id, joinWaitlist: false });
    const after = at(await liveSeats(scope, [section(4).id], db()), 0);
    expect([before.seatsAvailable, after.seatsAvailable]).toEqual([5, 4]);
  });
});
