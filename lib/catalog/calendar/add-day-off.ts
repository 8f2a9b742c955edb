import { audit } from "@/lib/platform/db/audit";
import { db, type Db, transaction } from "@/lib/platform/db/client";
import { appendEvents } from "@/lib/platform/events/log/outbox";
import { lockEntities } from "@/lib/platform/db/locks";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { dateFromText } from "@/lib/shared/time";
import type { ClassMarks } from "../class-sessions/class-marks";
import type { AddedDayOff, DayOffInput } from "../schema";
import { dayOffEvent } from "./day-off-event";
import { daysOffBetween } from "./days-off";
import { cancelOnDaysOff } from "./settle-days-off";
import { say } from "@/lib/shared/say";

/**
 * Says that the school has no classes on some days: the day off, the classes on it (cancelled; those with marks stay), the
 * audit row and one event for all of it, in one transaction. `marks` says which classes have marks. Errors: `forbidden`, `day_off_exists` (the same days under
 * the same name).
 */
export async function addDayOff(
  ctx: Context,
  input: DayOffInput,
  marks: ClassMarks,
  client: Db = db(),
): Promise<AddedDayOff> {
  requireRole(ctx, "ADMIN");
  const { schoolId, userId } = ctx.actor;
  const { startsOn, endsOn, title } = input;
  return transaction(async (tx) => {
    await lockEntities(tx, "school", [schoolId]);
    const there = await daysOffBetween(tx, schoolId, { from: startsOn, to: endsOn });
    if (there.some((day) => day.startsOn === startsOn && day.endsOn === endsOn && day.title === title))
      throw new AppError("day_off_exists", { detail: say("detail.dayOffExists") });
    const dayOff = { id: newId(ctx.now.getTime()), startsOn, endsOn, title, version: 1 };
    await tx.schoolDayOff.create({
      data: {
        ...dayOff,
        schoolId,
        startsOn: dateFromText(startsOn) ?? ctx.now,
        endsOn: dateFromText(endsOn) ?? ctx.now,
        source: "OFFICE",
        createdAt: ctx.now,
        createdById: userId,
      },
      select: { id: true },
    });
    const classes = await cancelOnDaysOff(tx, schoolId, { dayOffIds: [dayOff.id] }, marks);
    await audit(tx, ctx, [
      {
        action: "calendar.day_off_added",
        objectType: "day_off",
        objectId: dayOff.id,
        details: { startsOn, endsOn, ...classes },
      },
    ]);
    await appendEvents(tx, ctx.now, [dayOffEvent("school_day_off_added", dayOff, { schoolId, changedById: userId })]);
    return { id: dayOff.id, startsOn, endsOn, title, source: "OFFICE", classes };
  }, client);
}
