import { type Db, Prisma, type Tx } from "@/lib/platform/db";
import { clockOf, dayOf, DAYS, type Day } from "@/lib/shared/time";
import { meetingDays, type Schedule } from "./schedule";
import type { Blocker, SectionDto } from "./schema";
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
  termId: string;
  termTitle: string;
  termStartsOn: string;
  meetings: { day: number; startMinute: number; endMinute: number; location: string | null }[];
  teachers: { id: string; name: string }[];
};

/** A section in somebody's timetable, for "fits my schedule". */
export type BusySection = Schedule & { sectionId: string };

export type SectionFilter = {
  /** Words that must all occur in the code, title, subject or a teacher's name. */
  words?: readonly string[] | undefined;
  subject?: string | undefined;
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
 * Sections of a school whose term has not ended and whose course is offered, sorted by course and code. One statement, whatever the filter; reads
 * at most `limit` after `after`.
 */
export async function findSections(
  client: Db | Tx,
  scope: { schoolId: string; now: Date },
  filter: SectionFilter,
  page: { limit: number; after?: SectionPosition | undefined },
): Promise<SectionRecord[]> {
  const after = page.after
    ? Prisma.sql`AND (c.code, c.id, s.code, s.id) > (${page.after[0]}, ${page.after[1]}, ${page.after[2]}, ${page.after[3]})`
    : Prisma.empty;
  return client.$queryRaw<SectionRecord[]>`
    WITH chosen AS MATERIALIZED (
      SELECT s.id FROM ${FROM} WHERE ${listed(scope, filter)} ${after}
      ORDER BY c.code, c.id, s.code, s.id LIMIT ${page.limit}
    )
    SELECT ${COLUMNS} FROM chosen JOIN ${FROM} ON s.id = chosen.id ORDER BY c.code, c.id, s.code, s.id`;
}

/** How many sections a filter finds. */
export async function countSections(
  client: Db | Tx,
  scope: { schoolId: string; now: Date },
  filter: SectionFilter,
): Promise<number> {
  const [row] = await client.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM ${FROM} WHERE ${listed(scope, filter)}`;
  return row?.count ?? 0;
}

/** Sections of a school by id, of any term and state; ids of other schools are left out. */
export async function sectionsByIds(
  client: Db | Tx,
  schoolId: string,
  ids: readonly string[],
): Promise<Map<string, SectionRecord>> {
  if (ids.length === 0) return new Map();
  const rows = await client.$queryRaw<SectionRecord[]>`
    SELECT ${COLUMNS} FROM ${FROM} WHERE s.school_id = ${schoolId} AND s.id = ANY(${[...ids]}::text[])`;
  return new Map(rows.map((row) => [row.id, row]));
}

/** What the filter form offers: subjects and terms of sections that are listed. */
export async function filterChoices(
  client: Db | Tx,
  scope: { schoolId: string; now: Date },
): Promise<{ subjects: string[]; terms: { id: string; title: string }[] }> {
  const rows = await client.$queryRaw<{ subject: string | null; termId: string; termTitle: string }[]>`
    SELECT DISTINCT c.subject, t.id AS "termId", t.title AS "termTitle", t.starts_on
    FROM ${FROM} WHERE ${listed(scope, {})} ORDER BY t.starts_on, t.id, c.subject`;
  const subjects = new Set(rows.flatMap((row) => (row.subject ? [row.subject] : [])));
  const terms = new Map(rows.map((row) => [row.termId, { id: row.termId, title: row.termTitle }]));
  return { subjects: [...subjects].sort((a, b) => a.localeCompare(b, "en")), terms: [...terms.values()] };
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
    term: {
      id: section.termId,
      title: section.termTitle,
      startsOn: section.termStartsOn,
      endsOn: section.termEndsOn,
    },
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

const FROM = Prisma.sql`section s JOIN course c ON c.id = s.course_id JOIN term t ON t.id = s.term_id
  JOIN school o ON o.id = s.school_id`;

const COLUMNS = Prisma.sql`
  s.id, s.school_id AS "schoolId", s.sourced_id AS "sourcedId", s.code, s.title, s.location, s.capacity,
  s.waitlist_capacity AS "waitlistCapacity", s.seats_taken AS "seatsTaken", s.weeks, s.state::text AS state,
  c.id AS "courseId", c.code AS "courseCode", c.title AS "courseTitle", c.subject, c.credits::float8 AS credits,
  t.id AS "termId", t.title AS "termTitle", to_char(t.starts_on, 'YYYY-MM-DD') AS "termStartsOn",
  to_char(t.ends_on, 'YYYY-MM-DD') AS "termEndsOn", t.enrollment_opens_at AS "opensAt",
  LEAST(t.enrollment_closes_at, c.ended_at) AS "closesAt", o.time_zone AS "timeZone",
  COALESCE((SELECT jsonb_agg(jsonb_build_object('day', m.day, 'startMinute', m.start_minute, 'endMinute', m.end_minute,
      'location', m.location) ORDER BY m.day, m.start_minute) FROM meeting m WHERE m.section_id = s.id), '[]') AS meetings,
  COALESCE((SELECT jsonb_agg(jsonb_build_object('id', u.id, 'name', trim(u.given_name || ' ' || u.family_name))
      ORDER BY u.family_name, u.given_name, u.id)
    FROM section_teacher st JOIN app_user u ON u.id = st.user_id AND u.ended_at IS NULL
    WHERE st.section_id = s.id), '[]') AS teachers`;

function listed(scope: { schoolId: string; now: Date }, filter: SectionFilter): Prisma.Sql {
  const conditions = [
    Prisma.sql`s.school_id = ${scope.schoolId} AND s.state = 'ACTIVE' AND c.ended_at IS NULL`,
    Prisma.sql`t.ends_on >= (${scope.now}::timestamptz AT TIME ZONE o.time_zone)::date`,
  ];
  if (filter.termId !== undefined) conditions.push(Prisma.sql`s.term_id = ${filter.termId}`);
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
  for (const word of filter.words ?? []) conditions.push(contains(scope.schoolId, word));
  if (filter.fitsWith && filter.fitsWith.length > 0) conditions.push(fits(scope.schoolId, filter.fitsWith));
  return Prisma.join(conditions, " AND ");
}

// strpos and not LIKE: a `%` that somebody types is a character, not a pattern.
function contains(schoolId: string, word: string): Prisma.Sql {
  const lower = word.toLowerCase();
  return Prisma.sql`(
    strpos(lower(concat_ws(' ', s.code, s.title, c.code, c.title, c.subject)), ${lower}) > 0
    OR s.id IN (SELECT st.section_id FROM section_teacher st JOIN app_user u ON u.id = st.user_id
      WHERE u.school_id = ${schoolId} AND u.ended_at IS NULL AND strpos(lower(u.given_name || ' ' || u.family_name), ${lower}) > 0))`;
}

/**
 * No meeting on a common date at an overlapping time: the same rule as `overlapOf`, for thousands of sections at once.
 * Nothing in the subquery may name the outer row, or it would run once for each of them.
 */
function fits(schoolId: string, busy: readonly BusySection[]): Prisma.Sql {
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
    SELECT m.section_id
    FROM jsonb_to_recordset(${JSON.stringify(times)}::jsonb)
        AS b(section text, day int, "start" int, "end" int, dates int[])
      JOIN meeting m ON m.day = b.day AND b."start" < m.end_minute AND m.start_minute < b."end" AND m.section_id <> b.section
      JOIN section bs ON bs.id = m.section_id AND bs.school_id = ${schoolId}
      JOIN term bt ON bt.id = bs.term_id
    WHERE EXISTS (
      SELECT 1 FROM unnest(b.dates) AS d
      WHERE d BETWEEN bt.starts_on - DATE '1970-01-01' AND bt.ends_on - DATE '1970-01-01'
        AND (bs.weeks IS NULL OR substr(bs.weeks,
          1 + (d - (date_trunc('week', bt.starts_on)::date - DATE '1970-01-01')) / 7, 1) = '1')))`;
}

function isoDayOf(day: Day): number {
  return DAYS.indexOf(day) + 1;
}
