import { schoolOf } from "@/lib/identity/people";
import { audit } from "@/lib/platform/audit";
import { db, type Db, transaction } from "@/lib/platform/db";
import { appendEvents } from "@/lib/platform/events/outbox";
import { lockEntities } from "@/lib/platform/locks";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { taughtClassSession } from "./access";
import { attendanceEvents } from "./events";
import { type Mark, type MarkPlan, planMarks } from "./plan-marks";
import { classState, countMarks, markingLock } from "./rules";
import type { MarkBulkInput, MarkBulkResult, MarkInput, MarkingLock } from "./schema";
import { readMembers, readRecords, readSheet, rosterOf, writeChanges, writeSheet } from "./sheet-store";

/**
 * Saves marks of one class session in one transaction: records, their history, the sheet's version, the audit row and
 * the events, all or nothing, in a number of statements that does not depend on how many students there are.
 *
 * The class session is locked first, then every student about whom an event is published, all before the first write:
 * so saves of a class come one after the other, and events of a student stand in the log in commit order.
 *
 * Who may be marked: students enrolled now (however late they came), those enrolled when the class began, and those who
 * have a record of it. A repetition changes nothing, publishes nothing and keeps the version, whatever `expectedVersion`
 * says: its effect is there already. Errors: `class_session_not_found`, `attendance_locked`, `version_conflict`,
 * `student_not_enrolled` (with `studentIds`).
 */
export async function markBulk(ctx: Context, input: MarkBulkInput, client: Db = db()): Promise<MarkBulkResult> {
  return transaction(async (tx) => {
    const session = await taughtClassSession(ctx, tx, input.classSessionId);
    const school = await schoolOf(tx, ctx.actor.schoolId);
    await lockEntities(tx, "classSession", [session.id]);
    const sheet = await readSheet(tx, session.id);
    const facts = { ...session, ...sheet };
    const lock = markingLock(facts, school.attendanceEditMinutes, ctx.now);
    if (lock) throw new AppError("attendance_locked", { detail: LOCK_DETAILS[lock], extra: { lock } });

    const records = await readRecords(tx, session.id);
    const members = await readMembers(tx, ctx.actor.schoolId, session);
    refuseStrangers(input.records, new Set([...members, ...records.keys()]));
    const plan = planMarks(
      records,
      input.records,
      { isFinal: sheet.finalizedAt !== null, finalize: input.finalize },
      () => newId(ctx.now.getTime()),
    );
    const changesSomething = plan.becomesFinal || plan.changes.length > 0;
    if (changesSomething && input.expectedVersion !== undefined && input.expectedVersion !== sheet.version)
      throw new AppError("version_conflict", {
        detail: "Read the class session again, compare, and send the marks that should hold.",
        extra: { version: sheet.version },
      });
    if (plan.clearedFinal.length > 0)
      throw new AppError("attendance_locked", {
        detail: "A final mark cannot be cleared. Give another status instead.",
        extra: { lock: "FINAL_MARK", studentIds: plan.clearedFinal },
      });

    const version = sheet.version + (changesSomething ? 1 : 0);
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
      await writeSheet(tx, save, version, plan.becomesFinal);
      await writeChanges(tx, save, plan.changes);
      await audit(tx, ctx, [auditEntry(session.id, version, plan)]);
      const eventFacts = { ...save, timeZone: school.timeZone, markedById: ctx.actor.userId };
      await appendEvents(tx, ctx.now, attendanceEvents(plan.events, session, eventFacts));
    }
    const after = new Map<string, Mark>(records);
    for (const change of plan.changes) after.set(change.studentId, change.to);
    const finalizedAt = plan.becomesFinal ? ctx.now : sheet.finalizedAt;
    return {
      classSession: { id: session.id, state: classState({ ...facts, finalizedAt }, ctx.now) },
      version,
      counts: countMarks([...rosterOf(members, after)].map((studentId) => after.get(studentId)?.status ?? null)),
    };
  }, client);
}

const LOCK_DETAILS: Record<MarkingLock, string> = {
  CANCELLED: "The class is cancelled.",
  NOT_OPEN: "Marking opens one hour before the class starts.",
  EDIT_WINDOW_OVER: "The time in which marks may be changed is over. Ask the office.",
};

function refuseStrangers(records: readonly MarkInput[], allowed: ReadonlySet<string>): void {
  const strangers = records.flatMap(({ studentId }, index) => (allowed.has(studentId) ? [] : [{ studentId, index }]));
  if (strangers.length === 0) return;
  throw new AppError("student_not_enrolled", {
    detail: "Leave out the students listed in studentIds, or ask the office to enrol them. Nothing was saved.",
    extra: { studentIds: strangers.map(({ studentId }) => studentId) },
    errors: strangers.slice(0, 100).map(({ index }) => ({
      path: `records.${index}.studentId`,
      code: "student_not_enrolled",
      message: "This student is not on the roster of the class",
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
