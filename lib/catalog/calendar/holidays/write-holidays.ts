import type { Tx } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import type { ClassMarks } from "../../class-sessions/class-marks";
import type { StoredDayOff } from "../days-off";
import type { HolidayPlan } from "./plan-holidays";
import { cancelOnDaysOff, freeFromDaysOff, type Settled } from "../settle-days-off";

type Written = { id: string; uid: string; startsOn: string; endsOn: string; title: string; version: number };
export type WrittenHolidays = { added: Written[]; moved: Written[]; settled: Settled };

/**
 * Writes a plan of holidays and cancels the classes on them; classes of days that are none any more take place again. The
 * caller holds the school's lock. `moved` are those whose days changed, and not their title alone.
 */
export async function writeHolidays(
  tx: Tx,
  plan: HolidayPlan,
  facts: { schoolId: string; source: StoredDayOff["source"]; now: Date; createdById: string | null },
  marks: ClassMarks,
): Promise<WrittenHolidays> {
  const { schoolId, source, now, createdById } = facts;
  const added = plan.create.map((holiday): Written => ({ ...holiday, id: newId(now.getTime()), version: 1 }));
  const changed = plan.change.map(({ before, ...holiday }) => {
    const hasMoved = before.startsOn !== holiday.startsOn || before.endsOn !== holiday.endsOn;
    return { ...holiday, version: holiday.version + (hasMoved ? 1 : 0), hasMoved };
  });
  const moved = changed.filter(({ hasMoved }) => hasMoved);
  await freeFromDaysOff(
    tx,
    moved.map(({ id }) => id),
  );
  if (added.length > 0)
    await tx.$executeRaw`
      INSERT INTO school_day_off (id, school_id, starts_on, ends_on, title, source, uid, version, created_at, created_by_id)
      SELECT r.id, ${schoolId}, r."startsOn", r."endsOn", r.title, ${source}::"DayOffSource", r.uid, 1, ${now}, ${createdById}
      FROM jsonb_to_recordset(${JSON.stringify(added)}::jsonb)
        AS r(id text, "startsOn" date, "endsOn" date, title text, uid text)`;
  if (changed.length > 0)
    await tx.$executeRaw`
      UPDATE school_day_off d SET starts_on = r."startsOn", ends_on = r."endsOn", title = r.title, version = r.version
      FROM jsonb_to_recordset(${JSON.stringify(changed)}::jsonb)
        AS r(id text, "startsOn" date, "endsOn" date, title text, version int)
      WHERE d.id = r.id AND d.school_id = ${schoolId}`;
  // Those that moved covered nothing while they were freed: what another one of them covers now is settled anew too.
  const settled = await cancelOnDaysOff(tx, schoolId, { dayOffIds: [...added, ...moved].map(({ id }) => id) }, marks);
  return { added, moved, settled };
}
