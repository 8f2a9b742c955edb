import { db, type Db, transaction } from "@/lib/platform/db/client";
import { lockEntities } from "@/lib/platform/db/locks";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { taughtClassSession } from "../access";
import { lockError } from "../sheet/lock-error";
import { publishAlerts } from "./publish-alerts";
import { classState } from "../sheet/rules";
import type { NotifyResult } from "../schema";
import { readSheet } from "../sheet/sheet-store";
import { say } from "@/lib/shared/say";

/**
 * Ends the grace of a finished class session at once: what is ABSENT now is published by this transaction. Repeating it,
 * or asking when the grace is over anyway, publishes nothing more. Errors: `class_session_not_found`; `attendance_locked`
 * when the class is not finished or was cancelled.
 */
export async function notifyNow(ctx: Context, classSessionId: string, client: Db = db()): Promise<NotifyResult> {
  return transaction(async (tx) => {
    const session = await taughtClassSession(ctx, tx, classSessionId);
    await lockEntities(tx, "classSession", [session.id]);
    const sheet = await readSheet(tx, session.id);
    const state = classState({ ...session, ...sheet }, ctx.now);
    if (state === "CANCELLED") throw lockError("CANCELLED");
    if (state !== "FINALIZED")
      throw new AppError("attendance_locked", {
        detail: say("detail.notFinished"),
        extra: { lock: "NOT_FINISHED" },
      });
    if (sheet.alertsAt !== null) await publishAlerts(tx, ctx, session.id);
    return { classSession: { id: session.id, state }, version: sheet.version, alertsAt: null };
  }, client);
}
