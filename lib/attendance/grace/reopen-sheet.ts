import { schoolOf } from "@/lib/identity/people/people";
import { audit } from "@/lib/platform/db/audit";
import { db, type Db, transaction } from "@/lib/platform/db/client";
import { lockEntities } from "@/lib/platform/db/locks";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { taughtClassSession } from "../access";
import { lockError } from "../sheet/lock-error";
import { classState, markingLock } from "../sheet/rules";
import type { ReopenResult } from "../schema";
import { readSheet, writeReopened } from "../sheet/sheet-store";
import { say } from "@/lib/shared/say";

/**
 * Makes a finished class session open again before its grace ends: nobody has heard of it and nobody will. The marks stay.
 * A sheet that is open already stays as it is, so that a repetition after a lost answer is harmless. Errors:
 * `class_session_not_found`; `attendance_locked` when the grace is over (also when a worker has not published yet), or
 * marks cannot be changed now.
 */
export async function reopenSheet(ctx: Context, classSessionId: string, client: Db = db()): Promise<ReopenResult> {
  return transaction(async (tx) => {
    const session = await taughtClassSession(ctx, tx, classSessionId);
    const school = await schoolOf(tx, ctx.actor.schoolId);
    await lockEntities(tx, "classSession", [session.id]);
    const sheet = await readSheet(tx, session.id);
    const lock = markingLock({ ...session, ...sheet }, school.attendanceEditMinutes, ctx.now);
    if (lock) throw lockError(lock);
    const open = { ...session, ...sheet, finalizedAt: null };
    const answer = (version: number): ReopenResult => ({
      classSession: { id: session.id, state: classState(open, ctx.now) },
      version,
    });
    if (sheet.finalizedAt === null) return answer(sheet.version);
    if (sheet.alertsAt === null || sheet.alertsAt <= ctx.now)
      throw new AppError("attendance_locked", {
        detail: say("detail.notifiedAlready"),
        extra: { lock: "ALERTS_OUT" },
      });
    const version = sheet.version + 1;
    await writeReopened(tx, session.id, version, ctx.now);
    await audit(tx, ctx, [
      { action: "attendance.reopened", objectType: "class_session", objectId: session.id, details: { version } },
    ]);
    return answer(version);
  }, client);
}
