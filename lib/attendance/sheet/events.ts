import type { ClassSessionInfo } from "@/lib/catalog/class-sessions/queries";
import type { NewEvent } from "@/lib/platform/events/log/outbox";
import { isoInZone } from "@/lib/shared/time";
import type { MarkEvent } from "./plan-marks";

/**
 * The outbox events of a sheet, keyed by student, in the order given. Ids and the class only: no names, no notes.
 * `markedBy` says who made the mark of a student.
 */
export function attendanceEvents(
  events: readonly MarkEvent[],
  session: ClassSessionInfo,
  facts: { schoolId: string; timeZone: string; markedBy: (studentId: string) => string },
): NewEvent[] {
  const common = {
    classSessionId: session.id,
    sectionId: session.section.id,
    sectionCode: session.section.code,
    sectionTitle: session.section.title,
    schoolId: facts.schoolId,
    date: session.date,
    startsAt: isoInZone(session.startsAt, facts.timeZone),
  };
  return events.map((event): NewEvent => {
    const data = {
      ...common,
      attendanceRecordId: event.recordId,
      version: event.version,
      studentId: event.studentId,
      markedById: facts.markedBy(event.studentId),
    };
    return event.type === "absent"
      ? { type: "attendance_marked_absent", key: event.studentId, data }
      : { type: "attendance_corrected", key: event.studentId, data: { ...data, from: event.from, to: event.to } };
  });
}
