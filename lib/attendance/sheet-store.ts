import { sectionMembersAt } from "@/lib/enrollment/section-members";
import type { Db, Tx } from "@/lib/platform/db";
import type { ClassSessionInfo } from "@/lib/catalog/class-session-queries";
import { newId } from "@/lib/shared/ids";
import type { MarkChange, StoredMark } from "./plan-marks";
import type { AttendanceStatus } from "./schema";

/** A stored record with who made it. */
export type StoredRecord = StoredMark & { studentId: string; markedAt: Date; markedById: string };

/** Whether the class session is cancelled, and its sheet; version 0 when nothing was ever saved. */
export async function readSheet(
  client: Db | Tx,
  classSessionId: string,
): Promise<{ isCancelled: boolean; version: number; finalizedAt: Date | null }> {
  const [row] = await client.$queryRaw<{ isCancelled: boolean; version: number; finalizedAt: Date | null }[]>`
    SELECT c.state = 'CANCELLED' AS "isCancelled", coalesce(s.version, 0) AS version, s.finalized_at AS "finalizedAt"
    FROM class_session c LEFT JOIN attendance_sheet s ON s.class_session_id = c.id WHERE c.id = ${classSessionId}`;
  return row ?? { isCancelled: true, version: 0, finalizedAt: null };
}

/** The records of a class session by student. */
export async function readRecords(client: Db | Tx, classSessionId: string): Promise<Map<string, StoredRecord>> {
  const rows = await client.$queryRaw<StoredRecord[]>`
    SELECT id AS "recordId", student_id AS "studentId", status::text AS status, minutes_late AS "minutesLate", note,
           version, marked_at AS "markedAt", marked_by_id AS "markedById"
    FROM attendance_record WHERE class_session_id = ${classSessionId}`;
  return new Map(rows.map((row) => [row.studentId, row]));
}

/** Students who belong to a class: enrolled now, or enrolled when it began and gone since. */
export async function readMembers(client: Db | Tx, schoolId: string, session: ClassSessionInfo): Promise<string[]> {
  const point = { key: session.id, sectionId: session.section.id, at: session.startsAt };
  return (await sectionMembersAt(client, schoolId, [point])).map(({ studentId }) => studentId);
}

/** Who stands on the sheet: the members, and everybody who has a mark though they are none any more. */
export function rosterOf(
  members: readonly string[],
  records: ReadonlyMap<string, { status: AttendanceStatus | null }>,
): Set<string> {
  const marked = [...records].filter(([, record]) => record.status !== null).map(([studentId]) => studentId);
  return new Set([...members, ...marked]);
}

/** Where and by whom a save is made; the same for all its rows. */
export type SaveFacts = { schoolId: string; classSessionId: string; actorId: string; requestId: string; now: Date };

/** Stores the sheet's new version, and that it is final when the save made it so. */
export async function writeSheet(tx: Tx, save: SaveFacts, version: number, becomesFinal: boolean): Promise<void> {
  const finalizedAt = becomesFinal ? save.now : null;
  const finalizedById = becomesFinal ? save.actorId : null;
  await tx.$executeRaw`
    INSERT INTO attendance_sheet (class_session_id, school_id, version, finalized_at, finalized_by_id, updated_at)
    VALUES (${save.classSessionId}, ${save.schoolId}, ${version}, ${finalizedAt}, ${finalizedById}, ${save.now})
    ON CONFLICT (class_session_id) DO UPDATE SET version = EXCLUDED.version, updated_at = EXCLUDED.updated_at,
      finalized_at = coalesce(attendance_sheet.finalized_at, EXCLUDED.finalized_at),
      finalized_by_id = coalesce(attendance_sheet.finalized_by_id, EXCLUDED.finalized_by_id)`;
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
