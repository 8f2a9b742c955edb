import type { EventOf } from "@/lib/platform/events/consumer";
import type { NotificationDraft } from "./write-notifications";

/**
 * The notification of an absence or of its correction. Both are about the same attendance record and carry its version,
 * so that the later one replaces the earlier one whatever order they come in.
 */
export function attendanceDraft(
  event: EventOf<"attendance_marked_absent" | "attendance_corrected">,
): NotificationDraft {
  const { data } = event;
  const corrected = event.type === "attendance_corrected";
  return {
    schoolId: data.schoolId,
    eventId: event.id,
    kind: event.type,
    category: corrected ? "attendanceCorrection" : "absence",
    about: ["attendance", data.attendanceRecordId],
    revision: data.version,
    studentId: data.studentId,
    data: {
      attendanceRecordId: data.attendanceRecordId,
      classSessionId: data.classSessionId,
      sectionId: data.sectionId,
      sectionCode: data.sectionCode,
      sectionTitle: data.sectionTitle,
      date: data.date,
      startsAt: data.startsAt,
      ...(event.type === "attendance_corrected" ? { from: event.data.from, to: event.data.to } : {}),
    },
  };
}
