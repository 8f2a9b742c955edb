import { type HeldTerm, termIdsOf } from "@/lib/catalog/sections/held-terms";
import { overlapOf, type Schedule } from "@/lib/catalog/sections/schedule";
import type { Blocker } from "@/lib/catalog/schema";
import {
  isEnrollmentOpen,
  isTermRunningOrAhead,
  seatsAvailableOf,
  type SectionWindow,
} from "@/lib/catalog/sections/sections-rules";
import type { Conflict } from "../schema";

/** What of a section decides whether a student may take it. */
export type Target = SectionWindow &
  Schedule &
  HeldIn & { id: string; courseId: string; capacity: number; seatsTaken: number };

/** The first term by date, and all of them when there are several. */
type HeldIn = { termId: string; terms: readonly HeldTerm[] | null };

/** A live enrollment of a student with the section's schedule. */
export type OwnEnrollment = Schedule &
  HeldIn & {
    enrollmentId: string;
    sectionId: string;
    code: string;
    courseId: string;
    status: "ENROLLED" | "WAITLISTED";
    /** A cancelled section takes nobody's time. */
    sectionState: "ACTIVE" | "CANCELLED";
    /**
     * Sections of the same course in which the office had the student at the same time as in this one, as a lecture and its
     * lab, and still has by its own list.
     */
    officeBeside: readonly string[];
    /** Of its course; read only where they are shown, since nothing is decided by them. */
    credits?: number | null;
  };

/**
 * The student's live enrollment in the same course that has a term in common (perhaps in this very section), or null.
 * Another section keeps nobody from this one when it is cancelled, or when the office has the student in both: then they
 * are no second section of the course for each other, and one that was dropped may be taken again.
 */
export function sameCourse(target: Pick<Target, "id" | "courseId"> & HeldIn, own: readonly OwnEnrollment[]) {
  const terms = new Set(termIdsOf(target));
  const counts = (other: OwnEnrollment) =>
    other.sectionId === target.id || (other.sectionState === "ACTIVE" && !other.officeBeside.includes(target.id));
  const isSame = (other: OwnEnrollment) =>
    other.courseId === target.courseId && termIdsOf(other).some((id) => terms.has(id));
  return own.find((other) => isSame(other) && counts(other)) ?? null;
}

/** The first of the student's sections that the target overlaps; waitlisted and cancelled ones do not count. */
export function conflictOf(target: Schedule & { id: string }, own: readonly OwnEnrollment[]): Conflict | null {
  let found: Conflict | null = null;
  for (const other of own) {
    if (other.sectionId === target.id || other.status !== "ENROLLED" || other.sectionState !== "ACTIVE") continue;
    const overlap = overlapOf(target, other);
    if (!overlap) continue;
    if (found && found.day * 1440 + found.startMinute <= overlap.day * 1440 + overlap.startMinute) continue;
    found = { sectionId: other.sectionId, code: other.code, day: overlap.day, startMinute: overlap.startMinute };
  }
  return found;
}

/** Every reason against, in the order in which enrolling decides: the first is the answer that `POST /api/enroll` gives. */
export function blockersOf(target: Target, own: readonly OwnEnrollment[], now: Date): Blocker[] {
  const blockers: Blocker[] = [];
  if (!isEnrollmentOpen(target, now)) blockers.push("enrollment_closed");
  if (sameCourse(target, own)) blockers.push("already_enrolled");
  if (conflictOf(target, own)) blockers.push("time_conflict");
  if (seatsAvailableOf(target) === 0) blockers.push("section_full");
  return blockers;
}

/** Dropping is possible until the last term is over, also when the window for enrolling has closed. */
export function canDrop(section: Pick<SectionWindow, "termEndsOn" | "timeZone">, now: Date): boolean {
  return isTermRunningOrAhead(section, now);
}
