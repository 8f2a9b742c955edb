import {
  isHeldSinceSql,
  joinFurtherTerms,
  notOverSinceSql,
  sectionsSql,
  termEndsOnSql,
} from "@/lib/catalog/sections/held-terms";
import { daysOffBetween } from "@/lib/catalog/calendar/days-off";
import { epochDayOf, mondayOf } from "@/lib/catalog/sections/schedule";
import { schoolOfActor } from "@/lib/identity/people/school-of-actor";
import { type Db, db, Prisma } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { dayOf, localDateOf, localMinuteOf } from "@/lib/shared/time";
import { dateOfDay, mondayOfWeek, weekOf } from "./iso-week";
import { countsDuringSql } from "@/lib/enrollment/members/membership";
import { placesOf, type StoredClass, type WeekRow } from "./moved-classes";
import type { WeekDay, WeekView } from "./schema";
import { courseHues, drawnEndOf, hourHeightOf, hoursOf, isShort, lanesOf, overlapsOf } from "./week-layout";

type NextRow = {
  startsAt: Date;
  date: string;
  startMinute: number;
  sectionId: string;
  title: string;
  location: string | null;
};

type Student = { userId: string; schoolId: string };

/**
 * A week of the acting student's classes, Monday to Friday and the days of the weekend that have one, in the school's
 * zone. `week` is an ISO week (`2026-W47`); without one, or with one that does not exist, it is the current week.
 */
export async function getWeek(
  ctx: Context,
  input: { week?: string | undefined },
  client: Db = db(),
): Promise<WeekView> {
  requireRole(ctx, "STUDENT");
  const { schoolId } = ctx.actor;
  const { timeZone } = await schoolOfActor(ctx, client);
  const today = localDateOf(ctx.now, timeZone);
  const thisMonday = mondayOf(epochDayOf(today));
  const monday = (input.week === undefined ? null : mondayOfWeek(input.week)) ?? thisMonday;
  const [rows, next, enrolled, daysOff] = await Promise.all([
    classesBetween(client, ctx.actor, {
      from: dateOfDay(monday),
      to: dateOfDay(monday + 6),
      timeZone,
      isThisWeek: monday === thisMonday,
    }),
    nextClass(client, ctx.actor, ctx.now, timeZone),
    enrolledSections(client, ctx.actor, ctx.now),
    daysOffBetween(client, schoolId, { from: dateOfDay(monday), to: dateOfDay(monday + 6) }),
  ]);
  // A week of a term that is over has courses that are no longer the student's.
  const hues = new Map([rows, enrolled].flatMap((list) => [...courseHues(list.map(({ courseId }) => courseId))]));
  const nowMinute = localMinuteOf(ctx.now, timeZone);
  const days = Array.from({ length: 7 }, (_, index) => {
    const date = dateOfDay(monday + index);
    const classes = rows.filter((row) => row.date === date);
    const lanes = lanesOf(classes);
    const overlaps = overlapsOf(classes);
    return {
      day: dayOf(index + 1),
      date,
      isToday: date === today,
      dayOff: daysOff.find((day) => day.startsOn <= date && date <= day.endsOn)?.title ?? null,
      classes: classes.map(({ date: _date, ...row }, n) => ({
        ...row,
        drawnEndMinute: drawnEndOf(row),
        isNow: date === today && !row.isCancelled && row.startMinute <= nowMinute && nowMinute < row.endMinute,
        lane: lanes[n]?.lane ?? 0,
        lanes: lanes[n]?.lanes ?? 1,
        overlaps: overlaps[n] ?? [],
        hue: hues.get(row.courseId) ?? 1,
      })),
    };
  });
  const hourHeight = hourHeightOf(days.flatMap(({ classes }) => classes));
  const shown: WeekDay[] = days
    .filter(({ classes }, index) => index < 5 || classes.length > 0)
    .map((day) => ({
      ...day,
      classes: day.classes.map((item) => ({ ...item, isShort: isShort(item, hourHeight) })),
    }));
  return {
    week: weekOf(monday),
    isThisWeek: monday === thisMonday,
    previousWeek: weekOf(monday - 7),
    nextWeek: weekOf(monday + 7),
    timeZone,
    nowMinute,
    days: shown,
    ...hoursOf(rows.map((row) => ({ ...row, endMinute: Math.min(1440, drawnEndOf(row)) }))),
    hourHeight,
    classCount: rows.filter(({ change }) => change?.kind !== "movedTo").length,
    isEnrolled: enrolled.length + rows.length > 0,
    withoutTime: enrolled
      .filter(({ hasTime, termEndsOn }) => !hasTime && termEndsOn >= today)
      .map(({ sectionId, code, title, courseId }) => ({ sectionId, code, title, hue: hues.get(courseId) ?? 1 })),
    next: next
      ? {
          startsAt: next.startsAt.toISOString(),
          date: next.date,
          day: dayOf(((epochDayOf(next.date) + 3) % 7) + 1),
          week: weekOf(epochDayOf(next.date)),
          startMinute: next.startMinute,
          sectionId: next.sectionId,
          title: next.title,
          location: next.location,
          isToday: next.date === today,
        }
      : null,
  };
}

/**
 * The classes that have the student on their roster, of sections they have not dropped. This week is also the picture of
 * what the student has taken, so it shows those of its earlier days from before they joined. A class is found by its date
 * or by the one it was moved from, each by its own index.
 */
