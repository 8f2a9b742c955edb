import type { WeekClass } from "./schema";

/** A class of a week with the date it stands on. */
export type WeekRow = Pick<
  WeekClass,
  | "id"
  | "sectionId"
  | "courseId"
  | "code"
  | "title"
  | "location"
  | "startMinute"
  | "endMinute"
  | "isCancelled"
  | "change"
> & { date: string };

export type StoredClass = Omit<WeekRow, "change"> & {
  dayOff: string | null;
  cancelReason: string | null;
  fromDate: string | null;
  fromMinute: number | null;
  fromEndMinute: number | null;
};

/**
 * Where a class stands in a week: in its place, and, when it was moved to another time and is held, in its old place too,
 * where people look for it. Pure.
 */
export function placesOf(stored: StoredClass): WeekRow[] {
  const { dayOff, cancelReason, fromDate, fromMinute, fromEndMinute, ...row } = stored;
  if (row.isCancelled) {
    const kind = dayOff === null ? "cancelled" : "noSchool";
    return [{ ...row, change: { kind, reason: dayOff ?? cancelReason } }];
  }
  if (fromDate === null || fromMinute === null || fromEndMinute === null) return [{ ...row, change: null }];
  if (fromDate === row.date && fromMinute === row.startMinute) return [{ ...row, change: { kind: "newRoom" } }];
  return [
    { ...row, change: { kind: "movedFrom", date: fromDate, startMinute: fromMinute } },
    {
      ...row,
      id: `${row.id}-planned`,
      date: fromDate,
      startMinute: fromMinute,
      endMinute: fromEndMinute,
      location: null,
      isCancelled: true,
      change: { kind: "movedTo", date: row.date, startMinute: row.startMinute },
    },
  ];
}
