import type { PlannedClassSession } from "./class-session-plan";

/** A class session as it is stored. */
export type StoredClassSession = {
  id: string;
  sectionId: string;
  meetingId: string | null;
  date: string;
  startsAt: Date;
  endsAt: Date;
  location: string | null;
  cancelled: boolean;
  /** There is a sheet or a mark: it stays as it is, whatever the plan says. */
  hasAttendance: boolean;
};

export type ClassSessionWrite = PlannedClassSession & { id: string | null; sectionId: string };
export type ClassSessionDiff = { upsert: ClassSessionWrite[]; remove: string[]; cancel: string[]; unchanged: number };

const DAY_MS = 86_400_000;

/**
 * What to write so that the stored class sessions of one section follow its plan. Pure.
 *
 * What has begun and what has attendance is history and stays. Future sessions without attendance follow the plan, or are
 * cancelled when the section is. Planned sessions are added as long as they have not ended, so that a class moved to this
 * hour can be marked; those of the past only in weeks that hold none yet: a class moved from Monday to Tuesday in mid-term
 * did not meet on past Tuesdays, but a term that now begins earlier gets its weeks. A session that is on now and has no
 * attendance takes its new end and room, and makes way for a planned one that overlaps it.
 */
export function diffClassSessions(input: {
  sectionId: string;
  stored: readonly StoredClassSession[];
  planned: readonly PlannedClassSession[];
  sectionCancelled: boolean;
  now: Date;
}): ClassSessionDiff {
  const { sectionId, stored, now } = input;
  const diff: ClassSessionDiff = { upsert: [], remove: [], cancel: [], unchanged: 0 };
  const byStart = new Map(stored.map((session) => [session.startsAt.getTime(), session]));
  const isFixed = (session: StoredClassSession) => session.hasAttendance || session.startsAt <= now;
  const isRunning = (session: StoredClassSession) =>
    !session.hasAttendance && session.startsAt <= now && now < session.endsAt;
  if (input.sectionCancelled) {
    diff.cancel = stored.filter((session) => !isFixed(session) && !session.cancelled).map((session) => session.id);
    return diff;
  }
  const heldWeeks = new Set(stored.filter(isFixed).map((session) => weekOf(session.date)));
  const planned = new Set<number>();
  for (const session of input.planned) {
    const start = session.startsAt.getTime();
    planned.add(start);
    const same = byStart.get(start);
    if (same) {
      const stays = isFixed(same) && !(isRunning(same) && session.endsAt > now);
      if (stays || equal(same, session)) diff.unchanged += 1;
      else diff.upsert.push({ ...session, sectionId, id: same.id });
    } else if (session.endsAt > now || !heldWeeks.has(weekOf(session.date))) {
      diff.upsert.push({ ...session, sectionId, id: null });
    }
  }
  // A session without a meeting was set up by hand for that one day; no plan speaks of it.
  const inTheWay = (session: StoredClassSession) =>
    isRunning(session) && input.planned.some((other) => other.endsAt > now && overlap(session, other));
  diff.remove = stored
    .filter((session) => session.meetingId !== null && !planned.has(session.startsAt.getTime()))
    .filter((session) => !isFixed(session) || inTheWay(session))
    .map((session) => session.id);
  return diff;
}

function overlap(a: { startsAt: Date; endsAt: Date }, b: { startsAt: Date; endsAt: Date }): boolean {
  return a.startsAt < b.endsAt && b.startsAt < a.endsAt;
}

function equal(stored: StoredClassSession, planned: PlannedClassSession): boolean {
  return (
    !stored.cancelled &&
    stored.endsAt.getTime() === planned.endsAt.getTime() &&
    stored.date === planned.date &&
    stored.meetingId === planned.meetingId &&
    stored.location === planned.location
  );
}

// Number of the week, Monday to Sunday, since 1970-01-05.
function weekOf(date: string): number {
  return Math.floor((Date.parse(`${date}T00:00:00Z`) / DAY_MS - 4) / 7);
}
