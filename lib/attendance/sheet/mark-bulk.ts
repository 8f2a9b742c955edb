import { schoolOf } from "@/lib/identity/people/people";
import { audit } from "@/lib/platform/db/audit";
import { db, type Db, transaction } from "@/lib/platform/db/client";
import { appendEvents } from "@/lib/platform/events/log/outbox";
import { lockEntities } from "@/lib/platform/db/locks";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { isoInZone } from "@/lib/shared/time";
import { taughtClassSession } from "../access";
import { attendanceEvents } from "./events";
import { graceSecondsOf } from "../grace/grace";
import { lockError } from "./lock-error";
import { type Mark, type MarkPlan, planMarks } from "./plan-marks";
import { markedOf, rosterOf } from "./roster";
import { classState, countMarks, markingLock } from "./rules";
import type { MarkBulkInput, MarkBulkResult, MarkInput } from "../schema";
import { readMembers, readWholeSheet, writeChanges, writeSheet } from "./sheet-store";
import { say } from "@/lib/shared/say";

/**
 * Saves marks of one class session in one transaction: records, their history, the sheet's version, the audit row and
 * the events, all or nothing, in a number of statements that does not depend on how many students there are.
 *
 * The class session is locked first, then every student about whom an event is published, all before the first write:
 * so saves of a class come one after the other, and events of a student stand in the log in commit order.
 *
 * Where the school has a grace, the save that finishes publishes nothing; `alertsAt` of the answer says when what is still
 * ABSENT will be (`publishDueAlerts`), and saves until then change what that will be, silently.
 *
 * Who may be marked: who is on the roster, that is who was enrolled while the class ran or has a mark of it (see
 * `rosterOf`). A repetition changes nothing, publishes nothing and keeps the version, whatever `expectedVersion`
 * says: its effect is there already. Errors: `class_session_not_found`, `attendance_locked`, `version_conflict`,
 * `student_not_enrolled` (with `studentIds`).
 */
export async function markBulk(ctx: Context, input: MarkBulkInput, client: Db = db()): Promise<MarkBulkResult> {
  return transaction(async (tx) => {
    const session = await taughtClassSession(ctx, tx, input.classSessionId);
    const school = await schoolOf(tx, ctx.actor.schoolId);
    await lockEntities(tx, "classSession", [session.id]);
    const { sheet, records } = await readWholeSheet(tx, session.id);
    const facts = { ...session, ...sheet };
    const lock = markingLock(facts, school.attendanceEditMinutes, ctx.now);
    if (lock) throw lockError(lock);
    const graceMs = graceSecondsOf(school) * 1_000;
    const heldBack = sheet.finalizedAt ? sheet.alertsAt !== null : graceMs > 0;

    const members = await readMembers(tx, ctx.actor.schoolId, session);
    refuseStrangers(input.records, rosterOf(members, markedOf(records), sheet), records);
    const plan = planMarks(
      records,
      input.records,
      { isFinal: sheet.finalizedAt !== null, finalize: input.finalize, heldBack },
      () => newId(ctx.now.getTime()),
    );
    const changesSomething = plan.becomesFinal || plan.changes.length > 0;
    if (changesSomething && input.expectedVersion !== undefined && input.expectedVersion !== sheet.version)
      throw new AppError("version_conflict", {
        detail: say("detail.readAgain"),
        extra: { version: sheet.version },
      });
    if (plan.clearedFinal.length > 0)
      throw new AppError("attendance_locked", {
        detail: say("detail.finalMark"),
        extra: { lock: "FINAL_MARK", studentIds: plan.clearedFinal },
      });

    const after = new Map<string, Mark>(records);
    for (const change of plan.changes) after.set(change.studentId, change.to);
    const version = sheet.version + (changesSomething ? 1 : 0);
    const firstAlertsAt = plan.becomesFinal && heldBack ? new Date(ctx.now.getTime() + graceMs) : null;
    const alertsAt = firstAlertsAt ?? sheet.alertsAt;
    if (changesSomething) {
      await lockEntities(
        tx,
        "student",
        plan.events.map((event) => event.studentId),
      );
      const save = {
        schoolId: ctx.actor.schoolId,
        classSessionId: session.id,
        actorId: ctx.actor.userId,
        requestId: ctx.requestId,
        now: ctx.now,
      };
      const becomesFinal = plan.becomesFinal
        ? { alertsAt: firstAlertsAt, roster: rosterOf(members, markedOf(after), sheet) }
        : null;
      await writeSheet(tx, save, version, becomesFinal);
      await writeChanges(tx, save, plan.changes);
      await audit(tx, ctx, [auditEntry(session.id, version, plan)]);
      const changed = new Set(plan.changes.map(({ studentId }) => studentId));
      const markedBy = (studentId: string) =>
        (changed.has(studentId) ? null : records.get(studentId)?.markedById) ?? ctx.actor.userId;
      const eventFacts = { schoolId: ctx.actor.schoolId, timeZone: school.timeZone, markedBy };
      await appendEvents(tx, ctx.now, attendanceEvents(plan.events, session, eventFacts));
    }
    const finalizedAt = plan.becomesFinal ? ctx.now : sheet.finalizedAt;
    return {
      classSession: { id: session.id, state: classState({ ...facts, finalizedAt }, ctx.now) },
      version,
      counts: countMarks(
        [...rosterOf(members, markedOf(after), sheet)].map((studentId) => after.get(studentId)?.status ?? null),
      ),
      alertsAt: alertsAt && isoInZone(alertsAt, school.timeZone),
    };
  }, client);
}

function refuseStrangers(
  records: readonly MarkInput[],
  roster: ReadonlySet<string>,
  stored: ReadonlyMap<string, Mark>,
): void {
  // Clearing a mark takes somebody off the roster who was on it by that mark alone; clearing it again changes nothing.
  const isAllowed = ({ studentId, status }: MarkInput) =>
    roster.has(studentId) || (status === null && stored.has(studentId));
  const strangers = records.flatMap((record, index) =>
    isAllowed(record) ? [] : [{ studentId: record.studentId, index }],
  );
  if (strangers.length === 0) return;
  throw new AppError("student_not_enrolled", {
    detail: say("detail.notOnRoster"),
    extra: { studentIds: strangers.map(({ studentId }) => studentId) },
    errors: strangers.slice(0, 100).map(({ index }) => ({
      path: `records.${index}.studentId`,
      code: "student_not_enrolled",
      message: say("field.notOnRoster"),
    })),
  });
}

function auditEntry(classSessionId: string, version: number, plan: MarkPlan) {
  const alerts = plan.events.filter((event) => event.type === "absent").length;
  return {
    action: plan.becomesFinal ? "attendance.finalized" : "attendance.marked",
    objectType: "class_session",
    objectId: classSessionId,
    details: { version, changes: plan.changes.length, alerts, corrections: plan.events.length - alerts },
  };
}
