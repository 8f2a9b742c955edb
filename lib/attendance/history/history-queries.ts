import { db, type Db, Prisma } from "@/lib/platform/db/client";
import { studentsOfGuardian } from "@/lib/identity/people/people";
import { schoolOfActor } from "@/lib/identity/people/school-of-actor";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { decodeTimeCursor, encodeCursor } from "@/lib/shared/schema";
import { dateText, isoInZone } from "@/lib/shared/time";
import { ownStudent } from "../access";
import { announcedSheet } from "../grace/grace";
import { pageOfList, unknownCursor } from "@/lib/shared/list-pages";
import { markedSinceSql } from "./student-marks";
import type { AttendanceStatus, FamilyStudentsQuery, HistoryItem, HistoryQuery } from "../schema";

export type HistoryPage = { items: HistoryItem[]; nextCursor: string | null };

/** The actor's own marks as a student, newest class first. */
export async function myAttendance(ctx: Context, query: HistoryQuery, client: Db = db()): Promise<HistoryPage> {
  requireRole(ctx, "STUDENT");
  return historyOf(client, { ctx, studentId: ctx.actor.userId }, query);
}

/** The marks of one of the guardian's own students, newest class first; `not_found` for anybody else's. */
export async function familyAttendance(
  ctx: Context,
  studentId: string,
  query: HistoryQuery,
  client: Db = db(),
): Promise<HistoryPage> {
  const student = await ownStudent(ctx, client, studentId);
  return historyOf(client, { ctx, studentId: student.id }, query);
}

/** The guardian's own students by name. */
export async function familyStudents(ctx: Context, query: FamilyStudentsQuery, client: Db = db()) {
  requireRole(ctx, "GUARDIAN");
  return pageOfList(await studentsOfGuardian(client, ctx.actor.schoolId, ctx.actor.userId), query);
}

type Row = {
  classSessionId: string;
  sectionId: string;
  code: string;
  title: string;
  date: Date;
  startsAt: Date;
  endsAt: Date;
  status: AttendanceStatus;
  minutesLate: number | null;
  final: boolean;
};

/**
 * Marks of one student, page by page along (start, id). A class without a mark of the student is not in it. `countedOnly`
 * leaves out what a term's tally does not count: marks that the teacher has not finished, and cancelled classes. The
 * caller has checked that the actor may read them.
 */
export async function historyOf(
  client: Db,
  { ctx, studentId }: { ctx: Context; studentId: string },
  query: HistoryQuery & { countedOnly?: boolean },
): Promise<HistoryPage> {
  const school = await schoolOfActor(ctx, client);
  const { id: schoolId } = school;
  const { now } = ctx;
  const after = query.cursor === undefined ? null : historyCursor(query.cursor);
  const announced = announcedSheet("sh", now);
  const filters = [
    Prisma.sql`r.student_id = ${studentId}`,
    Prisma.sql`r.school_id = ${schoolId}`,
    Prisma.sql`r.status IS NOT NULL`,
  ];
  if (query.from !== undefined)
    filters.push(Prisma.sql`c.date >= ${query.from}::date`, markedSinceSql(Prisma.sql`${query.from}::date`));
  if (query.to !== undefined) filters.push(Prisma.sql`c.date <= ${query.to}::date`);
  if (query.countedOnly === true) filters.push(Prisma.sql`${announced} AND c.state <> 'CANCELLED'`);
  if (after) filters.push(Prisma.sql`(c.starts_at, c.id) < (${after.at}, ${after.id})`);
  const source = Prisma.sql`attendance_record r
    JOIN class_session c ON c.id = r.class_session_id
    JOIN section s ON s.id = c.section_id
    LEFT JOIN attendance_sheet sh ON sh.class_session_id = c.id`;
  const found = Prisma.join(filters, " AND ");
  // The page lies within the classes of as many marks as were made last; older ones than those need not be read. Marks
  // that were corrected late are among them by both counts.
  const newest = Prisma.sql`SELECT min(n.starts_at) FROM (
      SELECT c.starts_at FROM ${source} WHERE ${found} ORDER BY r.marked_at DESC LIMIT ${query.limit + 1}
    ) AS n HAVING count(*) > ${query.limit}`;
  const from = Prisma.sql`coalesce((${newest}), '-infinity'::timestamptz)`;
  const rows = await client.$queryRaw<Row[]>`
    SELECT c.id AS "classSessionId", s.id AS "sectionId", s.code, s.title, c.date, c.starts_at AS "startsAt",
           c.ends_at AS "endsAt", r.status::text AS status, r.minutes_late AS "minutesLate",
           coalesce(${announced}, false) AS final
    FROM ${source}
    WHERE ${found} AND ${query.from === undefined ? markedSinceSql(from) : Prisma.sql`TRUE`}
    ORDER BY c.starts_at DESC, c.id DESC LIMIT ${query.limit + 1}`;
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map(({ sectionId, code, title, date, startsAt, endsAt, ...rest }) => ({
      ...rest,
      section: { id: sectionId, code, title },
      date: dateText(date),
      startsAt: isoInZone(startsAt, school.timeZone),
      endsAt: isoInZone(endsAt, school.timeZone),
    })),
    nextCursor: last && rows.length > query.limit ? encodeCursor([last.startsAt.getTime(), last.classSessionId]) : null,
  };
}

function historyCursor(cursor: string): { at: Date; id: string } {
  const position = decodeTimeCursor(cursor);
  if (!position) throw unknownCursor();
  return position;
}
