import type { AttendanceStatus } from "./schema";

/** One class of a student on one day; `status` is the mark of a finished sheet, null while nobody knows. */
export type StudentClass = {
  classSessionId: string;
  title: string;
  startsAt: string;
  endsAt: string;
  isCancelled: boolean;
  status: AttendanceStatus | null;
  minutesLate: number | null;
};

/** What a guardian is told first about a day. */
export type DayAnswer =
  | { kind: "none" }
  | { kind: "ahead"; next: StudentClass }
  | { kind: "unknown"; waiting: StudentClass }
  | { kind: "marked"; last: StudentClass & { status: AttendanceStatus }; earlierAbsences: StudentClass[] };

/**
 * The one sentence about today, from the classes in order of time. The newest final mark says where the child is; earlier
 * absences stand beside it. A class that has begun and is not marked is "not yet known", never "present". A mark that the
 * teacher has not finished does not count, because it may still change.
 */
export function dayAnswer(classes: readonly StudentClass[], now: Date): DayAnswer {
  const held = classes.filter(({ isCancelled }) => !isCancelled);
  const marked = held.filter((item): item is StudentClass & { status: AttendanceStatus } => item.status !== null);
  const last = marked.at(-1);
  if (last) {
    const earlierAbsences = marked.slice(0, -1).filter(({ status }) => status === "ABSENT");
    return { kind: "marked", last, earlierAbsences };
  }
  const waiting = held.find(({ startsAt }) => Date.parse(startsAt) <= now.getTime());
  if (waiting) return { kind: "unknown", waiting };
  const next = held[0];
  return next ? { kind: "ahead", next } : { kind: "none" };
}
