import { dateFromText } from "@/lib/shared/time";

/** A weekly meeting: ISO day (1 is Monday) and minutes from local midnight, half-open. */
export type MeetingTime = { day: number; startMinute: number; endMinute: number };

/** When a section meets: its weekly meetings on the dates of its terms, in the weeks that are marked 1. */
export type Schedule = {
  /** First local date of the first term and last local date of the last one, `YYYY-MM-DD`. */
  termStartsOn: string;
  termEndsOn: string;
  /** Its terms by date, when there are several: nothing meets between them. Null: one. */
  terms: readonly { startsOn: string; endsOn: string }[] | null;
  /** A 0 or 1 a week from the Monday of the first term's first week, weeks beyond its end are 0; null: every week. */
  weeks: string | null;
  meetings: readonly MeetingTime[];
};

/** Where two schedules meet first: the day, and the part of it that both claim. */
export type Overlap = { day: number; startMinute: number; endMinute: number };

const DAY_MS = 86_400_000;

/** Days from 1970-01-01 to a local date. */
export function epochDayOf(date: string): number {
  const parsed = dateFromText(date);
  if (!parsed) throw new RangeError(`no such date: ${date}`);
  return parsed.getTime() / DAY_MS;
}

/** The Monday of the week that holds a day, both as days from 1970-01-01 (a Thursday). */
export function mondayOf(epochDay: number): number {
  return epochDay - ((((epochDay + 3) % 7) + 7) % 7);
}

/** The weeks, Monday to Sunday, that the terms touch: their numbers from the first term's first week, which is 0. */
export function termWeeks(schedule: Pick<Schedule, "termStartsOn" | "termEndsOn" | "terms">): number[] {
  const first = mondayOf(epochDayOf(schedule.termStartsOn));
  const weeks = new Set<number>();
  for (const { from, to } of rangesOf(schedule))
    for (let monday = mondayOf(from); monday <= to; monday += 7) weeks.add((monday - first) / 7);
  return [...weeks].sort((a, b) => a - b);
}

/** All dates of one weekly meeting as days from 1970-01-01: within the terms, in the weeks that are marked. */
export function meetingDays(schedule: Schedule, meeting: MeetingTime): number[] {
  const last = epochDayOf(schedule.termEndsOn);
  const ranges = rangesOf(schedule);
  const days: number[] = [];
  const monday = mondayOf(epochDayOf(schedule.termStartsOn));
  for (let week = 0, day = monday + meeting.day - 1; day <= last; week++, day += 7) {
    if (meetsInWeek(schedule.weeks, week) && ranges.some(({ from, to }) => from <= day && day <= to)) days.push(day);
  }
  return days;
}

type Range = { from: number; to: number };

/** The terms as days from 1970-01-01, both inclusive. */
function rangesOf({
  terms,
  termStartsOn,
  termEndsOn,
}: Pick<Schedule, "termStartsOn" | "termEndsOn" | "terms">): Range[] {
  const spans = terms ?? [{ startsOn: termStartsOn, endsOn: termEndsOn }];
  return spans.map(({ startsOn, endsOn }) => ({ from: epochDayOf(startsOn), to: epochDayOf(endsOn) }));
}

/**
 * The first overlap (by day, then time) of two schedules, or null. They overlap when on a common date, weeks
 * considered, their half-open times do: 10:00–11:00 and 11:00–12:00 do not.
 */
export function overlapOf(one: Schedule, other: Schedule): Overlap | null {
  let found: Overlap | null = null;
  for (const a of one.meetings) {
    for (const b of other.meetings) {
      if (a.day !== b.day || a.startMinute >= b.endMinute || b.startMinute >= a.endMinute) continue;
      if (!shareDate(one, other, a.day)) continue;
      const overlap = {
        day: a.day,
        startMinute: Math.max(a.startMinute, b.startMinute),
        endMinute: Math.min(a.endMinute, b.endMinute),
      };
      if (!found || overlap.day * 1440 + overlap.startMinute < found.day * 1440 + found.startMinute) found = overlap;
    }
  }
  return found;
}

function shareDate(one: Schedule, other: Schedule, isoDay: number): boolean {
  const oneMonday = mondayOf(epochDayOf(one.termStartsOn));
  const otherMonday = mondayOf(epochDayOf(other.termStartsOn));
  for (const a of rangesOf(one)) {
    for (const b of rangesOf(other)) {
      const first = Math.max(a.from, b.from);
      const last = Math.min(a.to, b.to);
      for (let monday = mondayOf(first); monday + isoDay - 1 <= last; monday += 7) {
        if (monday + isoDay - 1 < first) continue;
        if (meetsInWeek(one.weeks, (monday - oneMonday) / 7) && meetsInWeek(other.weeks, (monday - otherMonday) / 7))
          return true;
      }
    }
  }
  return false;
}

function meetsInWeek(weeks: string | null, index: number): boolean {
  return weeks === null || weeks[index] === "1";
}
