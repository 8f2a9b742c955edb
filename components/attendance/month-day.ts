import type { AttendanceStatus } from "@/lib/attendance/schema";

/** What a day of the calendar shows. `isWhole`: every class of the day has this mark, none waits for one. */
export type MonthDay = { status: AttendanceStatus; count: number; total: number; isWhole: boolean };

/** What a day shows when its classes differ: the mark that says most. */
export const LOUDEST = ["ABSENT", "LATE", "EXCUSED", "PRESENT"] as const;

/**
 * A day of the calendar from the marks of its finished classes and the number of others that the student had or will have
 * that day; null when nothing is known. One absence of four is not a day of absence, and a day with a class of which nobody
 * has said anything is no day "present in all classes".
 */
export function monthDay(statuses: readonly AttendanceStatus[], waiting: number): MonthDay | null {
  const status = LOUDEST.find((own) => statuses.includes(own));
  if (!status) return null;
  const count = statuses.filter((own) => own === status).length;
  const total = statuses.length + waiting;
  return { status, count, total, isWhole: count === total };
}
