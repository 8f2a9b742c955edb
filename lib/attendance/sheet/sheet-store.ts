import { leaversOf, sectionMembersDuring } from "@/lib/enrollment/members/section-members";
import type { Db, Tx } from "@/lib/platform/db/client";
import type { ClassSessionInfo } from "@/lib/catalog/class-sessions/queries";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { localDateOf } from "@/lib/shared/time";
import type { MarkChange, StoredMark } from "./plan-marks";
import type { Member } from "./roster";
import { say } from "@/lib/shared/say";

/** A stored record with who made it. */
export type StoredRecord = StoredMark & { studentId: string; markedAt: Date; markedById: string };

/** The sheet of a class session as it is stored. */
export type StoredSheet = {
  version: number;
  finalizedAt: Date | null;
  /** When its absences are to be published; null: nothing waits. */
  alertsAt: Date | null;
  /** Who was on it when it was finished; null: it is not, or it was before that was kept. */
  finalizedRoster: readonly string[] | null;
};

/** Whether the class session is cancelled, and its sheet; version 0 when nothing was ever saved. */
export async function readSheet(
  client: Db | Tx,
  classSessionId: string,
): Promise<StoredSheet & { isCancelled: boolean }> {
  const [row] = await client.$queryRaw<(StoredSheet & { isCancelled: boolean })[]>`
    SELECT c.state = 'CANCELLED' AS "isCancelled", coalesce(s.version, 0) AS version, s.finalized_at AS "finalizedAt",
           s.alerts_at AS "alertsAt", s.finalized_roster AS "finalizedRoster"
    FROM class_session c LEFT JOIN attendance_sheet s ON s.class_session_id = c.id WHERE c.id = ${classSessionId}`;
  return row ?? NO_SHEET;
}

/** Of a class session that is not there. */
const NO_SHEET = { isCancelled: true, version: 0, finalizedAt: null, alertsAt: null, finalizedRoster: null };

/** A sheet of several: who has a mark on it comes along. */
export type MarkedSheet = Pick<StoredSheet, "finalizedAt" | "finalizedRoster"> & { marked: readonly string[] };

/** The sheets of class sessions, by class session; of one that was never saved nothing is final and nobody marked. */
export async function readSheets(
  client: Db | Tx,
  classSessionIds: readonly string[],
): Promise<Map<string, MarkedSheet>> {
  if (classSessionIds.length === 0) return new Map();
  const rows = await client.$queryRaw<(MarkedSheet & { classSessionId: string })[]>`
    SELECT c.id AS "classSessionId", s.finalized_at AS "finalizedAt", s.finalized_roster AS "finalizedRoster",
           ARRAY(SELECT r.student_id FROM attendance_record r
                 WHERE r.class_session_id = c.id AND r.status IS NOT NULL) AS marked
    FROM class_session c LEFT JOIN attendance_sheet s ON s.class_session_id = c.id
    WHERE c.id = ANY(${[...classSessionIds]}::text[])`;
  return new Map(rows.map((row) => [row.classSessionId, row]));
}

type Nullable<T> = { [K in keyof T]: T[K] | null };
type SheetAndRecord = Omit<StoredSheet, "version"> & {
  isCancelled: boolean;
  sheetVersion: number;
} & Nullable<StoredRecord>;

/** What `readSheet` and `readRecords` answer, of one moment and in one statement. */
export async function readWholeSheet(
  client: Db | Tx,
  classSessionId: string,
): Promise<{ sheet: StoredSheet & { isCancelled: boolean }; records: Map<string, StoredRecord> }> {
  const rows = await client.$queryRaw<SheetAndRecord[]>`
    SELECT c.state = 'CANCELLED' AS "isCancelled", coalesce(s.version, 0) AS "sheetVersion",
           s.finalized_at AS "finalizedAt", s.alerts_at AS "alertsAt",
           CASE WHEN row_number() OVER () = 1 THEN s.finalized_roster END AS "finalizedRoster",
           r.id AS "recordId", r.student_id AS "studentId", r.status::text AS status, r.minutes_late AS "minutesLate", r.note,
           r.version, r.marked_at AS "markedAt", r.marked_by_id AS "markedById"
    FROM class_session c LEFT JOIN attendance_sheet s ON s.class_session_id = c.id
    LEFT JOIN attendance_record r ON r.class_session_id = c.id WHERE c.id = ${classSessionId}`;
  const [first] = rows;
  return {
    sheet: first
      ? {
          isCancelled: first.isCancelled,
          version: first.sheetVersion,
          finalizedAt: first.finalizedAt,
          alertsAt: first.alertsAt,
          finalizedRoster: rows.find(({ finalizedRoster }) => finalizedRoster !== null)?.finalizedRoster ?? null,
        }
      : NO_SHEET,
    records: new Map(rows.flatMap((row) => recordOf(row) ?? []).map((record) => [record.studentId, record])),
  };
}

function recordOf(row: Nullable<StoredRecord>): StoredRecord | null {
  const { recordId, studentId, status, minutesLate, note, version, markedAt, markedById } = row;
  if (recordId === null || studentId === null || version === null || markedAt === null || markedById === null)
    return null;
  return { recordId, studentId, status, minutesLate, note, version, markedAt, markedById };
}

/** The records of a class session by student. */
export async function readRecords(client: Db | Tx, classSessionId: string): Promise<Map<string, StoredRecord>> {
  const rows = await client.$queryRaw<StoredRecord[]>`
    SELECT id AS "recordId", student_id AS "studentId", status::text AS status, minutes_late AS "minutesLate", note,
           version, marked_at AS "markedAt", marked_by_id AS "markedById"
    FROM attendance_record WHERE class_session_id = ${classSessionId}`;
  return new Map(rows.map((row) => [row.studentId, row]));
}

