import { z } from "zod";
import { type SectionDto, sectionSchema } from "@/lib/catalog/schema";
import { idSchema } from "@/lib/shared/schema";
import type { Day } from "@/lib/shared/time";

export const enrollBody = z.object({
  sectionId: idSchema,
  joinWaitlist: z
    .boolean()
    .default(false)
    .describe("Has no effect: there are no waitlists yet, and a full section answers `section_full`"),
});
export type EnrollInput = z.infer<typeof enrollBody>;

export const enrolledSchema = z.object({ id: z.string(), sectionId: z.string(), status: z.literal("ENROLLED") });
export type Enrolled = z.infer<typeof enrolledSchema>;

export const enrollmentParams = z.object({ id: idSchema });

export const enrollmentItemSchema = z.object({
  id: z.string(),
  sectionId: z.string(),
  section: sectionSchema,
  status: z.enum(["ENROLLED", "WAITLISTED"]),
  position: z.int().min(1).nullable(),
  enrolledAt: z.iso.datetime({ offset: true }),
});
export type EnrollmentItem = z.infer<typeof enrollmentItemSchema>;

/** Which of the student's sections a section overlaps, and where first. */
export type Conflict = { sectionId: string; code: string; day: number; startMinute: number };

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

/** Fields of the forms on the pages. */
export const enrollForm = z.object({ sectionId: idSchema });
export const dropForm = z.object({ id: idSchema, sectionId: idSchema });

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
  isCancelled: boolean;
  /** Codes of the classes that claim a part of its time; a cancelled one claims none. */
  overlaps: string[];
  /** Its lane and how many there are, when classes overlap. */
  lane: number;
  lanes: number;
  /** Colour of the course, 1 to 6. */
  hue: number;
};
export type WeekDay = { day: Day; date: string; isToday: boolean; classes: WeekClass[] };

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
