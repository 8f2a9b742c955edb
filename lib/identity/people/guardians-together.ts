import type { Tx } from "@/lib/platform/db/client";
import { guardiansOf } from "./people";

/** {@link guardiansOf} in a transaction that is chosen already. */
export type GuardiansOf = (schoolId: string, studentIds: readonly string[]) => ReturnType<typeof guardiansOf>;

type Asked = {
  studentIds: readonly string[];
  answer: (found: Awaited<ReturnType<GuardiansOf>>) => void;
  fail: (error: unknown) => void;
};

/**
 * {@link guardiansOf} for callers that ask at the same moment: what is asked of one school before the first answer can be
 * awaited is one statement, and each gets the guardians of its own students.
 */
export function guardiansTogether(tx: Tx): GuardiansOf {
  const asked = new Map<string, Asked[]>();
  const read = async (schoolId: string): Promise<void> => {
    const all = asked.get(schoolId) ?? [];
    asked.delete(schoolId);
    try {
      const found = await guardiansOf(
        tx,
        schoolId,
        all.flatMap(({ studentIds }) => studentIds),
      );
      const byStudent = Map.groupBy(found, ({ studentId }) => studentId);
      for (const { studentIds, answer } of all)
        answer([...new Set(studentIds)].sort().flatMap((studentId) => byStudent.get(studentId) ?? []));
    } catch (error) {
      for (const { fail } of all) fail(error);
    }
  };
  return (schoolId, studentIds) =>
    new Promise((answer, fail) => {
      const waiting = asked.get(schoolId);
      if (waiting) waiting.push({ studentIds, answer, fail });
      else {
        asked.set(schoolId, [{ studentIds, answer, fail }]);
        queueMicrotask(() => void read(schoolId));
      }
    });
}
