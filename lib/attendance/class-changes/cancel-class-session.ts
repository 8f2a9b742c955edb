import { writeCancelled } from "@/lib/catalog/calendar/class-session-changes";
import { db, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { changeClassSession, refuseLocked } from "./change";
import type { ClassChange } from "./schema";
import { wasHeld } from "./was-held";

/**
 * Cancels one class, for a teacher of its section or the office. Students, their guardians and the other teachers are
 * notified by the event. Cancelling again changes the reason and notifies nobody; a class of a day off, cancelled too,
 * stays so when the day off ends. Errors: `forbidden`, `class_session_not_found`, `class_session_locked` (`lock`:
 * FINALIZED, MARKED, SECTION_CANCELLED): of saving marks and cancelling at the same moment one wins.
 */
export async function cancelClassSession(
  ctx: Context,
  input: { id: string; reason: string | null },
  client: Db = db(),
): Promise<ClassChange> {
  return changeClassSession(ctx, input.id, client, { datesMatter: false }, async ({ tx, before }) => {
    refuseLocked(before, await wasHeld(tx, before.id));
    if (before.isOwnCancelled && before.cancelReason === input.reason) return null;
    const news = !before.isCancelled;
    await writeCancelled(tx, before.id, {
      actorId: ctx.actor.userId,
      now: ctx.now,
      changes: before.changes + (news ? 1 : 0),
      reason: input.reason,
    });
    return news ? "cancelled" : null;
  });
}
