import type { Db, Tx } from "@/lib/platform/db/client";
import { dateText } from "@/lib/shared/time";
import { daysOffBetween } from "./days-off";

/** What decides whether a class session may be cancelled, moved or restored. */
export type ChangeableClass = {
  id: string;
  schoolId: string;
  sectionId: string;
  date: string;
  startsAt: Date;
  endsAt: Date;
  location: string | null;
  isCancelled: boolean;
  isOwnCancelled: boolean;
  cancelReason: string | null;
  dayOffId: string | null;
  sectionCancelled: boolean;
  movedFrom: { date: string; startsAt: Date; endsAt: Date; location: string | null } | null;
  changes: number;
};

/** When and where a class is held; a null location means the room of the plan. */
export type ClassPlace = { date: string; startsAt: Date; endsAt: Date; location: string | null };

/**
 * The class session as it is now, its row locked: a day off that is written at this moment changes it before, or finds
 * what we made of it. The caller holds its advisory lock and has checked that it exists.
 */
export async function readChangeable(tx: Tx, classSessionId: string): Promise<ChangeableClass> {
  await tx.$queryRaw`SELECT 1 FROM class_session WHERE id = ${classSessionId} FOR UPDATE`;
  const row = await tx.classSession.findUniqueOrThrow({
    where: { id: classSessionId },
    include: { section: { select: { state: true } } },
  });
  const { movedFromDate, movedFromStartsAt, movedFromEndsAt } = row;
  return {
    id: row.id,
    schoolId: row.schoolId,
    sectionId: row.sectionId,
    date: dateText(row.date),
    startsAt: row.startsAt,
    endsAt: row.endsAt,
    location: row.location,
    isCancelled: row.state === "CANCELLED",
    isOwnCancelled: row.cancelledAt !== null,
    cancelReason: row.cancelReason,
    dayOffId: row.dayOffId,
    sectionCancelled: row.section.state === "CANCELLED",
    movedFrom:
      movedFromDate && movedFromStartsAt && movedFromEndsAt
        ? {
            date: dateText(movedFromDate),
            startsAt: movedFromStartsAt,
            endsAt: movedFromEndsAt,
            location: row.movedFromLocation,
          }
        : null,
    changes: row.changes,
  };
}

/** Who changes it and when; `changes` is its number after the change. */
export type ChangeFacts = { actorId: string; now: Date; changes: number; reason: string | null };

/** Marks the class as cancelled by a person. */
export async function writeCancelled(tx: Tx, id: string, { actorId, now, changes, reason }: ChangeFacts) {
  await tx.$executeRaw`
    UPDATE class_session SET state = 'CANCELLED', cancelled_at = ${now}, cancelled_by_id = ${actorId},
      cancel_reason = ${reason}, changes = ${changes} WHERE id = ${id}`;
}

/** Takes a person's cancelling back; the class is held where it stands. */
export async function writeRestored(tx: Tx, id: string, { changes }: Pick<ChangeFacts, "changes">) {
  await tx.$executeRaw`
    UPDATE class_session SET state = 'SCHEDULED', cancelled_at = NULL, cancelled_by_id = NULL, cancel_reason = NULL,
      changes = ${changes} WHERE id = ${id}`;
}

/**
 * Holds the class at `to`, also one that was cancelled. `from` is where the plan has it; equal to `to`, nothing is left
 * of the move.
 */
export async function writeMoved(tx: Tx, id: string, places: { to: ClassPlace; from: ClassPlace }, facts: ChangeFacts) {
  const { to, from } = places;
  const isBack =
    to.startsAt.getTime() === from.startsAt.getTime() &&
    to.endsAt.getTime() === from.endsAt.getTime() &&
    to.location === from.location;
  await tx.$executeRaw`
    UPDATE class_session SET state = 'SCHEDULED', day_off_id = NULL, cancelled_at = NULL, cancelled_by_id = NULL,
      cancel_reason = ${isBack ? null : facts.reason},
      date = ${to.date}::date, starts_at = ${to.startsAt}, ends_at = ${to.endsAt}, location = ${to.location},
      moved_at = ${isBack ? null : facts.now}, moved_by_id = ${isBack ? null : facts.actorId},
      moved_from_date = ${isBack ? null : from.date}::date, moved_from_starts_at = ${isBack ? null : from.startsAt},
      moved_from_ends_at = ${isBack ? null : from.endsAt}, moved_from_location = ${isBack ? null : from.location},
      changes = ${facts.changes}
    WHERE id = ${id}`;
}

/** A class of the same section that claims a part of this time, cancelled or not, or null. */
export async function overlappingClass(
  tx: Tx,
  session: { id: string; sectionId: string },
  span: { startsAt: Date; endsAt: Date },
): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM class_session WHERE section_id = ${session.sectionId} AND id <> ${session.id}
      AND starts_at < ${span.endsAt} AND ends_at > ${span.startsAt} ORDER BY starts_at LIMIT 1`;
  return row?.id ?? null;
}

/** The name of the day off that covers a date, or null. */
export async function dayOffTitleOn(tx: Tx, schoolId: string, date: string): Promise<string | null> {
  return (await daysOffBetween(tx, schoolId, { from: date, to: date }))[0]?.title ?? null;
}

/** The teachers of a section, by id; only people of its school. */
export async function teachersOf(client: Db | Tx, schoolId: string, sectionId: string): Promise<string[]> {
  const rows = await client.sectionTeacher.findMany({
    where: { sectionId, section: { schoolId }, user: { schoolId } },
    select: { userId: true },
    orderBy: { userId: "asc" },
  });
  return rows.map(({ userId }) => userId);
}

/** Those of these teachers of the school who teach another class there at that time that is not cancelled. */
export async function busyTeachers(
  tx: Tx,
  schoolId: string,
  teacherIds: readonly string[],
  classSessionId: string,
  span: { startsAt: Date; endsAt: Date },
): Promise<string[]> {
  if (teacherIds.length === 0) return [];
  const rows = await tx.$queryRaw<{ userId: string }[]>`
    SELECT DISTINCT t.user_id AS "userId" FROM section_teacher t JOIN class_session c ON c.section_id = t.section_id AND c.school_id = ${schoolId}
      JOIN app_user u ON u.id = t.user_id AND u.school_id = ${schoolId}
    WHERE t.user_id = ANY(${[...teacherIds]}::text[]) AND c.id <> ${classSessionId} AND c.state = 'SCHEDULED'
      AND c.starts_at < ${span.endsAt} AND c.ends_at > ${span.startsAt}`;
  return rows.map(({ userId }) => userId);
}
