import {
  dayOffTitleOn,
  overlappingClass,
  writeMoved,
  writeRestored,
} from "@/lib/catalog/calendar/class-session-changes";
import { db, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { changeClassSession, locked, refuseLocked } from "./change";
import { noSchool, overlaps } from "./refusals";
import type { ClassChange } from "./schema";
import { wasHeld } from "./was-held";
import { say } from "@/lib/shared/say";

/**
 * Takes the last change of one class back: a cancelled one is held where it stands, a moved one where the plan has it.
 * Nothing to take back changes nothing. Errors: `forbidden`, `class_session_not_found`, `class_session_locked` (`lock`:
 * DAY_OFF, FINALIZED, MARKED, SECTION_CANCELLED), `class_session_overlap`.
 */
export async function restoreClassSession(
  ctx: Context,
  input: { id: string },
  client: Db = db(),
): Promise<ClassChange> {
  return changeClassSession(ctx, input.id, client, { datesMatter: true }, async ({ tx, before }) => {
    if (before.sectionCancelled) refuseLocked(before, null);
    if (before.isCancelled) {
      if (before.dayOffId !== null) throw noSchool(await dayOffTitleOn(tx, before.schoolId, before.date));
      // Cancelled with its section, which is offered again since: a part of the past that nobody restores alone.
      if (!before.isOwnCancelled) throw locked("SECTION_CANCELLED", say("detail.cancelledWithSection"));
      await writeRestored(tx, before.id, { changes: before.changes + 1 });
      return "restored";
    }
    if (!before.movedFrom) return null;
    refuseLocked(before, await wasHeld(tx, before.id));
    const { movedFrom: plan } = before;
    const dayOff = await dayOffTitleOn(tx, before.schoolId, plan.date);
    if (dayOff !== null) throw noSchool(dayOff);
    const other = await overlappingClass(tx, before, plan);
    if (other !== null) throw overlaps(other);
    const facts = { actorId: ctx.actor.userId, now: ctx.now, changes: before.changes + 1, reason: null };
    await writeMoved(tx, before.id, { to: plan, from: plan }, facts);
    return "moved";
  });
}
