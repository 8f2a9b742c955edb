import { dayText } from "@/components/attendance/times";
import type { GridMark, GridStudent } from "./grid-state";
import { fill } from "@/components/patterns/data/fill";
import type { GridStrings } from "./grid-strings";

/** A name as it stands in a list that is sorted by family name: that name first. */
export function listName(
  { name, familyName = "", givenName = "" }: GridStudent,
  strings: Pick<GridStrings, "nameInList">,
): string {
  return familyName === "" || givenName === "" ? name : fill(strings.nameInList, { familyName, givenName });
}

/** The word of a mark, with the minutes when it is late. */
export function markWord(mark: GridMark, strings: GridStrings): string {
  if (mark.status === "LATE" && mark.minutesLate !== null) return fill(strings.lateBy, { minutes: mark.minutesLate });
  return strings.status[mark.status ?? "UNMARKED"];
}

/** The same within a sentence: languages differ in how a word is written there. */
export function markInSentence(mark: GridMark, strings: GridStrings): string {
  if (mark.status === "LATE" && mark.minutesLate !== null)
    return fill(strings.inSentence.lateBy, { minutes: mark.minutesLate });
  return strings.inSentence[mark.status ?? "UNMARKED"];
}

/** What a row says of a student who is in the class no more, or came to it after its sheet was finished; else null. */
export function studentHint({ leftOn, joinedLater }: GridStudent, strings: GridStrings, locale: string): string | null {
  if (leftOn) return fill(strings.leftOn, { date: dayText(leftOn, locale, "short") });
  return joinedLater ? strings.joinedLater : null;
}
