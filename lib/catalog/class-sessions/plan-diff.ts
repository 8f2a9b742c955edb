import type { PlannedClassSession } from "./plan";

/** A class session as it is stored. */
export type StoredClassSession = {
  id: string;
  sectionId: string;
  meetingId: string | null;
  date: string;
  startsAt: Date;
  endsAt: Date;
  location: string | null;
  /** With its section; one of a day off, or that somebody cancelled, is not meant: the plan does not speak of those. */
  cancelled: boolean;
  /** Somebody cancelled this very class. */
  cancelledByHand: boolean;
  /** Where the plan had it when somebody moved it. */
  movedFromStartsAt: Date | null;
  movedFromDate: string | null;
  /** There is a sheet or a mark: it stays as it is, whatever the plan says. */
  hasAttendance: boolean;
};

export type ClassSessionWrite = PlannedClassSession & { id: string | null; sectionId: string };
export type ClassSessionDiff = {
  upsert: ClassSessionWrite[];
  /** Stored sessions that take a new time and keep what people decided about them. */
  follow: (ClassSessionWrite & { id: string })[];
  remove: string[];
  /** Cancelled with the section, and held again with it. */
  cancel: string[];
  revive: string[];
  unchanged: number;
};

const DAY_MS = 86_400_000;

/**
 * What to write so that the stored class sessions of one section follow its plan. Pure.
 *
 * What has begun and what has attendance is history and stays. Future sessions without attendance follow the plan, or are
 * cancelled when the section is. Planned sessions are added as long as they have not ended, so that a class moved to this
 * hour can be marked; those of the past only in weeks that hold none yet: a class moved from Monday to Tuesday in mid-term
 * did not meet on past Tuesdays, but a term that now begins earlier gets its weeks. A session that is on now and has no
 * attendance takes its new end and room, and makes way for a planned one that overlaps it.
 *
 * What people decided stays. A moved class is where they put it: it stands for the planned class that it was, and nothing
 * is planned on top of it. A cancelled one whose hour changes stays cancelled at the new hour of that day.
 */
export function diffClassSessions(input: {
  sectionId: string;
  stored: readonly StoredClassSession[];
  planned: readonly PlannedClassSession[];
  sectionCancelled: boolean;
  now: Date;
}): ClassSessionDiff {
  const { sectionId, stored, now } = input;
  const diff: ClassSessionDiff = { upsert: [], follow: [], remove: [], cancel: [], revive: [], unchanged: 0 };
  const byStart = new Map(stored.map((session) => [plannedStart(session), session]));
  const moved = stored.filter(isMoved);
  const isHistory = (session: StoredClassSession) => session.hasAttendance || session.startsAt <= now;
  const isFixed = (session: StoredClassSession) => isHistory(session) || isMoved(session);
  const isRunning = (session: StoredClassSession) =>
    !session.hasAttendance && !isMoved(session) && session.startsAt <= now && now < session.endsAt;
  if (input.sectionCancelled) {
    diff.cancel = stored.filter((session) => !isHistory(session) && !session.cancelled).map((session) => session.id);
    return diff;
  }
  diff.revive = moved.filter((session) => !isHistory(session) && session.cancelled).map((session) => session.id);
  const heldWeeks = new Set(stored.filter(isHistory).map((session) => weekOf(session.date)));
  const planned = new Set<number>();
  for (const session of input.planned) {
    const start = session.startsAt.getTime();
    planned.add(start);
    const same = byStart.get(start);
    if (same) {
      const stays = isFixed(same) && !(isRunning(same) && session.endsAt > now);
      if (stays || equal(same, session)) diff.unchanged += 1;
      else diff.upsert.push({ ...session, sectionId, id: same.id });
    } else if (moved.some((other) => overlap(session, other))) {
      continue;
    } else if (session.endsAt > now || !heldWeeks.has(weekOf(session.date))) {
      diff.upsert.push({ ...session, sectionId, id: null });
    }
  }
  // The planned hour of a moved class changed: it still stands for the class of that day.
  for (const session of moved)
    if (session.meetingId !== null && session.movedFromDate !== null && !planned.has(plannedStart(session)))
      newOfDay(diff, session.movedFromDate);
  // A session without a meeting was set up by hand for that one day; no plan speaks of it.
  const inTheWay = (session: StoredClassSession) =>
    isRunning(session) && input.planned.some((other) => other.endsAt > now && overlap(session, other));
  const gone = stored
    .filter((session) => session.meetingId !== null && !planned.has(plannedStart(session)))
    .filter((session) => !isFixed(session) || inTheWay(session));
  for (const session of gone) {
    const heir = session.cancelledByHand ? newOfDay(diff, session.date) : undefined;
    if (heir) diff.follow.push({ ...heir, id: session.id });
    else diff.remove.push(session.id);
  }
  return diff;
}

function isMoved(session: StoredClassSession): boolean {
  return session.movedFromStartsAt !== null;
}

function plannedStart(session: StoredClassSession): number {
  return (session.movedFromStartsAt ?? session.startsAt).getTime();
}

/** Takes the first new session of a day out of what is to be made. */
function newOfDay(diff: ClassSessionDiff, date: string): ClassSessionWrite | undefined {
  const place = diff.upsert.findIndex((write) => write.id === null && write.date === date);
  return place < 0 ? undefined : diff.upsert.splice(place, 1)[0];
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
