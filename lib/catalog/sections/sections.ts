import { type Db, Prisma, type Tx } from "@/lib/platform/db/client";
import { clockOf, dayOf, DAYS, type Day } from "@/lib/shared/time";
import {
  currentSectionsSql,
  heldInSql,
  type HeldTerm,
  heldTermsSql,
  isHeldSinceSql,
  joinFurtherTerms,
  meetingsOfSql,
  notOverSinceSql,
  sectionsSql,
  todayInSql,
  windowSql,
} from "./held-terms";
import { meetingDays, type Schedule } from "./schedule";
import type { Blocker, SectionDto } from "../schema";
import type { SearchWord } from "./search-words";
import { hasWord } from "./section-search";
import { seatsAvailableOf, type SectionWindow, statusOf } from "./sections-rules";

/** A section with all that is shown of it, as the database has it. */
export type SectionRecord = SectionWindow & {
  id: string;
  schoolId: string;
  sourcedId: string;
  code: string;
  title: string;
  location: string | null;
  capacity: number;
  waitlistCapacity: number;
  seatsTaken: number;
  weeks: string | null;
  courseId: string;
  courseCode: string;
  courseTitle: string;
  subject: string | null;
  credits: number | null;
  courseDescription: string | null;
  /** The first term by date; `terms` are all of them when there are several, else null. */
  termId: string;
  termTitle: string;
  termStartsOn: string;
  terms: HeldTerm[] | null;
  meetings: { day: number; startMinute: number; endMinute: number; location: string | null }[];
  teachers: { id: string; name: string }[];
};

/** A section in somebody's timetable, for "fits my schedule". */
export type BusySection = Schedule & { sectionId: string };

export type SectionFilter = {
  /** Words that must all be found in the section, its course, its places, its days or a teacher's name. */
  words?: readonly SearchWord[] | undefined;
  subject?: string | undefined;
  courseId?: string | undefined;
  termId?: string | undefined;
  day?: Day | undefined;
  /** Minutes from local midnight: no meeting begins before the one or ends after the other. */
  fromMinute?: number | undefined;
  toMinute?: number | undefined;
  freeSeatsOnly?: boolean | undefined;
  /** Sections that stay listed though they have no free seat. */
  keepIds?: readonly string[] | undefined;
  /** Leave out what overlaps one of these. */
  fitsWith?: readonly BusySection[] | undefined;
};

/** Where a list goes on: sort values of its last section. */
export type SectionPosition = [courseCode: string, courseId: string, code: string, id: string];

/**
 * Sections of a school whose term has not ended and whose course is offered, sorted by course and code, and how many
 * there are in all. One statement, whatever the filter; returns at most `limit` after `after`.
 */
export async function findSections(
  client: Db | Tx,
  scope: { schoolId: string; now: Date },
  filter: SectionFilter,
  page: { limit: number; after?: SectionPosition | undefined },
): Promise<{ rows: SectionRecord[]; total: number }> {
  const after = page.after
    ? Prisma.sql`WHERE (course_code, course_id, code, id) > (${page.after[0]}, ${page.after[1]}, ${page.after[2]}, ${page.after[3]})`
    : Prisma.empty;
  const found = await client.$queryRaw<(FoundSection | NoSection)[]>`
    WITH hit AS MATERIALIZED (
      SELECT s.id, c.code AS course_code, c.id AS course_id, s.code FROM ${listed(scope, filter)}
    ), chosen AS MATERIALIZED (
      SELECT id FROM hit ${after} ORDER BY course_code, course_id, code, id LIMIT ${page.limit}
    )
    SELECT section.*, all_of_them.total FROM (SELECT count(*)::int AS total FROM hit) AS all_of_them
    LEFT JOIN (SELECT ${COLUMNS} FROM chosen JOIN ${sectionsSql} ON s.id = chosen.id ${joinFurtherTerms}) AS section ON true
    ORDER BY section."courseCode", section."courseId", section.code, section.id`;
  const total = found[0]?.total ?? 0;
  return { rows: found.filter(isFound), total };
}

/** A row of a page of sections, with how many there are in all; where the page has none, a single row tells that alone. */
type FoundSection = SectionRecord & { total: number };
type NoSection = { [Column in keyof SectionRecord]: null } & { total: number };

function isFound(row: FoundSection | NoSection): row is FoundSection {
  return row.id !== null;
}

/** How many sections each of several filters finds, in their order; one statement. */
export async function countSections(
  client: Db | Tx,
  scope: { schoolId: string; now: Date },
  filters: readonly SectionFilter[],
): Promise<number[]> {
  if (filters.length === 0) return [];
  const counts = filters.map((filter) => Prisma.sql`(SELECT count(*)::int FROM ${listed(scope, filter)})`);
  const [row] = await client.$queryRaw<{ counts: number[] }[]>`SELECT ARRAY[${Prisma.join(counts)}] AS counts`;
  return row?.counts ?? filters.map(() => 0);
}

