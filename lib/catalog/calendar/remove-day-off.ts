import { audit } from "@/lib/platform/db/audit";
import { db, type Db, transaction } from "@/lib/platform/db/client";
import { appendEvents } from "@/lib/platform/events/log/outbox";
import { lockEntities } from "@/lib/platform/db/locks";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { dayOffEvent } from "./day-off-event";
import { storedDaysOff } from "./days-off";
import { freeFromDaysOff } from "./settle-days-off";
import { say } from "@/lib/shared/say";

/**
 * Takes a day off out of the calendar: its classes take place again, except those that somebody cancelled or that
 * another day off covers. One event. Errors: `forbidden`; `not_found`, also for a day of another school.
 */
export async function removeDayOff(
  ctx: Context,
  input: { id: string },
  client: Db = db(),
): Promise<{ title: string; classes: { restored: number } }> {
  requireRole(ctx, "ADMIN");
  const { schoolId, userId } = ctx.actor;
  return transaction(async (tx) => {
    await lockEntities(tx, "school", [schoolId]);
    const dayOff = (await storedDaysOff(tx, schoolId)).find(({ id }) => id === input.id);
    if (!dayOff) throw new AppError("not_found", { detail: say("detail.dayOffGone") });
    const restored = await freeFromDaysOff(tx, [dayOff.id]);
    await tx.schoolDayOff.delete({ where: { id: dayOff.id }, select: { id: true } });
    const { startsOn, endsOn, title } = dayOff;
    await audit(tx, ctx, [
      {
        action: "calendar.day_off_removed",
        objectType: "day_off",
        objectId: dayOff.id,
        details: { startsOn, endsOn, restored },
      },
    ]);
    const ended = { ...dayOff, version: dayOff.version + 1 };
    await appendEvents(tx, ctx.now, [dayOffEvent("school_day_off_removed", ended, { schoolId, changedById: userId })]);
    return { title, classes: { restored } };
  }, client);
}
