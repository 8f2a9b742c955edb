import type { Tx } from "@/lib/platform/db/client";
import { together } from "@/lib/platform/db/together";
import { guardiansOf } from "./people";

/** {@link guardiansOf} in a transaction that is chosen already. */
export type GuardiansOf = (schoolId: string, studentIds: readonly string[]) => ReturnType<typeof guardiansOf>;

/**
 * {@link guardiansOf} for callers that ask at the same moment: what they ask of one school is one statement, and each gets
 * the guardians of its own students.
 */
export function guardiansTogether(tx: Tx): GuardiansOf {
  const ofSchool = (schoolId: string) =>
    together(async (asked: readonly (readonly string[])[]) => {
      const byStudent = Map.groupBy(await guardiansOf(tx, schoolId, asked.flat()), ({ studentId }) => studentId);
      return asked.map((ids) => [...new Set(ids)].sort().flatMap((studentId) => byStudent.get(studentId) ?? []));
    });
  const schools = new Map<string, ReturnType<typeof ofSchool>>();
  return (schoolId, studentIds) => {
    const ask = schools.get(schoolId) ?? ofSchool(schoolId);
    schools.set(schoolId, ask);
    return ask(studentIds);
  };
}
