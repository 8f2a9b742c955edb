import { studentIdsOfGuardian } from "@/lib/identity/people/people";
import { type Db, Prisma } from "@/lib/platform/db/client";
import { announcedSheet } from "../grace/grace";
import type { AttendanceStatus } from "../schema";

/** Final marks of a student in the running term. */
export type TermTally = { total: number; absent: number; late: number };
/** A mark of today that counts. */
export type TodaysMark = {
  classSessionId: string;
  sectionId: string;
  status: AttendanceStatus | null;
  minutesLate: number | null;
};
/** How many marks of recent classes there are, and how often they were changed. */
type Recent = { marks: number; changes: number };
export type StudentMarks = { term: TermTally; today: TodaysMark[]; recent: Recent };

const RECENT_DAYS = 2;

/** Marks that count (see `announcedSheet`), with their class: what every read below adds its condition to. */
const countingMarks = (schoolId: string, now: Date) => Prisma.sql`
  attendance_record r
  JOIN class_session c ON c.id = r.class_session_id AND r.school_id = ${schoolId}
  JOIN attendance_sheet s ON s.class_session_id = c.id AND ${announcedSheet("s", now)}`;
/**
 * A condition on `r` that every mark fulfils whose class starts on a local date from `from` on, and few others: a class is
 * marked from an hour before its start. A day is left for that and for zones. With it a student's marks of years are not
 * read to find those of a term.
 */
export const markedSinceSql = (from: Prisma.Sql) => Prisma.sql`r.marked_at >= ${from} - interval '1 day'`;
const recentFrom = (now: Date) => Prisma.sql`${new Date(now.getTime() - RECENT_DAYS * 86_400_000)}::timestamptz`;
const isRecent = (now: Date) => Prisma.sql`c.starts_at > ${recentFrom(now)}`;
const markCount = Prisma.sql`count(*)`;
const changeCount = Prisma.sql`sum(r.version)`;

/**
 * What is known of each of these students now: the tally of the term (none when it is null), the marks of a local date, and
 * what `versionOf` makes a word of. One statement. A student without any is missing.
 */
export async function marksOfStudents(
  client: Db,
  studentIds: readonly string[],
  when: { schoolId: string; date: string; term: { startsOn: string; endsOn: string } | null; now: Date },
): Promise<Map<string, StudentMarks>> {
  if (studentIds.length === 0) return new Map();
  const { date, term, now } = when;
  const recent = isRecent(now);
  const from = Prisma.sql`LEAST(${term?.startsOn ?? null}::date, ${date}::date, ${recentFrom(now)})`;
  const inTerm = Prisma.sql`
    (c.date BETWEEN ${term?.startsOn ?? null}::date AND ${term?.endsOn ?? null}::date AND c.state <> 'CANCELLED'
      AND r.status IS NOT NULL)`;
  const ofToday = Prisma.sql`(c.date = ${date}::date AND r.status IS NOT NULL)`;
  const rows = await client.$queryRaw<(TermTally & Recent & { studentId: string; today: TodaysMark[] })[]>`
    SELECT r.student_id AS "studentId", count(*) FILTER (WHERE ${inTerm})::int AS total,
           count(*) FILTER (WHERE ${inTerm} AND r.status = 'ABSENT')::int AS absent,
           count(*) FILTER (WHERE ${inTerm} AND r.status = 'LATE')::int AS late,
           coalesce(jsonb_agg(jsonb_build_object('classSessionId', c.id, 'sectionId', c.section_id, 'status', r.status,
                                                 'minutesLate', r.minutes_late)) FILTER (WHERE ${ofToday}), '[]') AS today,
           (${markCount} FILTER (WHERE ${recent}))::int AS marks,
           coalesce(${changeCount} FILTER (WHERE ${recent}), 0)::int AS changes
    FROM ${countingMarks(when.schoolId, now)}
    WHERE r.student_id = ANY(${[...studentIds]}::text[]) AND ${markedSinceSql(from)} AND (${inTerm} OR ${ofToday} OR ${recent})
    GROUP BY r.student_id`;
  return new Map(
    rows.map(({ studentId, total, absent, late, today, marks, changes }) => [
      studentId,
      { term: { total, absent, late }, today, recent: { marks, changes } },
    ]),
  );
}

/** The same of all students of a guardian together, without reading who they are. */
export async function recentMarksOfFamily(
  client: Db,
  guardian: { schoolId: string; userId: string },
  now: Date,
): Promise<Recent[]> {
  return client.$queryRaw<Recent[]>`
    SELECT ${markCount}::int AS marks, coalesce(${changeCount}, 0)::int AS changes
    FROM ${countingMarks(guardian.schoolId, now)}
    WHERE r.student_id = ANY(ARRAY(${studentIdsOfGuardian(guardian.schoolId, guardian.userId)}))
      AND ${markedSinceSql(recentFrom(now))} AND ${isRecent(now)}`;
}

/** A word that changes whenever a recent mark that counts is made or changed. It says nothing else. */
export function versionOf(recent: Iterable<Recent>): string {
  let marks = 0;
  let changes = 0;
  for (const of of recent) {
    marks += of.marks;
    changes += of.changes;
  }
  return `${marks}.${changes}`;
}
