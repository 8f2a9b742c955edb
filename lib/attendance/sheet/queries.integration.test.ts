import { beforeAll, describe, expect, test } from "vitest";
import { GET as familyRoute } from "@/app/api/family/students/[studentId]/attendance/route";
import { GET as versionRoute } from "@/app/api/attendance/[classSessionId]/version/route";
import { GET as sheetRoute } from "@/app/api/attendance/[classSessionId]/route";
import { POST as markRoute } from "@/app/api/attendance/mark-bulk/route";
import { GET as classesRoute } from "@/app/api/class-sessions/route";
import { GET as childrenRoute } from "@/app/api/family/students/route";
import { GET as mineRoute } from "@/app/api/me/attendance/route";
import { signAccessToken } from "@/lib/identity/sessions/access-token";
import { db } from "@/lib/platform/db/client";
import type { Role } from "@/lib/shared/context";
import { instantOf, localDateOf } from "@/lib/shared/time";
import { addClassSession, at, buildSchool, contextOf, type TestSchool } from "@/tests/support/school";
import { attendanceMonth, familyDay } from "../history/family-queries";
import { familyAttendance, myAttendance } from "../history/history-queries";
import { markBulk } from "./mark-bulk";
import { attendanceSheet, attendanceSheetVersion, classSessions, teacherDay } from "./queries";
import { historyQuery } from "../schema";

type Person = { id: string; schoolId: string; roles: readonly Role[] };
const zone = "America/New_York";
/** Noon of today at the school, so that a class some minutes ago is never yesterday's. */
const now = instantOf(localDateOf(new Date(), zone), 12 * 60, zone);
let school: TestSchool;
let other: TestSchool;
const section = () => at(school.sections, 0);
const teacher = () => contextOf(at(school.teachers, 0), { now });
const guardian = () => contextOf(at(school.guardians, 0), { now });
const newClass = (minutes: number, more: { lengthMinutes?: number } = {}) =>
  addClassSession(db(), section(), { now, startsInMinutes: minutes, timeZone: zone, ...more });
const page = { limit: 50 };
const mark = (classSessionId: string, statuses: ("PRESENT" | "ABSENT" | "LATE" | null)[], finalize = true) =>
  markBulk(teacher(), {
    classSessionId,
    finalize,
    records: statuses.map((status, n) => ({ studentId: at(school.students, n).id, status })),
  });

beforeAll(async () => {
  school = await buildSchool(db(), {
    timeZone: zone,
    students: 3,
    teachers: 2,
    guardiansOf: [0, 1, 0],
    weeksBefore: 0,
    weeksAfter: 0,
    // No meetings: the only classes are those that the tests make.
    sections: [{ enrolled: [0, 1, 2], meetings: [] }],
  });
  other = await buildSchool(db(), { students: 1, guardiansOf: [0], sections: [{ enrolled: [0], meetings: [] }] });
});

