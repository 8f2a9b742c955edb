import type { GridStudent } from "./grid-state";

/** Text for comparing: lower case, without diacritics. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ł", "l").replaceAll("Ł", "L").toLowerCase();
}

/**
 * The first student one of whose names begins with `typed`, family names before given names, diacritics and case aside;
 * null when there is none. Several words match several names ("an no" finds Anna Nováková).
 */
export function findStudent(students: readonly GridStudent[], typed: string): GridStudent | null {
  const wanted = plain(typed).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return null;
  const names = students.map((student) => ({ student, words: plain(student.name).split(/[\s-]+/) }));
  const every = names.filter(({ words }) => wanted.every((part) => words.some((word) => word.startsWith(part))));
  const family = every.find(({ words }) =>
    wanted.every((part) => words.slice(1).some((word) => word.startsWith(part))),
  );
  return (family ?? every[0])?.student ?? null;
}
