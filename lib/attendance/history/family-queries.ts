import { schoolDayOn } from "@/lib/catalog/calendar/school-day";
import { classSessionsOfSections } from "@/lib/catalog/class-sessions/queries";
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
import { historyOf } from "./history-queries";
import type { HistoryItem } from "../schema";
import { marksOfStudents, type StudentMarks, type TermTally, versionOf } from "./student-marks";

export type ChildCard = { id: string; name: string; answer: DayAnswer; classes: StudentClass[]; term: TermTally };
export type FamilyDay = {
  date: string;
  /** When this was read, with the school's offset. */
  asOf: string;
  /** What today is called when there is no school. */
  dayOff: string | null;
  /** What `familyVersion` answers while nothing has changed. */
  version: string;
  children: ChildCard[];
};

/** Each of the guardian's own students today. Those about whom there is something to know come first, then by name. */
export async function familyDay(ctx: Context, client: Db = db()): Promise<FamilyDay> {
  requireRole(ctx, "GUARDIAN");
  const [school, students] = await Promise.all([
    schoolOfActor(ctx, client),
    studentsOfGuardian(client, ctx.actor.schoolId, ctx.actor.userId),
  ]);
  const date = localDateOf(ctx.now, school.timeZone);
  const ids = students.map(({ id }) => id);
  const [enrolled, { dayOff, term }] = await Promise.all([
    sectionsOfStudents(client, school.id, ids, spanOfDays(date, date, school.timeZone)),
    schoolDayOn(client, school.id, date),
  ]);
  const marks = await marksOfStudents(client, ids, { schoolId: school.id, date, term, now: ctx.now });
  const classes = await classesToday(client, school, ids, { date, enrolled, marks });
  const children = students.map(({ id, name }) => {
    const own = classes.get(id) ?? [];
    return { id, name, classes: own, answer: dayAnswer(own, ctx.now), term: marks.get(id)?.term ?? noTally };
  });
  return {
    date,
    asOf: isoInZone(ctx.now, school.timeZone),
    dayOff,
    version: versionOf([...marks.values()].map(({ recent }) => recent)),
    children: children.toSorted((a, b) => urgencyOf(a.answer) - urgencyOf(b.answer)),
  };
}

const noTally: TermTally = { total: 0, absent: 0, late: 0 };

type School = { id: string; timeZone: string };

type Known = {
  date: string;
  enrolled: Awaited<ReturnType<typeof sectionsOfStudents>>;
  marks: ReadonlyMap<string, StudentMarks>;
};

async function classesToday(client: Db, school: School, studentIds: readonly string[], known: Known) {
  const { date, enrolled } = known;
  const records = [...known.marks].flatMap(([studentId, { today }]) => today.map((mark) => ({ ...mark, studentId })));
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
  const [page, classes, { term }] = await Promise.all([
    historyOf(
      client,
      { ctx, studentId: whose },
      { from: `${month}-01`, to: monthEnd, limit: MAX_MONTH_ITEMS, countedOnly: true },
    ),
    classesOfStudent(client, { id: whose, schoolId: school.id }, { from: `${month}-01`, to: until }),
    schoolDayOn(client, school.id, today),
  ]);
  const marks = await marksOfStudents(client, [whose], { schoolId: school.id, date: today, term, now: ctx.now });
  const marked = new Set(page.items.map(({ classSessionId }) => classSessionId));
  const waiting: Record<string, number> = {};
  for (const { classSessionId, date } of classes)
    if (!marked.has(classSessionId)) waiting[date] = (waiting[date] ?? 0) + 1;
  const asOf = isoInZone(ctx.now, school.timeZone);
  return { student, month, today, asOf, items: page.items, waiting, term: marks.get(whose)?.term ?? noTally };
}

function lastDay(month: string): string {
  const [year = 1970, number = 1] = month.split("-").map(Number);
  return `${month}-${String(new Date(Date.UTC(year, number, 0)).getUTCDate()).padStart(2, "0")}`;
}
