import { inChunks } from "@/lib/identity/import/import-tally";
import type { Tx } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { writePastAlerts } from "./past-alerts";
import { seededRandom } from "./people";

type PastClass = { id: string; startsAt: Date; teacherId: string; students: string[] };
type Mark = { status: "PRESENT" | "ABSENT" | "LATE" | "EXCUSED"; minutes: number | null };

// Everybody has one of each to look at, whatever the day of the start; the rest is left to chance.
const CERTAIN = new Map<number, Mark>([
  [5, { status: "ABSENT", minutes: null }],
  [9, { status: "LATE", minutes: 7 }],
  [14, { status: "EXCUSED", minutes: null }],
]);

/** Absences of this long before the start are in the inboxes; older ones nobody would look for there. */
const ALERTS_MS = 30 * 86_400_000;

/**
 * Attendance of every class of the timetable that is over at `now` and that nobody marked: finalised by its teacher ten
 * minutes after the start, mostly present. Written straight to the tables, without events: nobody is alerted to what a seed
 * brings. The absences of the last month are in the inboxes, as read.
 */
export async function writeHistory(tx: Tx, schoolId: string, now: Date): Promise<void> {
  const classes = await tx.$queryRaw<PastClass[]>`
    SELECT c.id, c.starts_at AS "startsAt",
           (SELECT min(t.user_id) FROM section_teacher t WHERE t.section_id = c.section_id) AS "teacherId",
           ARRAY(SELECT e.student_id FROM enrollment e WHERE e.section_id = c.section_id AND e.status = 'ENROLLED'
                 ORDER BY e.sourced_id) AS students
    FROM class_session c
    WHERE c.school_id = ${schoolId} AND c.ends_at < ${now} AND c.state = 'SCHEDULED' AND c.meeting_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM attendance_sheet s WHERE s.class_session_id = c.id)
      AND NOT EXISTS (SELECT 1 FROM attendance_record r WHERE r.class_session_id = c.id)
      AND EXISTS (SELECT 1 FROM section_teacher t WHERE t.section_id = c.section_id)
    ORDER BY c.starts_at, c.section_id`;
  const random = seededRandom(7);
  const seen = new Map<string, number>();
  const mark = (student: string) => {
    const nth = (seen.get(student) ?? 0) + 1;
    seen.set(student, nth);
    return CERTAIN.get(nth) ?? markOf(random());
  };
  const sheets = classes.map((past) => ({ id: past.id, at: markedAt(past), by: past.teacherId }));
  const records = classes.flatMap((past) =>
    past.students.map((student) => ({
      id: newId(now.getTime()),
      change: newId(now.getTime()),
      session: past.id,
      student,
      by: past.teacherId,
      at: markedAt(past),
      ...mark(student),
    })),
  );
  for (const rows of inChunks(sheets))
    await tx.$executeRaw`
      INSERT INTO attendance_sheet (class_session_id, school_id, version, finalized_at, finalized_by_id, updated_at)
      SELECT r.id, ${schoolId}, 1, r.at, r.by, r.at
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id text, at timestamptz, by text)`;
  for (const rows of inChunks(records)) {
    const json = JSON.stringify(rows);
    await tx.$executeRaw`
      INSERT INTO attendance_record (id, school_id, class_session_id, student_id, status, minutes_late, version, marked_at, marked_by_id)
      SELECT r.id, ${schoolId}, r.session, r.student, r.status::"AttendanceStatus", r.minutes, 1, r.at, r.by
      FROM jsonb_to_recordset(${json}::jsonb)
        AS r(id text, session text, student text, status text, minutes int, at timestamptz, by text)`;
    await tx.$executeRaw`
      INSERT INTO attendance_change (id, record_id, school_id, class_session_id, student_id, version, to_status, to_minutes, changed_by_id, changed_at)
      SELECT r.change, r.id, ${schoolId}, r.session, r.student, 1, r.status::"AttendanceStatus", r.minutes, r.by, r.at
      FROM jsonb_to_recordset(${json}::jsonb)
        AS r(id text, change text, session text, student text, status text, minutes int, at timestamptz, by text)`;
  }
  const absences = records
    .filter(({ status, at }) => status === "ABSENT" && now.getTime() - Date.parse(at) < ALERTS_MS)
    .map(({ id, session, student, by, at }) => ({
      recordId: id,
      classSessionId: session,
      studentId: student,
      markedById: by,
      at: new Date(at),
    }));
  await writePastAlerts(tx, schoolId, absences);
}

function markedAt(past: PastClass): string {
  return new Date(past.startsAt.getTime() + 10 * 60_000).toISOString();
}

function markOf(chance: number): Mark {
  if (chance < 0.03) return { status: "ABSENT", minutes: null };
  if (chance < 0.06) return { status: "LATE", minutes: 3 + (Math.floor(chance * 1_000) % 15) };
  if (chance < 0.075) return { status: "EXCUSED", minutes: null };
  return { status: "PRESENT", minutes: null };
}
