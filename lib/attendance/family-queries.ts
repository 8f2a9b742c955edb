import { classSessionsOfSections, termOn } from "@/lib/catalog/class-session-queries";
import { sectionsOfStudents } from "@/lib/enrollment/section-members";
import { schoolOf, studentsOfGuardian } from "@/lib/identity/people";
import { db, type Db } from "@/lib/platform/db";
import type { Context } from "@/lib/shared/context";
import { isoInZone, localDateOf } from "@/lib/shared/time";
import { ownStudent, requireRole } from "./access";
import { type DayAnswer, dayAnswer, type StudentClass, urgencyOf } from "./day-rules";
import { historyOf } from "./history-queries";
import type { HistoryItem } from "./schema";

/** Final marks of a student in the running term. */
export type TermTally = { total: number; absent: number; late: number };
export type ChildCard = { id: string; name: string; answer: DayAnswer; classes: StudentClass[]; term: TermTally };
/** `asOf`: when this was read, with the school's offset. */
export type FamilyDay = { date: string; asOf: string; children: ChildCard[] };

/** Each of the guardian's own students today. Those about whom there is something to know come first, then by name. */
export async function familyDay(ctx: Context, client: Db = db()): Promise<FamilyDay> {
  requireRole(ctx, "GUARDIAN");
  const [school, students] = await Promise.all([
    schoolOf(client, ctx.actor.schoolId),
    studentsOfGuardian(client, ctx.actor.userId),
  ]);
  const date = localDateOf(ctx.now, school.timeZone);
  const ids = students.map(({ id }) => id);
  const [classes, tallies] = await Promise.all([
    classesToday(client, school, ids, date),
    termTallies(client, school.id, ids, date),
  ]);
  const children = students.map(({ id, name }) => {
    const own = classes.get(id) ?? [];
    return { id, name, classes: own, answer: dayAnswer(own, ctx.now), term: tallies.get(id) ?? noTally };
  });
  return {
    date,
    asOf: isoInZone(ctx.now, school.timeZone),
    children: children.toSorted((a, b) => urgencyOf(a.answer) - urgencyOf(b.answer)),
  };
}

const noTally: TermTally = { total: 0, absent: 0, late: 0 };

type School = { id: string; timeZone: string };

async function classesToday(client: Db, school: School, studentIds: readonly string[], date: string) {
  const enrolled = await sectionsOfStudents(client, school.id, studentIds);
  const sessions = await classSessionsOfSections(
    client,
    school.id,
    [...new Set(enrolled.map((e) => e.sectionId))],
    date,
  );
  const records = await client.attendanceRecord.findMany({
    where: {
      studentId: { in: [...studentIds] },
      classSessionId: { in: sessions.map(({ id }) => id) },
      classSession: { sheet: { finalizedAt: { not: null } } },
    },
    select: { studentId: true, classSessionId: true, status: true, minutesLate: true },
  });
  const recordOf = new Map(records.map((record) => [`${record.studentId} ${record.classSessionId}`, record]));
  return new Map(
    studentIds.map((studentId): [string, StudentClass[]] => {
      const sections = new Set(enrolled.filter((e) => e.studentId === studentId).map((e) => e.sectionId));
      const own = sessions.filter(({ section }) => sections.has(section.id));
      return [
        studentId,
        own.map((session) => {
          const record = recordOf.get(`${studentId} ${session.id}`);
          return {
            classSessionId: session.id,
            title: session.section.title,
            startsAt: isoInZone(session.startsAt, school.timeZone),
            endsAt: isoInZone(session.endsAt, school.timeZone),
            isCancelled: session.isCancelled,
            status: record?.status ?? null,
            minutesLate: record?.minutesLate ?? null,
          };
        }),
      ];
    }),
  );
}

async function termTallies(client: Db, schoolId: string, studentIds: readonly string[], date: string) {
  const term = await termOn(client, schoolId, date);
  if (!term || studentIds.length === 0) return new Map<string, TermTally>();
  const rows = await client.$queryRaw<(TermTally & { studentId: string })[]>`
    SELECT r.student_id AS "studentId", count(*)::int AS total,
           count(*) FILTER (WHERE r.status = 'ABSENT')::int AS absent,
           count(*) FILTER (WHERE r.status = 'LATE')::int AS late
    FROM attendance_record r
    JOIN class_session c ON c.id = r.class_session_id
    JOIN attendance_sheet s ON s.class_session_id = c.id AND s.finalized_at IS NOT NULL
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
  const school = await schoolOf(client, ctx.actor.schoolId);
  const today = localDateOf(ctx.now, school.timeZone);
  const month = wantedMonth && /^(19|20|21)\d\d-(0[1-9]|1[0-2])$/.test(wantedMonth) ? wantedMonth : today.slice(0, 7);
  const [page, tallies] = await Promise.all([
    historyOf(
      ctx,
      whose,
      { from: `${month}-01`, to: lastDay(month), limit: MAX_MONTH_ITEMS, countedOnly: true },
      client,
    ),
    termTallies(client, school.id, [whose], today),
  ]);
  const asOf = isoInZone(ctx.now, school.timeZone);
  return { student, month, today, asOf, items: page.items, term: tallies.get(whose) ?? noTally };
}

function lastDay(month: string): string {
  const [year = 1970, number = 1] = month.split("-").map(Number);
  return `${month}-${String(new Date(Date.UTC(year, number, 0)).getUTCDate()).padStart(2, "0")}`;
}
