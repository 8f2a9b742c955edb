import { overlapOf, type Schedule } from "@/lib/catalog/schedule";
import type { Blocker } from "@/lib/catalog/schema";
import {
  isEnrollmentOpen,
  isTermRunningOrAhead,
  seatsAvailableOf,
  type SectionWindow,
} from "@/lib/catalog/sections-rules";
import type { Conflict } from "./schema";

/** What of a section decides whether a student may take it. */
export type Target = SectionWindow &
  Schedule & { id: string; courseId: string; termId: string; capacity: number; seatsTaken: number };

/** A live enrollment of a student with the section's schedule. */
export type OwnEnrollment = Schedule & {
  enrollmentId: string;
  sectionId: string;
  code: string;
  courseId: string;
  termId: string;
  status: "ENROLLED" | "WAITLISTED";
  /** A cancelled section takes nobody's time. */
  sectionState: "ACTIVE" | "CANCELLED";
};

/**
 * The student's live enrollment in the same course and term (perhaps in this very section), or null. Another section that
 * is cancelled keeps nobody from a parallel one.
 */
export function sameCourse(target: Pick<Target, "id" | "courseId" | "termId">, own: readonly OwnEnrollment[]) {
  const counts = (other: OwnEnrollment) => other.sectionId === target.id || other.sectionState === "ACTIVE";
  return (
    own.find((other) => other.courseId === target.courseId && other.termId === target.termId && counts(other)) ?? null
  );
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

/** Dropping is possible until the term is over, also when the window for enrolling has closed. */
export function canDrop(section: Pick<SectionWindow, "termEndsOn" | "timeZone">, now: Date): boolean {
  return isTermRunningOrAhead(section, now);
}
