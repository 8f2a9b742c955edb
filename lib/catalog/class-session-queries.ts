import { type Db, Prisma, type Tx } from "@/lib/platform/db";
import { dateText } from "@/lib/shared/time";

/** A class session as other modules see it. `date` is the local date; instants are UTC. */
export type ClassSessionInfo = {
  id: string;
  section: { id: string; code: string; title: string };
  date: string;
  startsAt: Date;
  endsAt: Date;
  location: string | null;
  isCancelled: boolean;
};

type Row = {
  id: string;
  sectionId: string;
  code: string;
  title: string;
  date: Date;
  startsAt: Date;
  endsAt: Date;
  location: string | null;
  isCancelled: boolean;
};

type Teacher = { schoolId: string; userId: string };

const columns = Prisma.sql`
  c.id, s.id AS "sectionId", s.code, s.title, c.date, c.starts_at AS "startsAt", c.ends_at AS "endsAt",
  coalesce(c.location, m.location, s.location) AS location, c.state = 'CANCELLED' AS "isCancelled"`;
const source = Prisma.sql`class_session c JOIN section s ON s.id = c.section_id LEFT JOIN meeting m ON m.id = c.meeting_id`;
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

/** The teacher's first class session that starts after `after` and is not cancelled, or null. */
export async function nextClassSessionOfTeacher(
  client: Db | Tx,
  teacher: Teacher,
  after: Date,
): Promise<ClassSessionInfo | null> {
  const rows = await client.$queryRaw<Row[]>`
    ${selectTaughtBy(teacher)} AND c.starts_at > ${after} AND c.state = 'SCHEDULED'
    ORDER BY c.starts_at, s.code, c.id LIMIT 1`;
  return rows.map(infoOf)[0] ?? null;
}

/** The class sessions of some sections on one local date, by time. */
export async function classSessionsOfSections(
  client: Db | Tx,
  schoolId: string,
  sectionIds: readonly string[],
  date: string,
): Promise<ClassSessionInfo[]> {
  if (sectionIds.length === 0) return [];
  const rows = await client.$queryRaw<Row[]>`
    SELECT ${columns} FROM ${source}
    WHERE c.school_id = ${schoolId} AND c.section_id = ANY(${[...sectionIds]}::text[]) AND c.date = ${date}::date
    ORDER BY c.starts_at, s.code, c.id`;
  return rows.map(infoOf);
}

/** The term that holds a local date (the one that began last, when terms overlap), or null. */
export async function termOn(
  client: Db | Tx,
  schoolId: string,
  date: string,
): Promise<{ title: string; startsOn: string; endsOn: string } | null> {
  const rows = await client.$queryRaw<{ title: string; startsOn: Date; endsOn: Date }[]>`
    SELECT title, starts_on AS "startsOn", ends_on AS "endsOn" FROM term
    WHERE school_id = ${schoolId} AND ${date}::date BETWEEN starts_on AND ends_on ORDER BY starts_on DESC, id LIMIT 1`;
  const term = rows[0];
  return term ? { title: term.title, startsOn: dateText(term.startsOn), endsOn: dateText(term.endsOn) } : null;
}

function infoOf({ sectionId, code, title, date, ...rest }: Row): ClassSessionInfo {
  return { ...rest, section: { id: sectionId, code, title }, date: dateText(date) };
}