/** Who was enrolled while the class ran. */
export async function readMembers(client: Db | Tx, schoolId: string, session: ClassSessionInfo): Promise<Member[]> {
  return sectionMembersDuring(client, schoolId, [{ ...session, key: session.id, sectionId: session.section.id }]);
}

/** Who has left the section of a class since, by student: their last local date in it. */
export async function readLeavers(
  client: Db,
  school: { id: string; timeZone: string },
  session: ClassSessionInfo,
  now: Date,
): Promise<Map<string, string>> {
  const leavers = await leaversOf(client, school.id, session.section.id, now);
  // An end is the first moment that does not count: midnight belongs to the day before.
  const lastDay = (leftAt: Date) => localDateOf(new Date(leftAt.getTime() - 1), school.timeZone);
  return new Map([...leavers].map(([studentId, leftAt]) => [studentId, lastDay(leftAt)]));
}

/** Where and by whom a save is made; the same for all its rows. */
export type SaveFacts = { schoolId: string; classSessionId: string; actorId: string; requestId: string; now: Date };

/**
 * Stores the sheet's new version and, when the save makes it final, that it is, who is on it, and until when its absences
 * wait. The class's row is locked by the write itself: a day off that cancels it at this moment (lib/catalog/calendar) sees this
 * sheet, or is seen here and the save is refused with `attendance_locked`.
 */
export async function writeSheet(
  tx: Tx,
  save: SaveFacts,
  version: number,
  becomesFinal: { alertsAt: Date | null; roster: ReadonlySet<string> } | null,
): Promise<void> {
  const finalizedAt = becomesFinal ? save.now : null;
  const finalizedById = becomesFinal ? save.actorId : null;
  const roster = becomesFinal && [...becomesFinal.roster];
  const written = await tx.$executeRaw`
    INSERT INTO attendance_sheet (class_session_id, school_id, version, finalized_at, finalized_by_id, finalized_roster, alerts_at, updated_at)
    SELECT c.id, ${save.schoolId}, ${version}, ${finalizedAt}::timestamptz, ${finalizedById},
           ${roster}::text[],
           ${becomesFinal?.alertsAt ?? null}::timestamptz, ${save.now}::timestamptz
    FROM class_session c WHERE c.id = ${save.classSessionId} AND c.state <> 'CANCELLED' FOR SHARE
    ON CONFLICT (class_session_id) DO UPDATE SET version = EXCLUDED.version, updated_at = EXCLUDED.updated_at,
      finalized_at = coalesce(attendance_sheet.finalized_at, EXCLUDED.finalized_at),
      finalized_by_id = coalesce(attendance_sheet.finalized_by_id, EXCLUDED.finalized_by_id),
      finalized_roster = coalesce(attendance_sheet.finalized_roster, EXCLUDED.finalized_roster),
      alerts_at = coalesce(attendance_sheet.alerts_at, EXCLUDED.alerts_at)`;
  if (written === 0)
    throw new AppError("attendance_locked", { detail: say("detail.classCancelled"), extra: { lock: "CANCELLED" } });
}

/** Makes a final sheet open again: nothing of it waits any more, and its roster is again who was enrolled. */
export async function writeReopened(tx: Tx, classSessionId: string, version: number, now: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE attendance_sheet SET version = ${version}, finalized_at = NULL, finalized_by_id = NULL, finalized_roster = NULL,
      alerts_at = NULL, updated_at = ${now} WHERE class_session_id = ${classSessionId}`;
}

/** Stores records and their history rows: two statements, however many changes. */
export async function writeChanges(tx: Tx, save: SaveFacts, changes: readonly MarkChange[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ recordId, studentId, from, to, version }) => ({
    record: recordId,
    change: newId(save.now.getTime()),
    student: studentId,
    version,
    status: to.status,
    minutes: to.minutesLate,
    note: to.note,
    from_status: from.status,
    from_minutes: from.minutesLate,
    note_changed: from.note !== to.note,
  }));
  const json = JSON.stringify(rows);
  await tx.$executeRaw`
    INSERT INTO attendance_record (id, school_id, class_session_id, student_id, status, minutes_late, note, version, marked_at, marked_by_id)
    SELECT r.record, ${save.schoolId}, ${save.classSessionId}, r.student, r.status::"AttendanceStatus", r.minutes, r.note, r.version, ${save.now}, ${save.actorId}
    FROM jsonb_to_recordset(${json}::jsonb) AS r(record text, student text, status text, minutes smallint, note text, version int)
    ON CONFLICT (class_session_id, student_id) DO UPDATE SET status = EXCLUDED.status, minutes_late = EXCLUDED.minutes_late,
      note = EXCLUDED.note, version = EXCLUDED.version, marked_at = EXCLUDED.marked_at, marked_by_id = EXCLUDED.marked_by_id`;
  await tx.$executeRaw`
    INSERT INTO attendance_change (id, record_id, school_id, class_session_id, student_id, version, from_status, to_status,
                                   from_minutes, to_minutes, note_changed, changed_by_id, changed_at, request_id)
    SELECT r.change, r.record, ${save.schoolId}, ${save.classSessionId}, r.student, r.version,
           r.from_status::"AttendanceStatus", r.status::"AttendanceStatus", r.from_minutes, r.minutes, r.note_changed,
           ${save.actorId}, ${save.now}, ${save.requestId}
    FROM jsonb_to_recordset(${json}::jsonb) AS r(change text, record text, student text, version int, status text, minutes smallint,
                                                 from_status text, from_minutes smallint, note_changed boolean)`;
}
