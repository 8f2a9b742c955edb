import { schoolDayOn } from "@/lib/catalog/calendar/school-day";
import {
  classSessionsAroundDay,
  type ClassSessionInfo,
  classSessionsOfTeacher,
} from "@/lib/catalog/class-sessions/queries";
import { peopleByIds, personName } from "@/lib/identity/people/people";
import { schoolOfActor } from "@/lib/identity/people/school-of-actor";
import { db, type Db } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { dateFromText, dateText, isoInZone, localDateOf } from "@/lib/shared/time";
import { taughtClassSession } from "../access";
import { classSessionDto, classSessionDtos } from "./class-session-dtos";
import { pageOfList } from "@/lib/shared/list-pages";
import { markedOf, rosterOf } from "./roster";
import { classState, countMarks, markingLock } from "./rules";
import type { ClassSessionDto, ClassSessionsQuery, SheetDto, SheetVersionDto } from "../schema";
import { readLeavers, readMembers, readSheet, readSheets, readWholeSheet } from "./sheet-store";

/** The teacher's class sessions of a local date (today in the school's zone when left out), by time. */
export async function classSessions(ctx: Context, query: ClassSessionsQuery, client: Db = db()) {
  requireRole(ctx, "TEACHER");
  const school = await schoolOfActor(ctx, client);
  const date = query.date ?? localDateOf(ctx.now, school.timeZone);
  const sessions = await classSessionsOfTeacher(client, ctx.actor, { from: date, to: date });
  return pageOfList(await classSessionDtos(client, school, sessions, ctx.now), query);
}

/** The attendance sheet of a class session of the teacher, the roster by family name. */
export async function attendanceSheet(ctx: Context, classSessionId: string, client: Db = db()): Promise<SheetDto> {
  const [session, school] = await Promise.all([
    taughtClassSession(ctx, client, classSessionId),
    schoolOfActor(ctx, client),
  ]);
  const [{ sheet, records }, members, leavers] = await Promise.all([
    readWholeSheet(client, session.id),
    readMembers(client, school.id, session),
    readLeavers(client, school, session, ctx.now),
  ]);
  const roster = rosterOf(members, markedOf(records), sheet);
  const sinceOf = new Map(members.map(({ studentId, since }) => [studentId, since]));
  const markers = [...records.values()].map(({ markedById }) => markedById);
  const people = await peopleByIds(client, ctx.actor.schoolId, [...roster, ...markers]);
  const rows = [...roster].map((studentId) => ({
    person: people.get(studentId) ?? { id: studentId, name: "", givenName: "", familyName: "" },
    record: records.get(studentId),
  }));
  const order = new Intl.Collator(school.locale, { sensitivity: "base", numeric: true });
  rows.sort(
    (a, b) =>
      order.compare(a.person.familyName, b.person.familyName) ||
      order.compare(a.person.givenName, b.person.givenName) ||
      (a.person.id < b.person.id ? -1 : 1),
  );
  const counts = countMarks(rows.map(({ record }) => record?.status ?? null));
  return {
    classSession: classSessionDto(session, school.timeZone, ctx.now, {
      finalizedAt: sheet.finalizedAt,
      enrolled: rows.length,
      marked: rows.length - counts.UNMARKED,
    }),
    version: sheet.version,
    alertsAt: sheet.alertsAt && isoInZone(sheet.alertsAt, school.timeZone),
    finishedWith: (sheet.finalizedAt && sheet.finalizedRoster?.length) ?? null,
    lock: markingLock({ ...session, ...sheet }, school.attendanceEditMinutes, ctx.now),
    roster: rows.map(({ person, record }) => {
      const marker = record && people.get(record.markedById);
      const since = sinceOf.get(person.id) ?? null;
      const joinedLater = since !== null && sheet.finalizedAt !== null && since >= sheet.finalizedAt;
      return {
        student: {
          id: person.id,
          name: person.name || personName(person),
          givenName: person.givenName,
          familyName: person.familyName,
        },
        status: record?.status ?? null,
        minutesLate: record?.minutesLate ?? null,
        note: record?.note ?? null,
        markedAt: record ? isoInZone(record.markedAt, school.timeZone) : null,
        markedBy: marker ? { id: marker.id, name: marker.name } : null,
        leftOn: leavers.get(person.id) ?? null,
        joinedAt: joinedLater ? isoInZone(since, school.timeZone) : null,
      };
    }),
  };
}

