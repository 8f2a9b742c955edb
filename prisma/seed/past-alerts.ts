import { attendanceEvents } from "@/lib/attendance/sheet/events";
import { classSessionOfSchool } from "@/lib/catalog/class-sessions/queries";
import { guardiansOf, schoolOf } from "@/lib/identity/people/people";
import { attendanceNews } from "@/lib/notification/kinds/attendance";
import { draftOf } from "@/lib/notification/kinds/consumer";
import { writeNotifications } from "@/lib/notification/kinds/write-notifications";
import type { Tx } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";

/** One absence of the past: when and by whom it was marked. */
export type PastAbsence = { recordId: string; classSessionId: string; studentId: string; markedById: string; at: Date };

/**
 * What people would have in their inbox if the product had told them of these absences when they were marked: the same
 * words, made by the same code, as read. Nothing of it goes to a device, and no event says that it happened.
 */
export async function writePastAlerts(tx: Tx, schoolId: string, absences: readonly PastAbsence[]): Promise<void> {
  const { timeZone } = await schoolOf(tx, schoolId);
  const guardians = Map.groupBy(
    await guardiansOf(tx, schoolId, [...new Set(absences.map(({ studentId }) => studentId))]),
    ({ studentId }) => studentId,
  );
  const eventIds: string[] = [];
  for (const [classSessionId, absent] of Map.groupBy(absences, (each) => each.classSessionId)) {
    const session = await classSessionOfSchool(tx, schoolId, classSessionId);
    if (!session) continue;
    for (const { recordId, studentId, markedById, at } of absent) {
      const marks = [{ type: "absent", recordId, studentId, version: 1 } as const];
      for (const event of attendanceEvents(marks, session, { schoolId, timeZone, markedBy: () => markedById })) {
        if (event.type !== "attendance_marked_absent") continue;
        const id = newId(at.getTime());
        const told = [studentId, ...(guardians.get(studentId) ?? []).map(({ guardianId }) => guardianId)];
        const news = { ...attendanceNews(event.data), ownAct: true };
        const draft = draftOf({ id, type: event.type, data: event.data }, news);
        await writeNotifications(tx, at, [{ draft, addressees: told.map((userId) => ({ userId, studentId })) }]);
        eventIds.push(id);
      }
    }
  }
  await tx.$executeRaw`
    UPDATE notification_delivery d SET state = 'SUPPRESSED', reason = 'before_the_demo'
    FROM notification n WHERE n.id = d.notification_id AND d.state = 'PENDING' AND n.event_id = ANY(${eventIds}::text[])`;
}
