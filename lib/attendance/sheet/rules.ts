import type { AttendanceStatus, ClassState, Counts, MarkingLock } from "../schema";

/** How long before its start a class session opens for marking. */
export const OPENS_BEFORE_MS = 60 * 60_000;

export type SheetFacts = {
  isCancelled: boolean;
  startsAt: Date;
  endsAt: Date;
  finalizedAt: Date | null;
};

/** State of a class session at a moment. Cancelled wins over everything, final over the clock. */
export function classState(facts: SheetFacts, now: Date): ClassState {
  if (facts.isCancelled) return "CANCELLED";
  if (facts.finalizedAt) return "FINALIZED";
  return now.getTime() >= facts.startsAt.getTime() - OPENS_BEFORE_MS ? "OPEN" : "SCHEDULED";
}

/**
 * Why marks cannot be changed at a moment, or null. `editMinutes` is the school's window after the end of the class in
 * minutes, null when it has none. A class that is final stays open to corrections as long as the window does.
 */
export function markingLock(facts: SheetFacts, editMinutes: number | null, now: Date): MarkingLock | null {
  const state = classState(facts, now);
  if (state === "CANCELLED") return "CANCELLED";
  if (state === "SCHEDULED") return "NOT_OPEN";
  if (editMinutes !== null && now.getTime() > facts.endsAt.getTime() + editMinutes * 60_000) return "EDIT_WINDOW_OVER";
  return null;
}

/** How many students of a roster have which mark. */
export function countMarks(statuses: Iterable<AttendanceStatus | null>): Counts {
  const counts: Counts = { PRESENT: 0, ABSENT: 0, LATE: 0, EXCUSED: 0, UNMARKED: 0 };
  for (const status of statuses) counts[status ?? "UNMARKED"] += 1;
  return counts;
}
