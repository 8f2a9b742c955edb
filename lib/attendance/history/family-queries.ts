import { dayOffOn } from "@/lib/catalog/calendar/days-off";
import { classSessionsOfSections, termOn } from "@/lib/catalog/class-sessions/queries";
import { classesOfStudent } from "@/lib/enrollment/members/classes-of-student";
import { countsDuring } from "@/lib/enrollment/members/membership";
import { sectionsOfStudents } from "@/lib/enrollment/members/section-members";
import { studentsOfGuardian } from "@/lib/identity/people/people";
import { schoolOfActor } from "@/lib/identity/people/school-of-actor";
import { db, type Db } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { isoInZone, localDateOf, spanOfDays } from "@/lib/shared/time";
import { ownStudent } from "../access";
import { type DayAnswer, dayAnswer, type StudentClass, urgencyOf } from "./day-rules";
import { announcedSheet } from "../grace/grace";
import { historyOf } from "./history-queries";
import type { AttendanceStatus, HistoryItem } from "../schema";

/** Final marks of a student in the running term. */
export type TermTally = { total: number; absent: number; late: number };
export type ChildCard = { id: string; name: string; answer: DayAnswer; classes: StudentClass[]; term: TermTally };
/** `asOf`: when this was read, with the school's offset. `dayOff`: what today is called when there is no school. */
export type FamilyDay = { date: string; asOf: string; dayOff: string | null; children: ChildCard[] };

/** Each of the guardian's own students today. Those about whom there is something to know come first, then by name. */
export async function familyDay(ctx: Context, client: Db = db()): Promise<FamilyDay> {
  requireRole(ctx, "GUARDIAN");
  const [school, students] = await Promise.all([
    schoolOfActor(ctx, client),
    studentsOfGuardian(client, ctx.actor.schoolId, ctx.actor.userId),
  ]);
  const date = localDateOf(ctx.now, school.timeZone);
  const ids = students.map(({ id }) => id);
  const [classes, tallies, dayOff] = await Promise.all([
    classesToday(client, school, ids, date, ctx.now),
    termTallies(client, school.id, ids, date, ctx.now),
    dayOffOn(client, school.id, date),
  ]);
  const children = students.map(({ id, name }) => {
    const own = classes.get(id) ?? [];
    return { id, name, classes: own, answer: dayAnswer(own, ctx.now), term: tallies.get(id) ?? noTally };
  });
  return {
    date,
    asOf: isoInZone(ctx.now, school.timeZone),
    dayOff: dayOff?.title ?? null,
    children: children.toSorted((a, b) => urgencyOf(a.answer) - urgencyOf(b.answer)),
  };
}

const noTally: TermTally = { total: 0, absent: 0, late: 0 };

type School = { id: string; timeZone: string };

async function classesToday(client: Db, school: School, studentIds: readonly string[], date: string, now: Date) {
  const [enrolled, records] = await Promise.all([
    sectionsOfStudents(client, school.id, studentIds, spanOfDays(date, date, school.timeZone)),
    finalMarks(client, school.id, studentIds, date, now),
  ]);
  const sectionIds = new Set([...enrolled, ...records].map(({ sectionId }) => sectionId));
  const sessions = await classSessionsOfSections(client, school.id, [...sectionIds], date);
  const recordOf = new Map(records.map((record) => [`${record.studentId} ${record.classSessionId}`, record]));
  const enrolledOf = Map.groupBy(enrolled, ({ studentId }) => studentId);
  return new Map(
    studentIds.map((studentId): [string, StudentClass[]] => {
      const isOnRoster = (session: (typeof sessions)[number]) =>
        recordOf.has(`${studentId} ${session.id}`) ||
        enrolledOf.get(studentId)?.some((e) => e.sectionId === session.section.id && countsDuring(e, session)) === true;
      return [
        studentId,
        sessions.filter(isOnRoster).map((session) => {
          const record = recordOf.get(`${studentId} ${session.id}`);
          const { cancellation, movedFrom } = session;
          const isAway = session.date !== date;
          const today = isAway && movedFrom ? movedFrom : session;
          const iso = (instant: Date) => isoInZone(instant, school.timeZone);
          return {
            classSessionId: session.id,
            title: session.section.title,
            startsAt: iso(today.startsAt),
            endsAt: iso(today.endsAt),
            isCancelled: session.isCancelled || isAway,
            status: record?.status ?? null,
            minutesLate: record?.minutesLate ?? null,
            ...(cancellation || movedFrom
              ? {
                  change: {
                    date: session.date,
                    startsAt: iso(session.startsAt),
                    location: session.location,
                    cancellation,
                    movedFrom: movedFrom && {
                      ...movedFrom,
                      startsAt: iso(movedFrom.startsAt),
                      endsAt: iso(movedFrom.endsAt),
                    },
                  },
                }
              : {}),
          };
        }),
      ];
    }),
  );
}

