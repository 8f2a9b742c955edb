import type { ClassSessionDto } from "@/lib/attendance/schema";
import { clockText } from "@/components/attendance/times";

export type NextClass = { href: string; title: string; time: string };
type Session = Pick<ClassSessionDto, "id" | "state" | "startsAt"> & { section: { title: string } };

/** The first class of the day after this one that is not finished or cancelled; null when there is none. */
export function nextClass(sessions: readonly Session[], classSessionId: string): NextClass | null {
  const here = sessions.findIndex(({ id }) => id === classSessionId);
  const next = sessions.slice(here + 1).find(({ state }) => state === "OPEN" || state === "SCHEDULED");
  if (here < 0 || !next) return null;
  return { href: `/classes/${next.id}`, title: next.section.title, time: clockText(next.startsAt) };
}
