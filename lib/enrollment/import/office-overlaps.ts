import type { Tx } from "@/lib/platform/db/client";
import { inChunks } from "@/lib/identity/import/import-tally";
import type { OfficeEnrollment } from "./import-enrollments";
import { liveEnrollments } from "../registration/own-enrollments";
import { conflictOf } from "../registration/rules";

/** An enrollment of the office that takes a student's time twice, and the section that has it already. */
export type OfficeOverlap = { sourcedId: string; code: string };

/**
 * Which of these enrollments of the school's office, as they are stored now, overlap another one of the same student. The office
 * decides, so they stay; each pair is named once. Reads only.
 */
export async function officeOverlaps(
  tx: Tx,
  schoolId: string,
  rows: readonly OfficeEnrollment[],
): Promise<OfficeOverlap[]> {
  const byStudent = Map.groupBy(rows, (row) => row.studentId);
  const found: OfficeOverlap[] = [];
  for (const studentIds of inChunks([...byStudent.keys()], 2_000)) {
    for (const [studentId, own] of await liveEnrollments(tx, schoolId, studentIds)) {
      const named = new Set<string>();
      for (const { sourcedId, sectionId } of byStudent.get(studentId) ?? []) {
        const mine = own.find((other) => other.sectionId === sectionId);
        if (!mine || mine.status !== "ENROLLED" || mine.sectionState !== "ACTIVE" || named.has(sectionId)) continue;
        const conflict = conflictOf({ ...mine, id: sectionId }, own);
        if (!conflict) continue;
        named.add(conflict.sectionId);
        found.push({ sourcedId, code: conflict.code });
      }
    }
  }
  return found;
}
