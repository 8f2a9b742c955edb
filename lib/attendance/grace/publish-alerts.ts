import { classSessionOfSchool } from "@/lib/catalog/class-sessions/queries";
import { schoolOf } from "@/lib/identity/people/people";
import { audit } from "@/lib/platform/db/audit";
import { type Db, isDatabaseDown, type Tx, transaction } from "@/lib/platform/db/client";
import { appendEvents } from "@/lib/platform/events/log/outbox";
import { lockEntities, tryLockEntity } from "@/lib/platform/db/locks";
import { errorForLog, log } from "@/lib/platform/runtime/log";
import type { Context } from "@/lib/shared/context";
import { newId } from "@/lib/shared/ids";
import { attendanceEvents } from "../sheet/events";
import { firstAlerts } from "../sheet/plan-marks";
import { readRecords } from "../sheet/sheet-store";

const BATCH = 50;

/**
 * Ends the grace of a sheet whose absences wait: everybody who is ABSENT on it now is announced, in the caller's
 * transaction, which must hold the lock of the class session and must not have written. Answers how many that were. Of a
 * class that was cancelled meanwhile nothing is said. The actor's `userId` is null where the sheet does not say who finished
 * it: it is published all the same.
 */
export async function publishAlerts(
  tx: Tx,
  ctx: Pick<Context, "requestId" | "now" | "source"> & { actor: { userId: string | null; schoolId: string } },
  classSessionId: string,
): Promise<number> {
  const { schoolId } = ctx.actor;
  const session = await classSessionOfSchool(tx, schoolId, classSessionId);
  const records = await readRecords(tx, classSessionId);
  const alerts = session && !session.isCancelled ? firstAlerts(records, []) : [];
  await lockEntities(
    tx,
    "student",
    alerts.map(({ studentId }) => studentId),
  );
  await tx.$executeRaw`UPDATE attendance_sheet SET alerts_at = NULL WHERE class_session_id = ${classSessionId}`;
  await audit(tx, ctx, [
    {
      action: "attendance.alerts_published",
      objectType: "class_session",
      objectId: classSessionId,
      details: { alerts: alerts.length },
    },
  ]);
  if (!session || alerts.length === 0) return 0;
  const { timeZone } = await schoolOf(tx, schoolId);
  const markedBy = (studentId: string) => {
    const record = records.get(studentId);
    if (!record) throw new Error("an alert is about a mark of the sheet");
    return record.markedById;
  };
  await appendEvents(tx, ctx.now, attendanceEvents(alerts, session, { schoolId, timeZone, markedBy }));
  return alerts.length;
}

/**
 * Publishes what waits on sheets whose grace is over at `now`, each in a transaction of its own, the oldest first; answers
 * how many sheets. Any number of processes may do so at the same time: a sheet is published by the one that gets its lock,
 * and one that is being saved or reopened at this moment is left for the next time. A process that dies has published a
 * sheet or not, never a part.
 */
export async function publishDueAlerts(client: Db, now: Date): Promise<number> {
  const due = await client.$queryRaw<{ id: string }[]>`
    SELECT class_session_id AS id FROM attendance_sheet WHERE alerts_at <= ${now} ORDER BY alerts_at LIMIT ${BATCH}`;
  let published = 0;
  for (const { id } of due)
    try {
      if (await publishDue(client, id, now)) published += 1;
    } catch (error) {
      if (isDatabaseDown(error)) throw error;
      // One sheet that cannot be published must not hold up the others.
      log().error({ err: errorForLog(error), classSessionId: id }, "absences were not published");
    }
  return published;
}

function publishDue(client: Db, classSessionId: string, now: Date): Promise<boolean> {
  return transaction(async (tx) => {
    if (!(await tryLockEntity(tx, "classSession", classSessionId))) return false;
    const [sheet] = await tx.$queryRaw<{ schoolId: string; finalizedById: string | null }[]>`
      SELECT school_id AS "schoolId", finalized_by_id AS "finalizedById" FROM attendance_sheet
      WHERE class_session_id = ${classSessionId} AND alerts_at <= ${now}`;
    if (!sheet) return false;
    const actor = { userId: sheet.finalizedById, schoolId: sheet.schoolId };
    await publishAlerts(tx, { actor, now, requestId: newId(now.getTime()), source: "worker" }, classSessionId);
    return true;
  }, client);
}
