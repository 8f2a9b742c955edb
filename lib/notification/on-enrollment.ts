import type { EventOf } from "@/lib/platform/events/consumer";
import type { NotificationDraft } from "./write-notifications";

/** The notification of an enrollment, a promotion from the waitlist or a drop. A dropped enrollment never lives again. */
export function enrollmentDraft(
  event: EventOf<"student_enrolled" | "student_dropped" | "waitlist_promoted">,
): NotificationDraft {
  const { data } = event;
  return {
    schoolId: data.schoolId,
    eventId: event.id,
    kind: event.type,
    category: "enrollment",
    about: ["enrollment", data.enrollmentId],
    revision: event.type === "student_dropped" ? 2 : 1,
    studentId: data.studentId,
    data: {
      enrollmentId: data.enrollmentId,
      sectionId: data.sectionId,
      sectionCode: data.sectionCode,
      sectionTitle: data.sectionTitle,
    },
  };
}