describe("the teacher's day", () => {
  test("lists the classes of a local date with their state, roster and marks", async () => {
    const session = await newClass(-1);
    const date = localDateOf(session.startsAt, zone);
    await mark(session.id, ["PRESENT", "ABSENT"], false);
    const { items, nextCursor } = await classSessions(teacher(), { ...page, date });
    expect(items.find(({ id }) => id === session.id)).toMatchObject({
      section: { id: section().id, code: section().code, title: section().title },
      date,
      startsAt: expect.stringMatching(/-0[45]:00$/),
      state: "OPEN",
      enrolled: 3,
      marked: 2,
      finalizedAt: null,
    });
    expect(nextCursor).toBeNull();
    const today = await classSessions(teacher(), page);
    expect(today.items.every((item) => item.date === localDateOf(now, zone))).toBe(true);
    expect((await classSessions(teacher(), { ...page, date: "2000-01-01" })).items).toEqual([]);
    expect((await classSessions(contextOf(at(school.teachers, 1)), { ...page, date })).items).toEqual([]);
  });

  test("walks a day page by page", async () => {
    const date = "2031-03-04";
    for (const minute of [0, 1, 2])
      await addClassSession(db(), section(), { now: new Date(`${date}T15:0${minute}:00Z`), timeZone: zone });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const part = await classSessions(teacher(), { limit: 1, date, cursor });
      seen.push(...part.items.map(({ id }) => id));
      cursor = part.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(3);
    await expect(classSessions(teacher(), { limit: 1, date, cursor: "nonsense" })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });

  test("shows the class now, and classes of earlier days that nobody finished", async () => {
    const before = await newClass(-3 * 24 * 60);
    const finished = await newClass(-2 * 24 * 60);
    await mark(finished.id, ["PRESENT"]);
    const running = await newClass(-5);
    const day = await teacherDay(teacher());
    expect(day.current).toMatchObject({ isNow: true, session: { state: "OPEN" } });
    expect(day.sessions.some(({ id }) => id === running.id)).toBe(true);
    const earlier = day.earlier.map(({ id }) => id);
    expect(earlier).toContain(before.id);
    expect(earlier).not.toContain(finished.id);
  });

  test("the sheet and its version are there for the section's teacher alone", async () => {
    const { id } = await newClass(-4);
    expect(await attendanceSheetVersion(teacher(), id)).toEqual({
      version: 0,
      state: "OPEN",
      finalizedAt: null,
      alertsAt: null,
    });
    for (const person of [at(school.teachers, 1), at(other.teachers, 0)])
      for (const read of [attendanceSheet, attendanceSheetVersion])
        await expect(read(contextOf(person), id)).rejects.toMatchObject({ code: "class_session_not_found" });
  });
});

describe("histories", () => {
  test("are one's own marks, newest class first, page by page, between dates", async () => {
    const classes = [];
    for (const days of [40, 41, 42]) classes.push(await newClass(-days * 24 * 60));
    for (const [n, { id }] of classes.entries()) await mark(id, [null, null, n === 0 ? "LATE" : "ABSENT"], n !== 1);
    const student = contextOf(at(school.students, 2));
    const dates = classes.map(({ startsAt }) => localDateOf(startsAt, zone));
    const range = { from: at(dates, 2), to: at(dates, 0) };
    const all = await myAttendance(student, { ...page, ...range });
    expect(all.items.map(({ classSessionId }) => classSessionId)).toEqual(classes.map(({ id }) => id));
    expect(all.items.map(({ status, final }) => [status, final])).toEqual([
      ["LATE", true],
      ["ABSENT", false],
      ["ABSENT", true],
    ]);
    const first = await myAttendance(student, { limit: 2, ...range });
    const second = await myAttendance(student, { limit: 2, ...range, cursor: first.nextCursor ?? "" });
    expect([...first.items, ...second.items]).toEqual(all.items);
    expect(second.nextCursor).toBeNull();
    expect((await myAttendance(student, { ...page, from: at(dates, 0), to: at(dates, 2) })).items).toEqual([]);
    for (const cursor of ["x", btoa("[1]"), btoa('["a","b"]'), btoa("[9e15,1]"), btoa('[-1,"b"]')])
      await expect(myAttendance(student, { ...page, cursor })).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("of a child are there for its own guardian alone", async () => {
    const own = at(school.students, 0).id;
    expect((await familyAttendance(guardian(), own, page)).items.length).toBeGreaterThan(0);
    for (const id of [at(school.students, 1).id, at(other.students, 0).id, "nobody"])
      await expect(familyAttendance(guardian(), id, page)).rejects.toMatchObject({ code: "not_found" });
    await expect(familyAttendance(contextOf(at(other.guardians, 0)), own, page)).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(attendanceMonth(guardian(), at(school.students, 1).id, undefined)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("dates that are none, or that no calendar of a school holds, are refused", () => {
    for (const from of ["2026-02-30", "0000-01-01", "9999-99-99", "tomorrow", "2026-1-1"])
      expect(historyQuery.safeParse({ from }).success).toBe(false);
    expect(historyQuery.safeParse({ from: "2028-02-29", to: "2026-01-01" }).success).toBe(true);
  });
});

describe("the family's day", () => {
  test("says what the finished sheets say, and nothing of marks that may still change", async () => {
    const child = at(school.students, 1);
    const ctx = contextOf(at(school.guardians, 1), { now });
    const session = await newClass(-2);
    await mark(session.id, [null, "ABSENT"], false);
    const answerOf = async () => at((await familyDay(ctx)).children, 0);
    const open = await answerOf();
    expect(open.id).toBe(child.id);
    expect(open.classes.find(({ classSessionId }) => classSessionId === session.id)?.status).toBeNull();
    const monthOf = async () => {
      const { items } = await attendanceMonth(ctx, child.id, localDateOf(session.startsAt, zone).slice(0, 7));
      return items.find(({ classSessionId }) => classSessionId === session.id) ?? null;
    };
    expect(await monthOf()).toBeNull();
    await mark(session.id, []);
    const closed = await answerOf();
    expect(closed.answer).toMatchObject({ kind: "marked", last: { classSessionId: session.id, status: "ABSENT" } });
    expect(closed.term.absent).toBe(open.term.absent + 1);
    expect(await monthOf()).toMatchObject({ final: true });
    // A cancelled class counts nowhere; programs still read its mark.
    await db().classSession.update({ where: { id: session.id }, data: { state: "CANCELLED" } });
    expect(await monthOf()).toBeNull();
    expect((await answerOf()).term.absent).toBe(open.term.absent);
    const { items } = await familyAttendance(ctx, child.id, page);
    expect(items.map(({ classSessionId }) => classSessionId)).toContain(session.id);
  });

  test("puts the child first who missed a class this morning, whatever came after", async () => {
    const first = at(school.students, 0);
    const second = at(school.students, 1);
    const ctx = contextOf(at(school.guardians, 2), { now });
    const { userId: guardianId, schoolId } = ctx.actor;
    await db().guardianship.create({ data: { guardianId, studentId: second.id, schoolId } });
    const earlier = await newClass(-90);
    const later = await newClass(0);
    await mark(earlier.id, ["PRESENT", "ABSENT"]);
    await mark(later.id, ["PRESENT", "PRESENT"]);
    const { children, asOf } = await familyDay(ctx);
    expect(children.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(at(children, 0).answer).toMatchObject({ last: { status: "PRESENT" }, where: "inClass" });
    expect(new Date(asOf)).toEqual(now);
  });
});

describe("over HTTP", () => {
  const call = async (
    handler: typeof classesRoute,
    person: Person | null,
    path: string,
    params: Record<string, string> = {},
    body?: unknown,
  ) => {
    const headers = new Headers();
    if (person) {
      const claims = { userId: person.id, schoolId: person.schoolId, roles: [...person.roles], sessionId: "s" };
      const signed = await signAccessToken(claims, new Date());
      headers.set("authorization", `Bearer ${signed}`);
    }
    const init = body === undefined ? { headers } : { headers, method: "POST", body: JSON.stringify(body) };
    return handler(new Request(`http://campus.test${path}`, init), { params: Promise.resolve(params) });
  };

  test("each route is for its role, and others' things do not exist", async () => {
    const session = await addClassSession(db(), section(), { timeZone: zone });
    const student = at(school.students, 0);
    const body = { classSessionId: session.id, records: [], finalize: false };
    const sheet = { classSessionId: session.id };
    const child = { studentId: student.id };
    const routes = [
      ["TEACHER", (who: Person | null) => call(classesRoute, who, "/api/class-sessions")],
      ["TEACHER", (who: Person | null) => call(sheetRoute, who, `/api/attendance/${session.id}`, sheet)],
      ["TEACHER", (who: Person | null) => call(versionRoute, who, `/api/attendance/${session.id}/version`, sheet)],
      ["TEACHER", (who: Person | null) => call(markRoute, who, "/api/attendance/mark-bulk", {}, body)],
      ["STUDENT", (who: Person | null) => call(mineRoute, who, "/api/me/attendance")],
      ["GUARDIAN", (who: Person | null) => call(childrenRoute, who, "/api/family/students")],
      ["GUARDIAN", (who: Person | null) => call(familyRoute, who, `/api/family/students/x/attendance`, child)],
    ] as const;
    const people = {
      TEACHER: at(school.teachers, 0),
      STUDENT: student,
      GUARDIAN: at(school.guardians, 0),
      ADMIN: school.admin,
    };
    for (const [role, request] of routes) {
      expect((await request(null)).status).toBe(401);
      for (const [own, person] of Object.entries(people))
        expect((await request(person)).status).toBe(own === role ? 200 : 403);
    }
    const foreign = at(other.teachers, 0);
    const refused = await call(sheetRoute, foreign, `/api/attendance/${session.id}`, sheet);
    expect([refused.status, await refused.json()]).toMatchObject([404, { code: "class_session_not_found" }]);
    const notMine = await call(familyRoute, at(other.guardians, 0), "/api/family/students/x/attendance", child);
    expect(notMine.status).toBe(404);
    const children = await call(childrenRoute, people.GUARDIAN, "/api/family/students?limit=1");
    expect(await children.json()).toEqual({
      items: [{ id: student.id, name: "Student Number0000" }],
      nextCursor: null,
    });
  });

  test("bad input is 400 with fields, never 500", async () => {
    const who = at(school.teachers, 0);
    for (const query of ["date=2026-02-30", "date=0000-01-01", "limit=0", "limit=201", "limit=1e20", "cursor=%00"])
      expect((await call(classesRoute, who, `/api/class-sessions?${query}`)).status).toBe(400);
    const bodies = [
      {},
      { classSessionId: "x" },
      { classSessionId: "x", records: "all" },
      { classSessionId: "x", records: [{ studentId: "a", status: "ABSENT", note: "\u0000" }] },
      { classSessionId: "a b", records: [] },
      null,
      [],
    ];
    for (const body of bodies) {
      const answer = await call(markRoute, who, "/api/attendance/mark-bulk", {}, body);
      expect([answer.status, await answer.json()]).toMatchObject([400, { code: "invalid_request" }]);
    }
    const twice = [1, 2].map(() => ({ studentId: "a", status: "ABSENT" }));
    const answer = await call(markRoute, who, "/api/attendance/mark-bulk", {}, { classSessionId: "x", records: twice });
    expect(await answer.json()).toMatchObject({ errors: [{ path: "records.1.studentId" }] });
  });
});
