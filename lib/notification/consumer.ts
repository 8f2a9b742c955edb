import { guardiansOf } from "@/lib/identity/people";
import type { Tx } from "@/lib/platform/db";
import { consumer, dead, done, skip, type EventOf, type Outcome } from "@/lib/platform/events/consumer";
import { enrollmentDraft } from "./on-enrollment";
import { attendanceDraft } from "./on-attendance";
import { writeNotifications, type NotificationDraft } from "./write-notifications";

/**
 * Turns events into notifications. Attendance goes to the student and to every guardian at the time of the event,
 * enrollment to the student alone. Writes rows only; the push dispatcher sends them.
 */
export const notificationConsumer = consumer({
  name: "notification",
  types: [
    "attendance_marked_absent",
    "attendance_corrected",
    "student_enrolled",
    "student_dropped",
    "waitlist_promoted",
  ],
  async handle(tx, event, ctx) {
    const { draft, guardians } = draftOf(event);
    return tell(tx, ctx.now, draft, guardians);
  },
});

function draftOf(event: EventOf): { draft: NotificationDraft; guardians: boolean } {
  switch (event.type) {
    case "attendance_marked_absent":
    case "attendance_corrected":
      return { draft: attendanceDraft(event), guardians: true };
    case "student_enrolled":
    case "student_dropped":
    case "waitlist_promoted":
      return { draft: enrollmentDraft(event), guardians: false };
  }
}

async function tell(tx: Tx, now: Date, draft: NotificationDraft, guardians: boolean): Promise<Outcome> {
  const others = guardians ? await guardiansOf(tx, [draft.studentId]) : [];
  const written = await writeNotifications(tx, now, draft, [draft.studentId, ...others.map((row) => row.guardianId)]);
  if (written === null) return dead("the event names a student that this school does not have");
  return written > 0 ? done : skip("everybody was told of this event before");
}
