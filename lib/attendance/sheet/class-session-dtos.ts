import type { ClassSessionInfo } from "@/lib/catalog/class-sessions/queries";
import { sectionMembersDuring } from "@/lib/enrollment/members/section-members";
import type { Db, Tx } from "@/lib/platform/db/client";
import { isoInZone } from "@/lib/shared/time";
import { rosterOf } from "./roster";
import { classState } from "./rules";
import type { ClassSessionDto } from "../schema";
import { type MarkedSheet, readSheets } from "./sheet-store";

/**
 * Class sessions with their state and how many of the roster are marked: two statements for any number of them, one where their
 * sheets are known.
 */
export async function classSessionDtos(
  client: Db | Tx,
  school: { id: string; timeZone: string },
  sessions: readonly ClassSessionInfo[],
  now: Date,
  known?: ReadonlyMap<string, MarkedSheet>,
): Promise<ClassSessionDto[]> {
  if (sessions.length === 0) return [];
  const [sheets, members] = await Promise.all([
    known ??
      readSheets(
        client,
        sessions.map(({ id }) => id),
      ),
    sectionMembersDuring(
      client,
      school.id,
      sessions.map((session) => ({ ...session, key: session.id, sectionId: session.section.id })),
    ),
  ]);
  const membersOf = Map.groupBy(members, ({ key }) => key);
  return sessions.map((session) => {
    const sheet = sheets.get(session.id) ?? { finalizedAt: null, finalizedRoster: null, marked: [] };
    const roster = rosterOf(membersOf.get(session.id) ?? [], sheet.marked, sheet);
    return classSessionDto(session, school.timeZone, now, {
      finalizedAt: sheet.finalizedAt,
      enrolled: roster.size,
      marked: sheet.marked.length,
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
  const isDone = sheet.finalizedAt !== null || session.isCancelled;
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
    notExpected: isDone ? null : sheet.enrolled === 0 ? "EMPTY" : session.isHistory ? "HISTORY" : null,
    finalizedAt: sheet.finalizedAt && isoInZone(sheet.finalizedAt, timeZone),
    cancellation: session.cancellation,
    movedFrom: session.movedFrom && {
      ...session.movedFrom,
      startsAt: isoInZone(session.movedFrom.startsAt, timeZone),
      endsAt: isoInZone(session.movedFrom.endsAt, timeZone),
    },
  };
}
