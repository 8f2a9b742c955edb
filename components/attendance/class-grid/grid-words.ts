import type { GridMark } from "./grid-state";
import { fill, type GridStrings } from "./grid-strings";

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
