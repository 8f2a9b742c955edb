import type { PlanWeek } from "@/lib/timetable/schema";

/** A section of the list as it would stand in the student's week. */
export type SectionGhost = {
  code: string;
  /** "Fits", "Overlaps CHE210-1 on Friday 13:00": in words what the drawing shows. */
  verdict: string;
  /** Something other than a full house stands against it. */
  isBlocked?: boolean;
  isFull?: boolean;
  kind: "fits" | "overlaps" | "mine" | "untimed";
  termStartsOn: string;
  termEndsOn: string;
};

type Own = PlanWeek["own"][number];

/** The student's classes that share a part of a term with what is looked at; else those of the term that ends first. */
export function ownBeside(own: readonly Own[], ghost: SectionGhost | null): Own[] {
  const [first] = [...own].sort((a, b) => a.termEndsOn.localeCompare(b.termEndsOn));
  const term = ghost ?? first;
  if (!term) return [];
  return own.filter((meeting) => meeting.termStartsOn <= term.termEndsOn && term.termStartsOn <= meeting.termEndsOn);
}