type FinalMark = {
  studentId: string;
  classSessionId: string;
  sectionId: string;
  status: AttendanceStatus;
  minutesLate: number | null;
};

function finalMarks(
  client: Db,
  schoolId: string,
  studentIds: readonly string[],
  date: string,
  now: Date,
): Promise<FinalMark[]> {
  return client.$queryRaw<FinalMark[]>`
    SELECT r.student_id AS "studentId", c.id AS "classSessionId", c.section_id AS "sectionId", r.status::text AS status,
           r.minutes_late AS "minutesLate"
    FROM attendance_record r
    JOIN class_session c ON c.id = r.class_session_id
    JOIN attendance_sheet s ON s.class_session_id = c.id AND ${announcedSheet("s", now)}
    WHERE r.student_id = ANY(${[...studentIds]}::text[]) AND r.school_id = ${schoolId} AND r.status IS NOT NULL
      AND c.date = ${date}::date`;
}

async function termTallies(client: Db, schoolId: string, studentIds: readonly string[], date: string, now: Date) {
  const term = await termOn(client, schoolId, date);
  if (!term || studentIds.length === 0) return new Map<string, TermTally>();
  const rows = await client.$queryRaw<(TermTally & { studentId: string })[]>`
    SELECT r.student_id AS "studentId", count(*)::int AS total,
           count(*) FILTER (WHERE r.status = 'ABSENT')::int AS absent,
           count(*) FILTER (WHERE r.status = 'LATE')::int AS late
    FROM attendance_record r
    JOIN class_session c ON c.id = r.class_session_id
    JOIN attendance_sheet s ON s.class_session_id = c.id AND ${announcedSheet("s", now)}
    WHERE r.student_id = ANY(${[...studentIds]}::text[]) AND r.school_id = ${schoolId} AND r.status IS NOT NULL
      AND c.state <> 'CANCELLED' AND c.date BETWEEN ${term.startsOn}::date AND ${term.endsOn}::date
    GROUP BY r.student_id`;
  return new Map(rows.map(({ studentId, ...tally }) => [studentId, tally]));
}

/** A student's month for a page: every mark of it that counts, and the term's tally. */
export type AttendanceMonth = {
  student: { id: string; name: string } | null;
  /** `YYYY-MM`. */
  month: string;
  today: string;
  /** When this was read, with the school's offset. */
  asOf: string;
  items: HistoryItem[];
  /** By local date, until today: how many classes of the student have no mark that counts. */
  waiting: Record<string, number>;
  term: TermTally;
};

const MAX_MONTH_ITEMS = 1000;

/** A month of one of the guardian's own students (`not_found` for others), or of the actor when `studentId` is null. */
export async function attendanceMonth(
  ctx: Context,
  studentId: string | null,
  wantedMonth: string | undefined,
  client: Db = db(),
): Promise<AttendanceMonth> {
  const student = studentId === null ? null : await ownStudent(ctx, client, studentId);
  if (!student) requireRole(ctx, "STUDENT");
  const whose = student?.id ?? ctx.actor.userId;
  const school = await schoolOfActor(ctx, client);
  const today = localDateOf(ctx.now, school.timeZone);
  const month = wantedMonth && /^(19|20|21)\d\d-(0[1-9]|1[0-2])$/.test(wantedMonth) ? wantedMonth : today.slice(0, 7);
  const monthEnd = lastDay(month);
  const until = monthEnd < today ? monthEnd : today;
  const [page, classes, tallies] = await Promise.all([
    historyOf(
      client,
      { ctx, studentId: whose },
      { from: `${month}-01`, to: monthEnd, limit: MAX_MONTH_ITEMS, countedOnly: true },
    ),
    classesOfStudent(client, { id: whose, schoolId: school.id }, { from: `${month}-01`, to: until }),
    termTallies(client, school.id, [whose], today, ctx.now),
  ]);
  const marked = new Set(page.items.map(({ classSessionId }) => classSessionId));
  const waiting: Record<string, number> = {};
  for (const { classSessionId, date } of classes)
    if (!marked.has(classSessionId)) waiting[date] = (waiting[date] ?? 0) + 1;
  const asOf = isoInZone(ctx.now, school.timeZone);
  return { student, month, today, asOf, items: page.items, waiting, term: tallies.get(whose) ?? noTally };
}

function lastDay(month: string): string {
  const [year = 1970, number = 1] = month.split("-").map(Number);
  return `${month}-${String(new Date(Date.UTC(year, number, 0)).getUTCDate()).padStart(2, "0")}`;
}
