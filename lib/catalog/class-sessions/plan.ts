import { instantOf } from "@/lib/shared/time";

/** A weekly meeting: ISO day (1 is Monday), minutes from local midnight, half-open; an end of 1440 is midnight. */
export type PlannedMeeting = {
  id: string | null;
  day: number;
  startMinute: number;
  endMinute: number;
  location?: string | null;
};

export type ClassSessionPlanInput = {
  meetings: readonly PlannedMeeting[];
  /** 0/1 a week from the Monday of the first term's first week, weeks beyond its end are off; null: every week. */
  weeks: string | null;
  /** The terms as local dates, both inclusive; nothing is held between them. */
  terms: readonly { startsOn: string; endsOn: string }[];
  /** IANA zone of the school. */
  timeZone: string;
};

/** One class on one local date. `meetingId` is the meeting it comes from. */
export type PlannedClassSession = {
  meetingId: string | null;
  date: string;
  startsAt: Date;
  endsAt: Date;
  location: string | null;
};

const DAY_MS = 86_400_000;

/**
 * The class sessions of one section in its terms: meetings × weeks, in order of time. Pure.
 *
 * Days on which the clock changes: a reading inside the spring gap moves on by the gap (a class that would then end before
 * it begins keeps its length); in an autumn overlap the earlier reading is taken. Two meetings that fall on the same instant because of a gap become one
 * (the one that stands there on any other day), because a section has one class at a time.
 */
export function planClassSessions(
  input: ClassSessionPlanInput,
  instant: (localDate: string, minute: number) => Date = instantsOf(input.timeZone),
): PlannedClassSession[] {
  const spans = input.terms.map(({ startsOn, endsOn }) => ({ fromMs: midnightOf(startsOn), toMs: midnightOf(endsOn) }));
  if (spans.length === 0) return [];
  const firstMs = Math.min(...spans.map(({ fromMs }) => fromMs));
  const lastMs = Math.max(...spans.map(({ toMs }) => toMs));
  const firstMondayMs = firstMs - ((new Date(firstMs).getUTCDay() + 6) % 7) * DAY_MS;
  const byStart = new Map<number, PlannedClassSession & { startMinute: number }>();
  for (const meeting of input.meetings) {
    for (let week = 0; ; week++) {
      const dateMs = firstMondayMs + (week * 7 + meeting.day - 1) * DAY_MS;
      if (dateMs > lastMs) break;
      if (input.weeks !== null && input.weeks[week] !== "1") continue;
      if (!spans.some(({ fromMs, toMs }) => fromMs <= dateMs && dateMs <= toMs)) continue;
      const date = new Date(dateMs).toISOString().slice(0, 10);
      const startsAt = instant(date, meeting.startMinute);
      const endsAt = endOf(startsAt, meeting, instant(date, meeting.endMinute));
      const other = byStart.get(startsAt.getTime());
      if (other && other.startMinute > meeting.startMinute) continue;
      byStart.set(startsAt.getTime(), {
        meetingId: meeting.id,
        date,
        startsAt,
        endsAt,
        location: meeting.location ?? null,
        startMinute: meeting.startMinute,
      });
    }
  }
  return [...byStart.values()]
    .sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
    .map(({ meetingId, date, startsAt, endsAt, location }) => ({ meetingId, date, startsAt, endsAt, location }));
}

function midnightOf(localDate: string): number {
  return Date.parse(`${localDate}T00:00:00Z`);
}

function endOf(startsAt: Date, meeting: PlannedMeeting, localEnd: Date): Date {
  if (localEnd.getTime() > startsAt.getTime()) return localEnd;
  return new Date(startsAt.getTime() + (meeting.endMinute - meeting.startMinute) * 60_000);
}

/**
 * `instantOf` for one zone with a memory: the sections of a school meet at few different times, and zone arithmetic is
 * the slow part of planning thousands of classes.
 */
export function instantsOf(timeZone: string): (localDate: string, minute: number) => Date {
  const known = new Map<string, Date>();
  return (localDate, minute) => {
    const key = `${localDate} ${minute}`;
    let found = known.get(key);
    if (!found) known.set(key, (found = instantOf(localDate, minute, timeZone)));
    return found;
  };
}
