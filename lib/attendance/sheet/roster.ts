import type { Mark } from "./plan-marks";

/** A student who was enrolled while a class ran; `since` is when that began, null: from the start of the section. */
export type Member = { studentId: string; since: Date | null };
/** What of a sheet decides who is on it. */
export type RosterSheet = { finalizedAt: Date | null; finalizedRoster: readonly string[] | null };

/**
 * Who stands on the sheet of a class: who was enrolled while it ran, and everybody who has a mark. Pure.
 *
 * A finished sheet keeps who was on it then, whatever the office says later of the past, for example with a first day that
 * lies before the class. Only who joined after the finish, while the class still ran, comes to it.
 */
export function rosterOf(
  members: readonly Member[],
  marked: Iterable<string>,
  { finalizedAt, finalizedRoster }: RosterSheet,
): Set<string> {
  const enrolled =
    finalizedAt && finalizedRoster
      ? [...finalizedRoster, ...members.filter((member) => joinedAfter(member, finalizedAt)).map(idOf)]
      : members.map(idOf);
  return new Set([...enrolled, ...marked]);
}

/** Who of a sheet's records has a mark. Pure. */
export function markedOf(records: ReadonlyMap<string, Pick<Mark, "status">>): string[] {
  return [...records].filter(([, record]) => record.status !== null).map(([studentId]) => studentId);
}

function joinedAfter({ since }: Member, moment: Date): boolean {
  return since !== null && since >= moment;
}

function idOf({ studentId }: Member): string {
  return studentId;
}
