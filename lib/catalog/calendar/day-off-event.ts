import type { NewEvent } from "@/lib/platform/events/log/outbox";

/** The event of a day off that begins, changes or ends, keyed by its school, whose lock the writer holds. */
export function dayOffEvent(
  type: "school_day_off_added" | "school_day_off_removed",
  dayOff: { id: string; startsOn: string; endsOn: string; title: string; version: number },
  facts: { schoolId: string; changedById: string },
): NewEvent {
  const { id: dayOffId, startsOn, endsOn, title, version } = dayOff;
  return { type, key: facts.schoolId, data: { dayOffId, startsOn, endsOn, title, version, ...facts } };
}
