import type { ClassSessionInfo } from "@/lib/catalog/class-session-queries";
import { sectionMembersAt } from "@/lib/enrollment/section-members";
import type { Db, Tx } from "@/lib/platform/db";
import { isoInZone } from "@/lib/shared/time";
import { classState } from "./rules";
import type { ClassSessionDto } from "./schema";

type SheetRow = { classSessionId: string; finalizedAt: Date | null };

/** Class sessions with their state and how many of the roster are marked: three statements for any number of them. */
export async function classSessionDtos(
  client: Db | Tx,
  school: { id: string; timeZone: string },
  sessions: readonly ClassSessionInfo[],
  now: Date,
): Promise<ClassSessionDto[]> {
  if (sessions.length === 0) return [];
  const ids = sessions.map(({ id }) => id);
  const [sheets, marked, members] = await Promise.all([
    client.attendanceSheet.findMany({
      where: { classSessionId: { in: ids } },
      select: { classSessionId: true, finalizedAt: true },
    }),
    client.attendanceRecord.findMany({
      where: { classSessionId: { in: ids }, status: { not: null } },
      select: { classSessionId: true, studentId: true },
    }),
    sectionMembersAt(
      client,
      school.id,
      sessions.map(({ id, section, startsAt }) => ({ key: id, sectionId: section.id, at: startsAt })),
    ),
  ]);
  const finalized = new Map(sheets.map((sheet: SheetRow) => [sheet.classSessionId, sheet.finalizedAt]));
  const markedOf = Map.groupBy(marked, ({ classSessionId }) => classSessionId);
  const membersOf = Map.groupBy(members, ({ key }) => key);
  return sessions.map((session) => {
    const own = markedOf.get(session.id) ?? [];
    const roster = new Set([...own, ...(membersOf.get(session.id) ?? [])].map(({ studentId }) => studentId));
    return classSessionDto(session, school.timeZone, now, {
      finalizedAt: finalized.get(session.id) ?? null,
      enrolled: roster.size,
      marked: own.length,
    });
  });
}

/** One class session as it leaves the module. */
export function classSessionDto(
  session: ClassSessionInfo,
  timeZone: string,
  now: Date,
  sheet: { finalizedAt: Date | null; enrolled: number; marked: number },
): ClassSessionDto {
  return {
    id: session.id,
    section: session.section,
    date: session.date,
    startsAt: isoInZone(session.startsAt, timeZone),
    endsAt: isoInZone(session.endsAt, timeZone),
    location: session.location,
    state: classState({ ...session, finalizedAt: sheet.finalizedAt }, now),
    enrolled: sheet.enrolled,
    marked: sheet.marked,
    finalizedAt: sheet.finalizedAt && isoInZone(sheet.finalizedAt, timeZone),
  };
}
