import { type Db, Prisma, type Tx } from "@/lib/platform/db/client";
import { dateText } from "@/lib/shared/time";
import type { CancelCause } from "../schema";

/** A class session as other modules see it. `date` is the local date; instants are UTC. */
export type ClassSessionInfo = {
  id: string;
  /** It was over before its section had a teacher here: nobody waits for its marks. */
  isHistory: boolean;
  section: { id: string; code: string; title: string };
  date: string;
  startsAt: Date;
  endsAt: Date;
  location: string | null;
  isCancelled: boolean;
  isSectionCancelled: boolean;
  /** Why it is cancelled: for a day off its title, else the words of whoever cancelled it. Null: it is not. */
  cancellation: { cause: CancelCause; reason: string | null } | null;
  /** Where the plan has it, when somebody moved it; null: it is where the plan has it. */
  movedFrom: { date: string; startsAt: Date; endsAt: Date; location: string | null } | null;
};

type Row = {
  id: string;
  isHistory: boolean;
  sectionId: string;
  code: string;
  title: string;
  date: Date;
  startsAt: Date;
  endsAt: Date;
  location: string | null;
  isCancelled: boolean;
  isSectionCancelled: boolean;
  dayOff: string | null;
  isOwnCancelled: boolean;
  cancelReason: string | null;
  fromDate: Date | null;
  fromStartsAt: Date | null;
  fromEndsAt: Date | null;
  fromLocation: string | null;
};

type Teacher = { schoolId: string; userId: string };

const columns = Prisma.sql`
  c.id, s.id AS "sectionId", s.code, s.title, c.date, c.starts_at AS "startsAt", c.ends_at AS "endsAt",
  coalesce(c.location, m.location, s.location) AS location, c.state = 'CANCELLED' AS "isCancelled",
  s.state = 'CANCELLED' AS "isSectionCancelled",
  (s.taught_from IS NOT NULL AND c.ends_at <= s.taught_from) AS "isHistory",
  f.title AS "dayOff", c.cancelled_at IS NOT NULL AS "isOwnCancelled", c.cancel_reason AS "cancelReason",
  c.moved_from_date AS "fromDate", c.moved_from_starts_at AS "fromStartsAt", c.moved_from_ends_at AS "fromEndsAt",
  coalesce(c.moved_from_location, m.location, s.location) AS "fromLocation"`;
const source = Prisma.sql`
  class_session c JOIN section s ON s.id = c.section_id LEFT JOIN meeting m ON m.id = c.meeting_id
  LEFT JOIN school_day_off f ON f.id = c.day_off_id`;
/** The wall of every read for a teacher: their own sections of their own school; a query adds its condition. */
const selectTaughtBy = (teacher: Teacher) => Prisma.sql`
  SELECT ${columns} FROM ${source} JOIN section_teacher t ON t.section_id = s.id AND t.user_id = ${teacher.userId}
  WHERE c.school_id = ${teacher.schoolId}`;

/** The class sessions of a teacher's sections on local dates `from` to `to` (both included), by time. */
export async function classSessionsOfTeacher(
  client: Db | Tx,
  teacher: Teacher,
  range: { from: string; to: string },
): Promise<ClassSessionInfo[]> {
  const rows = await client.$queryRaw<Row[]>`
    ${selectTaughtBy(teacher)} AND c.date BETWEEN ${range.from}::date AND ${range.to}::date
    ORDER BY c.starts_at, s.code, c.id`;
  return rows.map(infoOf);
}

/** A class session when `userId` teaches its section, else null. */
export async function classSessionOfTeacher(
  client: Db | Tx,
  teacher: Teacher,
  classSessionId: string,
): Promise<ClassSessionInfo | null> {
  const rows = await client.$queryRaw<Row[]>`
    ${selectTaughtBy(teacher)} AND c.id = ${classSessionId}`;
  return rows.map(infoOf)[0] ?? null;
}

/** A class session of the school, whoever teaches it, or null; for work that no teacher asks for. */
export async function classSessionOfSchool(
  client: Db | Tx,
  schoolId: string,
  classSessionId: string,
): Promise<ClassSessionInfo | null> {
  const rows = await client.$queryRaw<Row[]>`
    SELECT ${columns} FROM ${source} WHERE c.school_id = ${schoolId} AND c.id = ${classSessionId}`;
  return rows.map(infoOf)[0] ?? null;
}

