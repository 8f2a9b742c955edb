import { fold } from "@/lib/shared/fold";

/** One word of a search: the texts of which one must occur, or a class on one of the days (1 is Monday). */
export type SearchWord = { texts: readonly string[]; days: readonly number[] };
/** What a search was taken for when nothing has the words that were typed; all folded. */
export type Respelling = { words: SearchWord[]; changes: { typed: string; meant: string[] }[] };

const MAX_WORDS = 6;
const MAX_MEANT = 6;
const DAY_NAMES = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** The words of a search, folded, at most six. A word that begins the name of a day finds the classes of that day as well. */
export function readSearch(text: string): SearchWord[] {
  return wordsOf(text)
    .slice(0, MAX_WORDS)
    .map((word) => ({ texts: [word], days: daysOf(word) }));
}

/** The different words of folded texts, without the punctuation around them. */
export function wordsOf(text: string): string[] {
  return [...new Set(fold(text).split(" "))].filter((word) => word !== "");
}

/**
 * The search with each word that occurs nowhere in `vocabulary` (folded words) replaced by those that it was probably
 * meant to be; null when a word has none, or when there is nothing to replace.
 */
export function respell(words: readonly SearchWord[], vocabulary: readonly string[]): Respelling | null {
  const changes: Respelling["changes"] = [];
  const meantWords: SearchWord[] = [];
  for (const word of words) {
    const [typed = ""] = word.texts;
    if (word.days.length > 0 || vocabulary.some((known) => known.includes(typed))) {
      meantWords.push(word);
      continue;
    }
    const meant = nearestWords(typed, [...vocabulary, ...DAY_NAMES]);
    if (meant.length === 0) return null;
    changes.push({ typed, meant });
    meantWords.push({ texts: meant, days: meant.flatMap((text) => (DAY_NAMES.includes(text) ? daysOf(text) : [])) });
  }
  return changes.length === 0 ? null : { words: meantWords, changes };
}

/**
 * The known words nearest to a typed one, all at the same distance: one slip (a letter too many, missing, wrong, or two
 * in the wrong order) is forgiven from four letters on, two from eight on. Half a word counts as the beginning of one,
 * with one slip. Codes and rooms are not guessed: a word with a digit has none.
 */
export function nearestWords(typed: string, vocabulary: readonly string[]): string[] {
  const letters = [...typed];
  if (letters.length < 4 || /\d/.test(typed)) return [];
  const most = letters.length < 8 ? 1 : 2;
  let nearest: string[] = [];
  let least = Infinity;
  for (const word of vocabulary) {
    const known = [...word];
    // The first letter is seldom wrong, and in a short word too much would be alike without it.
    if (known.length < 3 || (letters.length === 4 && known[0] !== letters[0])) continue;
    const slips = slipsBetween(letters, known);
    const distance =
      slips.whole <= most ? slips.whole : slips.beginning <= 1 && letters.length > 4 ? most + 1 : Infinity;
    if (distance === Infinity || distance > least) continue;
    if (distance < least) nearest = [];
    least = distance;
    nearest.push(word);
  }
  return nearest.slice(0, MAX_MEANT);
}

/** Optimal string alignment: slips that make the one word of the other, and that make it the other's beginning. */
function slipsBetween(one: readonly string[], other: readonly string[]): { whole: number; beginning: number } {
  let before: number[] = [];
  let last = other.map((_, n) => n).concat(other.length);
  for (let row = 1; row <= one.length; row++) {
    const next = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1] ? 0 : 1;
      let slips = Math.min((last[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + same);
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1])
        slips = Math.min(slips, (before[column - 2] ?? 0) + 1);
      next.push(slips);
    }
    before = last;
    last = next;
  }
  return { whole: last[other.length] ?? Infinity, beginning: Math.min(...last) };
}

function daysOf(word: string): number[] {
  return word.length < 3 ? [] : DAY_NAMES.flatMap((name, index) => (name.startsWith(word) ? [index + 1] : []));
}
