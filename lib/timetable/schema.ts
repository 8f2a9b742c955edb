import { z } from "zod";
import { type SectionDto, sectionSchema } from "@/lib/catalog/schema";
import type { Conflict } from "@/lib/enrollment/schema";
import { pageQuery } from "@/lib/shared/schema";
import type { Day } from "@/lib/shared/time";

export const enrollmentListQuery = z.object(pageQuery);

export const enrollmentItemSchema = z.object({
  id: z.string(),
  sectionId: z.string(),
  section: sectionSchema,
  status: z.enum(["ENROLLED", "WAITLISTED"]),
  position: z.int().min(1).nullable(),
  enrolledAt: z.iso.datetime({ offset: true }),
});
export type EnrollmentItem = z.infer<typeof enrollmentItemSchema>;

/** A section as its page shows it to one person: the contract's item and what only the page needs. */
export type SectionView = {
  section: SectionDto;
  title: string;
  seatsTaken: number;
  /** The person's own live enrollment in it. */
  enrollmentId: string | null;
  /** The sections that it overlaps, when it does. */
  conflict: Conflict | null;
  /** The section of the same course that the person is in, when it is another one. */
  sameCourseAs: { sectionId: string; code: string } | null;
  /** In how many weeks of the term it meets, when not in all; null: in every week. */
  weeks: { on: number; all: number } | null;
  opensAt: string | null;
  closesAt: string | null;
};

/** When a section meets, drawn on a week that repeats: ISO day (1 is Monday), minutes from local midnight. */
export type WeekMeeting = { day: number; startMinute: number; endMinute: number };

/** The student's own sections as a week that repeats, beside the list of sections. */
export type PlanWeek = {
  /** Sections that the student is in and whose term is not over, also those without a fixed time, and their credits. */
  taken: { count: number; credits: number };
  /** Weekdays, and the days of the weekend on which something drawn here meets. */
  days: number[];
  firstHour: number;
  lastHour: number;
  own: (WeekMeeting & {
    sectionId: string;
    code: string;
    /** Colour of the course, 1 to 6, as in the student's timetable. */
    hue: number;
    lane: number;
    lanes: number;
    /** Its term, `YYYY-MM-DD`: another term's classes are in nobody's way. */
    termStartsOn: string;
    termEndsOn: string;
  })[];
  /** The meetings of the sections on the page, by section id. */
  meetings: Record<string, WeekMeeting[]>;
};

/** One class in a student's week. Minutes count from local midnight. */
export type WeekClass = {
  id: string;
  sectionId: string;
  courseId: string;
  code: string;
  title: string;
  location: string | null;
  startMinute: number;
  endMinute: number;
  /** Until when it takes room in its column: a very short class more than its time, so that it can be read. */
  drawnEndMinute: number;
  /** Too low in its column for more than one line. */
  isShort: boolean;
  /** It is on at this moment. */
  isNow: boolean;
  /** It is not held here: cancelled, or moved away. */
  isCancelled: boolean;
  /** Why it is cancelled, where it was, or (seen in its old place) where it is; null: it is as planned. */
  change:
    | { kind: "noSchool" | "cancelled"; reason: string | null }
    | { kind: "movedFrom" | "movedTo"; date: string; startMinute: number }
    | { kind: "newRoom" }
    | null;
  /** Codes of the classes that claim a part of its time; a cancelled one claims none. */
  overlaps: string[];
  /** Its lane and how many there are, when classes overlap. */
  lane: number;
  lanes: number;
  /** Colour of the course, 1 to 6. */
  hue: number;
};
/** A day of a week; `dayOff`: what it is called when there is no school, else null. */
export type WeekDay = { day: Day; date: string; isToday: boolean; dayOff: string | null; classes: WeekClass[] };

/** A week of a student, laid out for the page. */
export type WeekView = {
  /** ISO week, `2026-W47`. */
  week: string;
  isThisWeek: boolean;
  previousWeek: string;
  nextWeek: string;
  timeZone: string;
  nowMinute: number;
  days: WeekDay[];
  firstHour: number;
  lastHour: number;
  /** How high an hour is drawn, in rem, so that the shortest class shows all its lines. */
  hourHeight: number;
  classCount: number;
  isEnrolled: boolean;
  /** Sections of terms that are not over which meet at no fixed time. */
  withoutTime: { sectionId: string; code: string; title: string; hue: number }[];
  /** The first class after now that takes place, in whatever week. */
  next: {
    startsAt: string;
    date: string;
    day: Day;
    week: string;
    startMinute: number;
    sectionId: string;
    title: string;
    location: string | null;
    isToday: boolean;
  } | null;
};