/**
 * What a teacher's day is made of, by time, in one statement: the class sessions on local dates `from` to `date` (both
 * included), those that the plan has on `date` and that were moved to another one, and the first that starts after `after`
 * and is not cancelled.
 */
export async function classSessionsAroundDay(
  client: Db | Tx,
  teacher: Teacher,
  { from, date, after }: { from: string; date: string; after: Date },
): Promise<ClassSessionInfo[]> {
  const taught = Prisma.sql`
    SELECT c.id FROM class_session c JOIN section s ON s.id = c.section_id
    JOIN section_teacher t ON t.section_id = s.id AND t.user_id = ${teacher.userId}
    WHERE c.school_id = ${teacher.schoolId}`;
  const rows = await client.$queryRaw<Row[]>`
    SELECT ${columns} FROM ${source}
    WHERE c.id = ANY(ARRAY(
      ${taught} AND c.date BETWEEN ${from}::date AND ${date}::date
      UNION ${taught} AND c.moved_from_date = ${date}::date
      UNION (${taught} AND c.starts_at > ${after} AND c.state = 'SCHEDULED' ORDER BY c.starts_at, s.code, c.id LIMIT 1)
    ))
    ORDER BY c.starts_at, s.code, c.id`;
  return rows.map(infoOf);
}

/** The class sessions of some sections on one local date, by time; also those that were moved from it to another date. */
export async function classSessionsOfSections(
  client: Db | Tx,
  schoolId: string,
  sectionIds: readonly string[],
  date: string,
): Promise<ClassSessionInfo[]> {
  if (sectionIds.length === 0) return [];
  const rows = await client.$queryRaw<Row[]>`
    SELECT ${columns} FROM ${source}
    WHERE c.school_id = ${schoolId} AND c.section_id = ANY(${[...sectionIds]}::text[])
      AND (c.date = ${date}::date OR c.moved_from_date = ${date}::date)
    ORDER BY CASE WHEN c.date = ${date}::date THEN c.starts_at ELSE c.moved_from_starts_at END, s.code, c.id`;
  return rows.map(infoOf);
}

/**
 * The first `limit` class sessions of a school on one local date, by time: for the office. `words`, folded, must occur in
 * the section's code and title. The section's search text holds both and spares folding them where it has no match.
 */
export async function classSessionsOfSchool(
  client: Db | Tx,
  schoolId: string,
  date: string,
  { words, limit }: { words: string; limit: number },
): Promise<ClassSessionInfo[]> {
  const matches =
    words === ""
      ? Prisma.empty
      : Prisma.sql`AND strpos(s.search_text, ${words}) > 0 AND strpos(campus_fold(s.code || ' ' || s.title), ${words}) > 0`;
  const rows = await client.$queryRaw<Row[]>`
    SELECT ${columns} FROM ${source} WHERE c.school_id = ${schoolId} AND c.date = ${date}::date ${matches}
    ORDER BY c.starts_at, s.code, c.id LIMIT ${limit}`;
  return rows.map(infoOf);
}

function infoOf(row: Row): ClassSessionInfo {
  const { id, isHistory, sectionId, code, title, date, startsAt, endsAt, location, isCancelled, isSectionCancelled } =
    row;
  const { fromDate, fromStartsAt, fromEndsAt } = row;
  return {
    id,
    isHistory,
    section: { id: sectionId, code, title },
    date: dateText(date),
    startsAt,
    endsAt,
    location,
    isCancelled,
    isSectionCancelled,
    cancellation: isCancelled ? cancellationOf(row) : null,
    movedFrom:
      fromDate && fromStartsAt && fromEndsAt
        ? { date: dateText(fromDate), startsAt: fromStartsAt, endsAt: fromEndsAt, location: row.fromLocation }
        : null,
  };
}

/** A day off says more than that somebody cancelled the class of it too. */
function cancellationOf(row: {
  dayOff: string | null;
  isOwnCancelled: boolean;
  cancelReason: string | null;
}): NonNullable<ClassSessionInfo["cancellation"]> {
  if (row.dayOff !== null) return { cause: "DAY_OFF", reason: row.dayOff };
  return row.isOwnCancelled ? { cause: "CLASS", reason: row.cancelReason } : { cause: "SECTION", reason: null };
}