/** Version and state of a sheet alone, and when its alerts leave: what an open page asks for every few seconds. */
export async function attendanceSheetVersion(
  ctx: Context,
  classSessionId: string,
  client: Db = db(),
): Promise<SheetVersionDto> {
  const session = await taughtClassSession(ctx, client, classSessionId);
  const [sheet, { timeZone }] = await Promise.all([readSheet(client, session.id), schoolOfActor(ctx, client)]);
  return {
    version: sheet.version,
    state: classState({ ...session, ...sheet }, ctx.now),
    finalizedAt: sheet.finalizedAt && isoInZone(sheet.finalizedAt, timeZone),
    alertsAt: sheet.alertsAt && isoInZone(sheet.alertsAt, timeZone),
  };
}

export type TeacherDay = {
  date: string;
  timeZone: string;
  /** The class that runs now, else the next one (today or later), else null. */
  current: { session: ClassSessionDto; isNow: boolean; isToday: boolean } | null;
  sessions: ClassSessionDto[];
  /** Classes that were moved from today to another day, by their old time. */
  movedAway: ClassSessionDto[];
  /** What today is called when there is no school, else null. */
  dayOff: string | null;
  /** Classes of the last two weeks that wait for marks, and can still be marked, newest first. */
  earlier: ClassSessionDto[];
};

const EARLIER_DAYS = 14;

/** What the teacher's first page shows. */
export async function teacherDay(ctx: Context, client: Db = db()): Promise<TeacherDay> {
  requireRole(ctx, "TEACHER");
  const school = await schoolOfActor(ctx, client);
  const date = localDateOf(ctx.now, school.timeZone);
  const [around, { dayOff }] = await Promise.all([
    classSessionsAroundDay(client, ctx.actor, { from: daysBefore(date, EARLIER_DAYS), date, after: ctx.now }),
    schoolDayOn(client, school.id, date),
  ]);
  const sheets = await readSheets(
    client,
    around.map(({ id }) => id),
  );
  const waits = (info: ClassSessionInfo) =>
    !sheets.get(info.id)?.finalizedAt &&
    markingLock({ ...info, finalizedAt: null }, school.attendanceEditMinutes, ctx.now) === null;
  // Of the days before only what can still be marked is shown: of the others nobody's roster is read.
  const infos = around.filter((info) => info.date >= date || info.movedFrom?.date === date || waits(info));
  const dtos = await classSessionDtos(client, school, infos, ctx.now, sheets);
  const next = infos.find(({ startsAt, isCancelled }) => startsAt > ctx.now && !isCancelled);
  const away = infos
    .filter((info) => info.movedFrom?.date === date && info.date !== date)
    .toSorted((a, b) => Number(a.movedFrom?.startsAt ?? 0) - Number(b.movedFrom?.startsAt ?? 0));
  const sessions = dtos.filter((session) => session.date === date);
  const nowMs = ctx.now.getTime();
  const running = sessions.filter(
    (session) =>
      session.state !== "CANCELLED" && Date.parse(session.startsAt) <= nowMs && nowMs < Date.parse(session.endsAt),
  );
  // Two at once: the one that still waits for marks comes first.
  const now = running.find((session) => session.state !== "FINALIZED" && session.notExpected === null) ?? running[0];
  const current = now ?? dtos.find(({ id }) => id === next?.id);
  const waiting = new Set(infos.filter((info) => info.date < date && waits(info)).map(({ id }) => id));
  return {
    date,
    timeZone: school.timeZone,
    current: current ? { session: current, isNow: current === now, isToday: current.date === date } : null,
    sessions,
    movedAway: away.flatMap(({ id }) => dtos.find((dto) => dto.id === id) ?? []),
    dayOff,
    earlier: dtos.filter(({ id, notExpected }) => waiting.has(id) && notExpected === null).reverse(),
  };
}

function daysBefore(date: string, days: number): string {
  const day = dateFromText(date);
  return day ? dateText(new Date(day.getTime() - days * 86_400_000)) : date;
}
