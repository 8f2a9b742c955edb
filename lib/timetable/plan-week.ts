import type { SectionRecord } from "@/lib/catalog/sections/sections";
import type { OwnEnrollment } from "@/lib/enrollment/registration/rules";
import type { PlanWeek } from "./schema";
import { courseHues, hoursOf, lanesOf } from "./week-layout";

/**
 * The week beside the list: what the student is enrolled in and whose term is not over (`today` is the school's date),
 * in hours and days that hold every section of the page, so that nothing is scaled anew when one of them is looked at.
 */
export function planWeek(own: readonly OwnEnrollment[], listed: readonly SectionRecord[], today: string): PlanWeek {
  const enrolled = own.filter((section) => section.status === "ENROLLED");
  const hues = courseHues(enrolled.map((section) => section.courseId));
  const current = enrolled.filter((section) => section.sectionState === "ACTIVE" && section.termEndsOn >= today);
  // A lecture and its lab are one course: its credits count once.
  const credits = new Map(current.map((section) => [section.courseId, section.credits ?? 0]));
  const mine = current
    .flatMap(({ meetings, ...section }) => meetings.map((meeting) => ({ ...section, ...meeting })))
    .sort((a, b) => a.day - b.day || a.startMinute - b.startMinute || a.code.localeCompare(b.code, "en"));
  const meetings = Object.fromEntries(
    listed.map((section) => [
      section.id,
      section.meetings.map(({ day, startMinute, endMinute }) => ({ day, startMinute, endMinute })),
    ]),
  );
  const drawn = [...mine, ...Object.values(meetings).flat()];
  return {
    taken: { count: current.length, credits: [...credits.values()].reduce((sum, more) => sum + more, 0) },
    days: [1, 2, 3, 4, 5, 6, 7].filter((day) => day < 6 || drawn.some((meeting) => meeting.day === day)),
    ...hoursOf(drawn),
    own: [1, 2, 3, 4, 5, 6, 7].flatMap((day) => {
      const ofDay = mine.filter((meeting) => meeting.day === day);
      const lanes = lanesOf(ofDay);
      return ofDay.map((meeting, n) => ({
        sectionId: meeting.sectionId,
        code: meeting.code,
        day,
        startMinute: meeting.startMinute,
        endMinute: meeting.endMinute,
        hue: hues.get(meeting.courseId) ?? 1,
        lane: lanes[n]?.lane ?? 0,
        lanes: lanes[n]?.lanes ?? 1,
        termStartsOn: meeting.termStartsOn,
        termEndsOn: meeting.termEndsOn,
      }));
    }),
    meetings,
  };
}
