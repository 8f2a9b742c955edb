import type { ClassSessionInfo } from "@/lib/catalog/class-session-queries";
import type { NewEvent } from "@/lib/platform/events/outbox";
import { isoInZone } from "@/lib/shared/time";
import type { MarkEvent } from "./plan-marks";

/** The outbox events of a save, keyed by student, in the order given. Ids and the class only: no names, no notes. */
export function attendanceEvents(
  events: readonly MarkEvent[],
  session: ClassSessionInfo,
  facts: { schoolId: string; timeZone: string; markedById: string },
): NewEvent[] {
  const common = {
    classSessionId: session.id,
    sectionId: session.section.id,
    sectionCode: session.section.code,
    sectionTitle: session.section.title,
    schoolId: facts.schoolId,
    date: session.date,
    startsAt: isoInZone(session.startsAt, facts.timeZone),
    markedById: facts.markedById,
  };
  return events.map((event): NewEvent => {
    const data = {
      ...common,
      attendanceRecordId: event.recordId,
      version: event.version,
      studentId: event.studentId,
    };
    return event.type === "absent"
      ? { type: "attendance_marked_absent", key: event.studentId, data }
      : { type: "attendance_corrected", key: event.studentId, data: { ...data, from: event.from, to: event.to } };
  });
}
