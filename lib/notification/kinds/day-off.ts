import { activePeople, schoolOf } from "@/lib/identity/people/people";
import type { EventOf } from "@/lib/platform/events/delivery/consumer";
import { DAY_OFF_NOTICE_DAYS } from "@/lib/shared/events";
import { dateText, localDateOf } from "@/lib/shared/time";
import type { Kind, KindLook, Planned, PlanReads } from "./kind";
import { dayText, phrases } from "./phrases";

const look = (what: "dayOff" | "dayOffRemoved"): KindLook => ({
  category: "classChange",
  push: "classChange",
  urgency: "normal",
  words(data, _reader, locale) {
    const t = phrases(locale);
    const [from, to] = [dayText(data["startsOn"] ?? "", locale), dayText(data["endsOn"] ?? "", locale)];
    const title = from === to ? t(`item.${what}.one`, { day: from }) : t(`item.${what}.several`, { from, to });
    return { title, body: t(`item.${what}.body`, { title: data["title"] ?? "" }) };
  },
});

export const dayOffAdded: Kind<"school_day_off_added"> = { ...look("dayOff"), plan };
export const dayOffRemoved: Kind<"school_day_off_removed"> = { ...look("dayOffRemoved"), plan };

/**
 * A day off that begins or ends within the next two weeks: one message for every student, guardian and teacher of the
 * school, however many classes of theirs it cancels.
 */
async function plan(
  { tx }: PlanReads,
  { data, time }: EventOf<"school_day_off_added" | "school_day_off_removed">,
): Promise<Planned> {
  const { timeZone } = await schoolOf(tx, data.schoolId);
  const today = localDateOf(new Date(time), timeZone);
  const horizon = dateText(new Date(Date.parse(`${today}T00:00:00Z`) + DAY_OFF_NOTICE_DAYS * 86_400_000));
  if (data.endsOn < today) return { nobody: "these days are over" };
  if (data.startsOn > horizon) return { nobody: "these days are far ahead" };
  const people = await activePeople(tx, data.schoolId, ["STUDENT", "GUARDIAN", "TEACHER"]);
  return {
    about: ["day-off", data.dayOffId],
    revision: data.version,
    studentId: null,
    data: { dayOffId: data.dayOffId, startsOn: data.startsOn, endsOn: data.endsOn, title: data.title },
    addressees: people.filter((userId) => userId !== data.changedById).map((userId) => ({ userId, studentId: null })),
  };
}
