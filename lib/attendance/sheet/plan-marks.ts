import type { AttendanceStatus, MarkInput } from "../schema";

/** What a student has in a class session. */
export type Mark = { status: AttendanceStatus | null; minutesLate: number | null; note: string | null };
export type StoredMark = Mark & { recordId: string; version: number };
export type MarkChange = {
  recordId: string;
  studentId: string;
  from: Mark;
  to: Mark;
  /** Of the record after the change; 1 when it is new. */
  version: number;
};
export type MarkEvent =
  | { type: "absent"; recordId: string; studentId: string; version: number }
  | {
      type: "corrected";
      recordId: string;
      studentId: string;
      version: number;
      from: AttendanceStatus;
      to: AttendanceStatus;
    };
export type MarkPlan = {
  changes: MarkChange[];
  events: MarkEvent[];
  /** Students whose final mark the call wants to clear; then nothing may be written. */
  clearedFinal: string[];
  becomesFinal: boolean;
};

const nothing: Mark = { status: null, minutesLate: null, note: null };

/**
 * What a save changes and whom it concerns, from what is stored (`stored`, by student) and what is asked. Pure.
 *
 * Events: a commit that makes the sheet final announces everybody who is absent in it, changed now or before. On a final
 * sheet, a mark that becomes ABSENT is announced as absent and any other change of a mark as corrected. Minutes and notes
 * alone are no news, and neither is the first mark of a student who had none, unless it is ABSENT. What changes nothing
 * announces nothing, so a repeated call alerts nobody twice. While the absences of the sheet are held back (the grace),
 * nothing is announced at all: what is ABSENT at its end will be.
 */
export function planMarks(
  stored: ReadonlyMap<string, StoredMark>,
  records: readonly MarkInput[],
  sheet: { isFinal: boolean; finalize: boolean; heldBack?: boolean },
  newRecordId: () => string,
): MarkPlan {
  const changes: MarkChange[] = [];
  const clearedFinal: string[] = [];
  for (const record of records) {
    const before = stored.get(record.studentId);
    const from = before ?? nothing;
    const to = markAfter(from, record);
    if (to.status === from.status && to.minutesLate === from.minutesLate && to.note === from.note) continue;
    if (sheet.isFinal && from.status !== null && to.status === null) clearedFinal.push(record.studentId);
    changes.push({
      recordId: before?.recordId ?? newRecordId(),
      studentId: record.studentId,
      from: { status: from.status, minutesLate: from.minutesLate, note: from.note },
      to,
      version: (before?.version ?? 0) + 1,
    });
  }
  const becomesFinal = sheet.finalize && !sheet.isFinal;
  const events = sheet.heldBack
    ? []
    : becomesFinal
      ? firstAlerts(stored, changes)
      : sheet.isFinal
        ? corrections(changes)
        : [];
  return { changes, events, clearedFinal, becomesFinal };
}

function markAfter(from: Mark, record: MarkInput): Mark {
  const keptMinutes = from.status === "LATE" ? from.minutesLate : null;
  return {
    status: record.status,
    minutesLate: record.status !== "LATE" ? null : record.minutesLate === undefined ? keptMinutes : record.minutesLate,
    note: record.note === undefined ? from.note : record.note || null,
  };
}

/** The announcement of everybody who is absent, in what is stored and, over it, in the changes. */
export function firstAlerts(stored: ReadonlyMap<string, StoredMark>, changes: readonly MarkChange[]): MarkEvent[] {
  const changed = new Map(changes.map((change) => [change.studentId, change]));
  const absent: MarkEvent[] = [];
  for (const [studentId, mark] of stored)
    if (!changed.has(studentId) && mark.status === "ABSENT")
      absent.push({ type: "absent", studentId, recordId: mark.recordId, version: mark.version });
  for (const { studentId, to, recordId, version } of changes)
    if (to.status === "ABSENT") absent.push({ type: "absent", studentId, recordId, version });
  return absent;
}

function corrections(changes: readonly MarkChange[]): MarkEvent[] {
  return changes.flatMap(({ studentId, recordId, version, from, to }): MarkEvent[] => {
    if (from.status === to.status || to.status === null) return [];
    if (to.status === "ABSENT") return [{ type: "absent", studentId, recordId, version }];
    return from.status === null
      ? []
      : [{ type: "corrected", studentId, recordId, version, from: from.status, to: to.status }];
  });
}
