import type { StoredDayOff } from "../days-off";
import type { Holiday } from "./holidays-of-ical";

/** What importing holidays does to the days off that are there. */
export type HolidayPlan = {
  create: Holiday[];
  /** The same event of an earlier file, with other days or another title. */
  change: (Holiday & { id: string; version: number; before: { startsOn: string; endsOn: string; title: string } })[];
  /** In the calendar already, also under another source. */
  unchanged: Holiday[];
};

/**
 * Compares the holidays of one source with all stored days off. An event is known by its uid, so that importing a file
 * again changes what it is about; the same days under the same name from elsewhere are not doubled. Days of earlier files
 * that are not in this one are not spoken of: they stay. Pure.
 */
export function planHolidays(
  source: StoredDayOff["source"],
  holidays: readonly Holiday[],
  stored: readonly StoredDayOff[],
): HolidayPlan {
  const plan: HolidayPlan = { create: [], change: [], unchanged: [] };
  const own = new Map(stored.filter((day) => day.source === source).map((day) => [day.uid, day]));
  const nameOf = (day: { startsOn: string; endsOn: string; title: string }) =>
    `${day.startsOn} ${day.endsOn} ${day.title.toLowerCase()}`;
  const there = new Set(stored.map(nameOf));
  for (const holiday of holidays) {
    const known = own.get(holiday.uid);
    if (known && nameOf(known) === nameOf(holiday) && known.title === holiday.title) plan.unchanged.push(holiday);
    else if (known) {
      const { id, version, startsOn, endsOn, title } = known;
      plan.change.push({ ...holiday, id, version, before: { startsOn, endsOn, title } });
    } else if (there.has(nameOf(holiday))) plan.unchanged.push(holiday);
    else plan.create.push(holiday);
  }
  return plan;
}
