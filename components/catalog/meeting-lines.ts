import type { SectionDto } from "@/lib/catalog/schema";

type Meeting = SectionDto["meetings"][number];
/** One line of a section's times: days that share time and place stand together. */
export type MeetingLine = { key: string; days: string; time: string; location: string | null };

/** The meetings of a section in as few lines as they need, in the order of the week. */
export function meetingLines(meetings: readonly Meeting[], dayName: (day: Meeting["day"]) => string): MeetingLine[] {
  const lines = new Map<string, MeetingLine>();
  for (const meeting of meetings) {
    const time = `${meeting.startsAt}–${meeting.endsAt}`;
    const key = `${time} ${meeting.location ?? ""}`;
    const line = lines.get(key);
    if (line) line.days += ` ${dayName(meeting.day)}`;
    else lines.set(key, { key, days: dayName(meeting.day), time, location: meeting.location });
  }
  return [...lines.values()];
}
