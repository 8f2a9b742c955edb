import { fold } from "@/lib/shared/fold";
import type { GridStudent } from "./grid-state";

/** The words of a name as they can be typed: "Smith-Jones" begins with "smith", with "jones" and with "smithjones". */
function wordsOf(name: string): string[] {
  return fold(name)
    .split(" ")
    .flatMap((word) => (word.includes("-") ? [word, word.replaceAll("-", ""), ...word.split("-")] : [word]));
}

/**
 * The students whose names begin with what was typed, accents and case aside. Several words match several names ("an no"
 * finds Anna Nováková). Names that are typed in full come first, then family names, each in the order of the class.
 */
export function findStudents(students: readonly GridStudent[], typed: string): GridStudent[] {
  const wanted = fold(typed).trim().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [];
  return students
    .map((student) => {
      const words = wordsOf(student.name);
      const family = wordsOf(student.familyName ?? student.name.slice(student.name.indexOf(" ") + 1));
      const begins = (of: readonly string[]) =>
        wanted.every((part) => of.some((word) => word !== "" && word.startsWith(part)));
      const rank = wanted.every((part) => words.includes(part)) ? 0 : begins(family) ? 1 : 2;
      return { student, rank, fits: begins(words) };
    })
    .filter(({ fits }) => fits)
    .sort((a, b) => a.rank - b.rank)
    .map(({ student }) => student);
}