async function classesBetween(
  client: Db,
  student: Student,
  range: { from: string; to: string; timeZone: string; isThisWeek: boolean },
): Promise<WeekRow[]> {
  const stored = await client.$queryRaw<StoredClass[]>`
    SELECT DISTINCT ON (cs.date, cs.starts_at, s.code, cs.id) cs.id, cs.section_id AS "sectionId", s.code, s.title, s.course_id AS "courseId",
      to_char(cs.date, 'YYYY-MM-DD') AS date, cs.state = 'CANCELLED' AS "isCancelled",
      COALESCE(cs.location, m.location, s.location) AS location, f.title AS "dayOff", cs.cancel_reason AS "cancelReason",
      to_char(cs.moved_from_date, 'YYYY-MM-DD') AS "fromDate",
      (EXTRACT(EPOCH FROM (cs.moved_from_starts_at AT TIME ZONE ${range.timeZone}) - cs.moved_from_date) / 60)::int AS "fromMinute",
      LEAST(1440, EXTRACT(EPOCH FROM (cs.moved_from_ends_at AT TIME ZONE ${range.timeZone}) - cs.moved_from_date) / 60)::int AS "fromEndMinute",
      (EXTRACT(EPOCH FROM (cs.starts_at AT TIME ZONE ${range.timeZone}) - cs.date) / 60)::int AS "startMinute",
      LEAST(1440, EXTRACT(EPOCH FROM (cs.ends_at AT TIME ZONE ${range.timeZone}) - cs.date) / 60)::int AS "endMinute"
    FROM enrollment e
      JOIN LATERAL (
        SELECT k.* FROM class_session k
        WHERE k.section_id = e.section_id AND k.date BETWEEN ${range.from}::date AND ${range.to}::date
        UNION ALL SELECT k.* FROM class_session k
        WHERE k.section_id = e.section_id AND k.moved_from_date BETWEEN ${range.from}::date AND ${range.to}::date
      ) AS cs ON cs.school_id = e.school_id
      JOIN section s ON s.id = e.section_id
      LEFT JOIN meeting m ON m.id = cs.meeting_id
      LEFT JOIN school_day_off f ON f.id = cs.day_off_id
    WHERE e.student_id = ${student.userId} AND e.school_id = ${student.schoolId} AND e.status <> 'DROPPED'
      AND (${countsDuringSql(Prisma.sql`cs.starts_at`, Prisma.sql`cs.ends_at`)}
        OR (${range.isThisWeek} AND e.status = 'ENROLLED' AND (e.counts_until IS NULL OR e.counts_until > cs.starts_at)))
    ORDER BY cs.date, cs.starts_at, s.code, cs.id`;
  return stored
    .flatMap(placesOf)
    .filter(({ date }) => date >= range.from && date <= range.to)
    .toSorted((a, b) => a.date.localeCompare(b.date) || a.startMinute - b.startMinute);
}

async function nextClass(client: Db, student: Student, now: Date, timeZone: string): Promise<NextRow | null> {
  const [row] = await client.$queryRaw<NextRow[]>`
    SELECT cs.starts_at AS "startsAt", to_char(cs.date, 'YYYY-MM-DD') AS date, cs.section_id AS "sectionId", s.title,
      COALESCE(cs.location, m.location, s.location) AS location,
      (EXTRACT(EPOCH FROM (cs.starts_at AT TIME ZONE ${timeZone}) - cs.date) / 60)::int AS "startMinute"
    FROM enrollment e
      JOIN class_session cs ON cs.section_id = e.section_id AND cs.school_id = e.school_id AND cs.starts_at > ${now} AND cs.state = 'SCHEDULED'
      JOIN section s ON s.id = e.section_id
      LEFT JOIN meeting m ON m.id = cs.meeting_id
    WHERE e.student_id = ${student.userId} AND e.school_id = ${student.schoolId} AND e.status <> 'DROPPED'
      AND ${countsDuringSql(Prisma.sql`cs.starts_at`, Prisma.sql`cs.ends_at`)}
    ORDER BY cs.starts_at, s.code LIMIT 1`;
  return row ?? null;
}

type EnrolledSection = {
  sectionId: string;
  courseId: string;
  code: string;
  title: string;
  termEndsOn: string;
  /** It meets at some time of the week, or has single classes. */
  hasTime: boolean;
};

/** The sections the student is enrolled in, by code, as far as the list of sections knows them: not those of terms long over. */
async function enrolledSections(client: Db, student: Student, now: Date): Promise<EnrolledSection[]> {
  const since = notOverSinceSql({ schoolId: student.schoolId, now });
  return client.$queryRaw<EnrolledSection[]>`
    SELECT s.id AS "sectionId", s.course_id AS "courseId", s.code, s.title,
      ${termEndsOnSql},
      EXISTS (SELECT 1 FROM meeting m WHERE m.section_id = s.id)
        OR EXISTS (SELECT 1 FROM class_session cs WHERE cs.section_id = s.id) AS "hasTime"
    FROM enrollment e JOIN (${sectionsSql}) ON s.id = e.section_id AND s.school_id = e.school_id ${joinFurtherTerms}
    WHERE e.student_id = ${student.userId} AND e.school_id = ${student.schoolId} AND e.status = 'ENROLLED' AND s.state = 'ACTIVE'
      AND ${isHeldSinceSql(student.schoolId, since)}
    ORDER BY s.code, s.id`;
}
