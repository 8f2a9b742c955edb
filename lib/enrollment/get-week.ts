import { epochDayOf, mondayOf } from "@/lib/catalog/schedule";
import { schoolOf } from "@/lib/identity/people";
import { type Db, db } from "@/lib/platform/db";
import type { Context } from "@/lib/shared/context";
import { dayOf, localDateOf } from "@/lib/shared/time";
import { requireStudent } from "./access";
import { dateOfDay, mondayOfWeek, weekOf } from "./iso-week";
import type { WeekClass, WeekDay, WeekView } from "./schema";
import { hourHeightOf, hoursOf, hueOf, lanesOf, overlapsOf } from "./week-layout";

type Row = Omit<WeekClass, "lane" | "lanes" | "hue" | "overlaps"> & { date: string };
type NextRow = {
  startsAt: Date;
  date: string;
  startMinute: number;
  sectionId: string;
  title: string;
  location: string | null;
};

/**
 * A week of the acting student's classes, Monday to Friday and the days of the weekend that have one, in the school's
 * zone. `week` is an ISO week (`2026-W47`); without one, or with one that does not exist, it is the current week.
 */
export async function getWeek(
  ctx: Context,
  input: { week?: string | undefined },
  client: Db = db(),
): Promise<WeekView> {
  requireStudent(ctx);
  const { userId, schoolId } = ctx.actor;
  const { timeZone } = await schoolOf(client, schoolId);
  const today = localDateOf(ctx.now, timeZone);
  const thisMonday = mondayOf(epochDayOf(today));
  const monday = (input.week === undefined ? null : mondayOfWeek(input.week)) ?? thisMonday;
  const [rows, next, courses] = await Promise.all([
    classesBetween(client, userId, { from: dateOfDay(monday), to: dateOfDay(monday + 6), timeZone }),
    nextClass(client, userId, ctx.now, timeZone),
    coursesOf(client, userId),
  ]);
  const days: WeekDay[] = Array.from({ length: 7 }, (_, index) => {
    const date = dateOfDay(monday + index);
    const classes = rows.filter((row) => row.date === date);
    const lanes = lanesOf(classes);
    const overlaps = overlapsOf(classes);
    return {
      day: dayOf(index + 1),
      date,
      isToday: date === today,
      classes: classes.map(({ date: _date, ...row }, n) => ({
        ...row,
        lane: lanes[n]?.lane ?? 0,
        lanes: lanes[n]?.lanes ?? 1,
        overlaps: overlaps[n] ?? [],
        hue: hueOf(row.courseId, courses),
      })),
    };
  });
  return {
    week: weekOf(monday),
    isThisWeek: monday === thisMonday,
    previousWeek: weekOf(monday - 7),
    nextWeek: weekOf(monday + 7),
    timeZone,
    nowMinute: minuteOfDay(ctx.now, timeZone),
    days: days.filter((day, index) => index < 5 || day.classes.length > 0),
    ...hoursOf(rows),
    hourHeight: hourHeightOf(days.flatMap((day) => day.classes)),
    classCount: rows.length,
    isEnrolled: courses.length > 0,
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

async function classesBetween(
  client: Db,
  studentId: string,
  range: { from: string; to: string; timeZone: string },
): Promise<Row[]> {
  return client.$queryRaw<Row[]>`
    SELECT cs.id, cs.section_id AS "sectionId", s.code, s.title, s.course_id AS "courseId",
      to_char(cs.date, 'YYYY-MM-DD') AS date, cs.state = 'CANCELLED' AS "isCancelled",
      COALESCE(cs.location, m.location, s.location) AS location,
      (EXTRACT(EPOCH FROM (cs.starts_at AT TIME ZONE ${range.timeZone}) - cs.date) / 60)::int AS "startMinute",
      LEAST(1440, EXTRACT(EPOCH FROM (cs.ends_at AT TIME ZONE ${range.timeZone}) - cs.date) / 60)::int AS "endMinute"
    FROM enrollment e
      JOIN class_session cs ON cs.section_id = e.section_id AND cs.date BETWEEN ${range.from}::date AND ${range.to}::date
      JOIN section s ON s.id = e.section_id
      LEFT JOIN meeting m ON m.id = cs.meeting_id
    WHERE e.student_id = ${studentId} AND e.status = 'ENROLLED'
    ORDER BY cs.date, cs.starts_at, s.code, cs.id`;
}

async function nextClass(client: Db, studentId: string, now: Date, timeZone: string): Promise<NextRow | null> {
  const [row] = await client.$queryRaw<NextRow[]>`
    SELECT cs.starts_at AS "startsAt", to_char(cs.date, 'YYYY-MM-DD') AS date, cs.section_id AS "sectionId", s.title,
      COALESCE(cs.location, m.location, s.location) AS location,
      (EXTRACT(EPOCH FROM (cs.starts_at AT TIME ZONE ${timeZone}) - cs.date) / 60)::int AS "startMinute"
    FROM enrollment e
      JOIN class_session cs ON cs.section_id = e.section_id AND cs.starts_at > ${now} AND cs.state = 'SCHEDULED'
      JOIN section s ON s.id = e.section_id
      LEFT JOIN meeting m ON m.id = cs.meeting_id
    WHERE e.student_id = ${studentId} AND e.status = 'ENROLLED'
    ORDER BY cs.starts_at, s.code LIMIT 1`;
  return row ?? null;
}

/** The student's courses in a fixed order, so that a course keeps its hue from week to week. */
async function coursesOf(client: Db, studentId: string): Promise<string[]> {
  const rows = await client.$queryRaw<{ courseId: string }[]>`
    SELECT e.course_id AS "courseId" FROM enrollment e
    WHERE e.student_id = ${studentId} AND e.status = 'ENROLLED' GROUP BY e.course_id ORDER BY min(e.enrolled_at), 1`;
  return rows.map((row) => row.courseId);
}

function minuteOfDay(now: Date, timeZone: string): number {
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
  const [hour, minute] = clock.format(now).split(":").map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
}
