import { schoolOf } from "@/lib/identity/people/people";
import { audit } from "@/lib/platform/db/audit";
import { db, type Db, transaction } from "@/lib/platform/db/client";
import { appendEvents } from "@/lib/platform/events/log/outbox";
import { lockEntities } from "@/lib/platform/db/locks";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { localDateOf } from "@/lib/shared/time";
import type { ClassMarks } from "../../class-sessions/class-marks";
import { dayOffEvent } from "../day-off-event";
import { storedDaysOff } from "../days-off";
import { type Holiday, type HolidayFile, holidaysOfIcal } from "./holidays-of-ical";
import { type HolidayPlan, planHolidays } from "./plan-holidays";
import type { IcalProblem } from "./read-ical";
import { schoolYears } from "../school-years";
import { writeHolidays } from "./write-holidays";

export type HolidayPreview =
  { problems: IcalProblem[] } | (HolidayFile & { plan: HolidayPlan; range: { from: string; to: string } });

/**
 * What importing an iCalendar file would do; writes nothing. Read are the holidays from the running term on, for two
 * years. Errors: `forbidden`. A broken file is an answer: its problems, each with its line.
 */
export async function previewHolidays(ctx: Context, text: string, client: Db = db()): Promise<HolidayPreview> {
  requireRole(ctx, "ADMIN");
  const { timeZone } = await schoolOf(client, ctx.actor.schoolId);
  const range = await schoolYears(client, ctx.actor.schoolId, localDateOf(ctx.now, timeZone));
  const file = holidaysOfIcal(text, range);
  if ("problems" in file) return file;
  return { ...file, range, plan: planHolidays("ICAL", file.holidays, await storedDaysOff(client, ctx.actor.schoolId)) };
}

/**
 * Writes the holidays of a preview, all or none: new days off, changed ones, the classes on them, one audit row, and an
 * event for each day off that is new or moved. Importing the same again changes nothing. `marks` says which classes have
 * marks and stay. Errors: `forbidden`.
 */
export async function importHolidays(
  ctx: Context,
  holidays: readonly Holiday[],
  marks: ClassMarks,
  client: Db = db(),
): Promise<{ added: number; changed: number; unchanged: number; classes: { cancelled: number; kept: number } }> {
  requireRole(ctx, "ADMIN");
  const { schoolId, userId } = ctx.actor;
  return transaction(async (tx) => {
    await lockEntities(tx, "school", [schoolId]);
    const plan = planHolidays("ICAL", holidays, await storedDaysOff(tx, schoolId));
    const facts = { schoolId, source: "ICAL", now: ctx.now, createdById: userId } as const;
    const { added, moved, settled } = await writeHolidays(tx, plan, facts, marks);
    const counts = { added: plan.create.length, changed: plan.change.length, unchanged: plan.unchanged.length };
    if (counts.added + counts.changed > 0)
      await audit(tx, ctx, [
        {
          action: "calendar.holidays_imported",
          objectType: "school",
          objectId: schoolId,
          details: { ...counts, ...settled },
        },
      ]);
    await appendEvents(
      tx,
      ctx.now,
      [...added, ...moved].map((dayOff) =>
        dayOffEvent("school_day_off_added", dayOff, { schoolId, changedById: userId }),
      ),
    );
    return { ...counts, classes: settled };
  }, client);
}
