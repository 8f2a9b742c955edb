import type { InvitedGroup } from "@/lib/identity/invitations/waiting-people";
import { guardiansOf } from "@/lib/identity/people/people";
import type { Tx } from "@/lib/platform/db/client";

/** Who is meant: a group of the school, or the ids of the students of a class or of their guardians. */
export async function chosenPeople(
  tx: Tx,
  schoolId: string,
  whom: InvitedGroup,
  classId: string | undefined,
): Promise<InvitedGroup | readonly string[]> {
  if (classId === undefined || whom === "staff") return whom;
  const rows = await tx.$queryRaw<{ studentId: string }[]>`
    SELECT e.student_id AS "studentId" FROM enrollment e
    JOIN section s ON s.id = e.section_id AND s.school_id = ${schoolId}
    WHERE e.section_id = ${classId} AND e.status = 'ENROLLED'`;
  const students = rows.map(({ studentId }) => studentId);
  if (whom === "students") return students;
  return (await guardiansOf(tx, schoolId, students)).map(({ guardianId }) => guardianId);
}