/** Sections of a school by id, of any term and state; ids of other schools are left out. */
export async function sectionsByIds(
  client: Db | Tx,
  schoolId: string,
  ids: readonly string[],
): Promise<Map<string, SectionRecord>> {
  if (ids.length === 0) return new Map();
  const rows = await client.$queryRaw<SectionRecord[]>`
    SELECT ${COLUMNS} FROM ${sectionsSql} ${joinFurtherTerms} WHERE s.school_id = ${schoolId} AND s.id = ANY(${[...ids]}::text[])`;
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * What the filter form offers: subjects, in the alphabet of the school's language, and terms of sections that are listed. It
 * is asked of each subject and term whether there is a section of both, so that thousands of sections are not read for it;
 * of those that are held in several terms all are.
 */
export async function filterChoices(
  client: Db | Tx,
  scope: { schoolId: string; now: Date },
): Promise<{ subjects: string[]; terms: { id: string; title: string }[] }> {
  const { schoolId } = scope;
  const offered = Prisma.sql`c.school_id = ${schoolId} AND c.ended_at IS NULL`;
  const rows = await client.$queryRaw<{ subject: string | null; termId: string; termTitle: string; locale: string }[]>`
    WITH held AS (
      SELECT k.subject, h.id AS term_id
      FROM (SELECT DISTINCT c.subject FROM course c WHERE ${offered}) AS k CROSS JOIN term h
      WHERE h.school_id = ${schoolId} AND h.ends_on >= ${todayInSql(scope)} AND EXISTS (
        SELECT 1 FROM course c CROSS JOIN LATERAL (
          SELECT 1 FROM section s WHERE s.course_id = c.id AND s.term_id = h.id AND s.state = 'ACTIVE' OFFSET 0) AS found
        WHERE ${offered} AND c.subject IS NOT DISTINCT FROM k.subject)
      UNION
      SELECT c.subject, each.term_id
      FROM term f JOIN section_further_term x ON x.term_id = f.id
        JOIN section s ON s.id = x.section_id AND s.school_id = ${schoolId} AND s.state = 'ACTIVE'
        JOIN term t ON t.id = s.term_id JOIN course c ON c.id = s.course_id AND ${offered}
        CROSS JOIN LATERAL (VALUES (s.term_id), (x.term_id)) AS each(term_id)
      WHERE f.school_id = ${schoolId} AND f.ends_on >= ${notOverSinceSql(scope)}
        AND ${isHeldSinceSql(schoolId, todayInSql(scope))}
    )
    SELECT held.subject, t.id AS "termId", t.title AS "termTitle", o.locale
    FROM held JOIN term t ON t.id = held.term_id JOIN school o ON o.id = t.school_id ORDER BY t.starts_on, t.id, held.subject`;
  const subjects = new Set(rows.flatMap((row) => (row.subject ? [row.subject] : [])));
  const terms = new Map(rows.map((row) => [row.termId, { id: row.termId, title: row.termTitle }]));
  const order = new Intl.Collator(rows[0]?.locale);
  return { subjects: [...subjects].sort(order.compare), terms: [...terms.values()] };
}

/** A section as the contract shows it. `blockers` are the caller's business: this module does not know who asks. */
export function sectionDto(section: SectionRecord, blockers: Blocker[], now: Date): SectionDto {
  return {
    id: section.id,
    sourcedId: section.sourcedId,
    code: section.code,
    course: {
      id: section.courseId,
      code: section.courseCode,
      title: section.courseTitle,
      credits: section.credits,
      subject: section.subject,
    },
    term: termsOf(section)[0],
    terms: termsOf(section),
    teachers: section.teachers,
    meetings: section.meetings.map((meeting) => ({
      day: dayOf(meeting.day),
      startsAt: clockOf(meeting.startMinute),
      endsAt: clockOf(meeting.endMinute),
      location: meeting.location ?? section.location,
    })),
    capacity: section.capacity,
    seatsAvailable: seatsAvailableOf(section),
    waitlist: { capacity: section.waitlistCapacity, length: 0 },
    status: statusOf(section, now),
    blockers,
  };
}

function termsOf({ terms, termId, termTitle, termStartsOn, termEndsOn }: SectionRecord): [HeldTerm, ...HeldTerm[]] {
  const [first, ...more] = terms ?? [];
  return first ? [first, ...more] : [{ id: termId, title: termTitle, startsOn: termStartsOn, endsOn: termEndsOn }];
}

const COLUMNS = Prisma.sql`
  s.id, s.school_id AS "schoolId", s.sourced_id AS "sourcedId", s.code, s.title, s.location, s.capacity,
  s.waitlist_capacity AS "waitlistCapacity", s.seats_taken AS "seatsTaken", s.weeks, ${windowSql},
  c.id AS "courseId", c.code AS "courseCode", c.title AS "courseTitle", c.subject, c.credits::float8 AS credits, c.description AS "courseDescription",
  t.id AS "termId", t.title AS "termTitle", to_char(t.starts_on, 'YYYY-MM-DD') AS "termStartsOn",
  ${heldTermsSql} AS terms,
  COALESCE((SELECT jsonb_agg(jsonb_build_object('day', m.day, 'startMinute', m.start_minute, 'endMinute', m.end_minute,
      'location', m.location) ORDER BY m.day, m.start_minute) FROM meeting m WHERE m.section_id = s.id), '[]') AS meetings,
  COALESCE((SELECT jsonb_agg(jsonb_build_object('id', u.id, 'name', trim(u.given_name || ' ' || u.family_name))
      ORDER BY u.family_name, u.given_name, u.id)
    FROM section_teacher st JOIN app_user u ON u.id = st.user_id AND u.ended_at IS NULL
    WHERE st.section_id = s.id), '[]') AS teachers`;

/** What is listed, after FROM: the sections that are not over, or those of one course, which are few; and what a filter leaves of them. */
function listed(scope: { schoolId: string; now: Date }, filter: SectionFilter): Prisma.Sql {
  const conditions = [Prisma.sql`s.school_id = ${scope.schoolId} AND s.state = 'ACTIVE' AND c.ended_at IS NULL`];
  if (filter.termId !== undefined) conditions.push(heldInSql(filter.termId));
  if (filter.subject !== undefined) conditions.push(Prisma.sql`c.subject = ${filter.subject}`);
  if (filter.day !== undefined) {
    conditions.push(Prisma.sql`s.id IN (SELECT section_id FROM meeting WHERE day = ${isoDayOf(filter.day)})`);
  }
  const { fromMinute = 0, toMinute = 1440 } = filter;
  if (fromMinute > 0 || toMinute < 1440) {
    conditions.push(Prisma.sql`NOT EXISTS (SELECT 1 FROM meeting w
      WHERE w.section_id = s.id AND (w.start_minute < ${fromMinute} OR w.end_minute > ${toMinute}))`);
  }
  if (filter.freeSeatsOnly === true) {
    const kept = [...(filter.keepIds ?? [])];
    conditions.push(Prisma.sql`(s.seats_taken < s.capacity OR s.id = ANY(${kept}::text[]))`);
  }
  for (const word of filter.words ?? []) conditions.push(hasWord(scope, word));
  if (filter.fitsWith && filter.fitsWith.length > 0) conditions.push(fits(scope, filter.fitsWith));
  const all = Prisma.join(conditions, " AND ");
  if (filter.courseId !== undefined)
    return Prisma.sql`${sectionsSql} WHERE s.course_id = ${filter.courseId}
      AND ${isHeldSinceSql(scope.schoolId, todayInSql(scope))} AND ${all}`;
  return Prisma.sql`${currentSectionsSql(scope)} AS s JOIN course c ON c.id = s.course_id WHERE ${all}`;
}

/**
 * No meeting on a common date at an overlapping time: the same rule as `overlapOf`, for thousands of sections at once.
 * Only what can be listed is compared. Nothing in the subquery may name the outer row, or it would run once for each.
 */
function fits(scope: { schoolId: string; now: Date }, busy: readonly BusySection[]): Prisma.Sql {
  const times = busy.flatMap((section) =>
    section.meetings.map((meeting) => ({
      section: section.sectionId,
      day: meeting.day,
      start: meeting.startMinute,
      end: meeting.endMinute,
      dates: meetingDays(section, meeting),
    })),
  );
  return Prisma.sql`s.id NOT IN (
    SELECT s.id
    FROM ${currentSectionsSql(scope)} AS s JOIN term t ON t.id = s.term_id CROSS JOIN LATERAL ${meetingsOfSql} AS m
      JOIN jsonb_to_recordset(${JSON.stringify(times)}::jsonb)
        AS b(section text, day int, "start" int, "end" int, dates int[])
        ON m.day = b.day AND b."start" < m.end_minute AND m.start_minute < b."end" AND s.id <> b.section
    WHERE EXISTS (
      SELECT 1 FROM unnest(b.dates) AS d
      WHERE (d BETWEEN t.starts_on - DATE '1970-01-01' AND t.ends_on - DATE '1970-01-01' OR EXISTS (
          SELECT 1 FROM section_further_term x JOIN term f ON f.id = x.term_id
          WHERE x.section_id = s.id AND d BETWEEN f.starts_on - DATE '1970-01-01' AND f.ends_on - DATE '1970-01-01'))
        AND (s.weeks IS NULL OR substr(s.weeks,
          1 + (d - (date_trunc('week', t.starts_on)::date - DATE '1970-01-01')) / 7, 1) = '1')))`;
}

function isoDayOf(day: Day): number {
  return DAYS.indexOf(day) + 1;
}
