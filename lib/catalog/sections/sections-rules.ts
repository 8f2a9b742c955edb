import { localDateOf } from "@/lib/shared/time";
import type { SectionStatus } from "../schema";

/** What decides whether a section can be enrolled in now, without looking at who asks. */
export type SectionWindow = {
  state: "ACTIVE" | "CANCELLED";
  /** Null: open from the start. */
  opensAt: Date | null;
  /** Null: until the last term ends. A deleted course is closed since then. */
  closesAt: Date | null;
  /** Last local date of the section's last term, `YYYY-MM-DD`. */
  termEndsOn: string;
  /** The school's IANA zone. */
  timeZone: string;
};

/** True until the last local date of the section's terms is over in the school's zone. */
export function isTermRunningOrAhead(section: Pick<SectionWindow, "termEndsOn" | "timeZone">, now: Date): boolean {
  return localDateOf(now, section.timeZone) <= section.termEndsOn;
}

/** True while students may enroll: the section takes place, and now is in the term's window `[opens, closes)`. */
export function isEnrollmentOpen(section: SectionWindow, now: Date): boolean {
  return (
    section.state === "ACTIVE" &&
    isTermRunningOrAhead(section, now) &&
    (section.opensAt === null || now >= section.opensAt) &&
    (section.closesAt === null || now < section.closesAt)
  );
}

/** Free seats; none when the office has put in more than the capacity. */
export function seatsAvailableOf(section: { capacity: number; seatsTaken: number }): number {
  return Math.max(0, section.capacity - section.seatsTaken);
}

/** The status in one word: closed wins over full. */
export function statusOf(
  section: SectionWindow & { capacity: number; seatsTaken: number },
  now: Date,
): Exclude<SectionStatus, "WAITLIST"> {
  if (!isEnrollmentOpen(section, now)) return "CLOSED";
  return seatsAvailableOf(section) > 0 ? "OPEN" : "FULL";
}
