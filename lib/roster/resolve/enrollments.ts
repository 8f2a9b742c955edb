import type { TeacherInput, TeachingRow } from "@/lib/catalog/import/import-teachers";
import type { OfficeEnrollment } from "@/lib/enrollment/import/import-enrollments";
import type { Problems } from "../problems";
import type { Roster } from "../sources/rows";

/** What enrollment rows mean, with references resolved. */
export type ResolvedEnrollments = {
  students: OfficeEnrollment[];
  /** sourcedIds of ended rows. */
  ended: string[];
  /** sourcedIds of rows that are not, or no longer, a student's. */
  released: string[];
  teachers: Omit<TeacherInput, "schoolId">;
};

/** What references are resolved with: ids by sourcedId, and who or what does not take part any more. */
export type Known = {
  userIds: ReadonlyMap<string, string>;
  sections: ReadonlyMap<string, { id: string; courseId: string; termId: string }>;
  /** People who were left out or are deleted. */
  absentUsers: ReadonlySet<string>;
  /** Local date of the school. */
  today: string;
};

/** Turns enrollment rows into enrollments of students and teachers of sections. */
export function resolveEnrollments(roster: Roster, known: Known, problems: Problems): ResolvedEnrollments {
  const file = "enrollments.csv";
  const teachers = {
    wanted: [] as TeachingRow[],
    ended: [] as TeacherInput["ended"][number][],
    released: [] as string[],
  };
  const resolved: ResolvedEnrollments = { students: [], ended: [], released: [], teachers };
  for (const row of roster.enrollments.values()) {
    const section = known.sections.get(row.classSourcedId);
    const userId = known.userIds.get(row.userSourcedId);
    if (row.ended) {
      const pair = row.role !== "student" && section && userId ? { sectionId: section.id, userId } : null;
      if (row.role === "teacher") resolved.released.push(row.sourcedId);
      else resolved.ended.push(row.sourcedId);
      teachers.ended.push({ sourcedId: row.sourcedId, pair });
      continue;
    }
    if (row.role !== "student") resolved.released.push(row.sourcedId);
    if (row.role !== "teacher") teachers.released.push(row.sourcedId);
    const at = { file, line: row.line };
    if (row.role !== "student" && row.role !== "teacher") {
      problems.warn({ ...at, column: "role", code: "unknownEnrollmentRole", values: { role: row.role.slice(0, 80) } });
      continue;
    }
    if (!section && !roster.classes.has(row.classSourcedId)) {
      const values = { id: row.classSourcedId.slice(0, 80) };
      problems.error({ ...at, column: "classSourcedId", code: "danglingClass", values });
    }
    if (known.absentUsers.has(row.userSourcedId)) {
      problems.warn({ ...at, column: "userSourcedId", code: "userNotImported" });
      continue;
    }
    if (!userId) {
      const values = { id: row.userSourcedId.slice(0, 80) };
      problems.error({ ...at, column: "userSourcedId", code: "danglingUser", values });
    }
    if (roster.classes.get(row.classSourcedId)?.ended) {
      problems.warn({ ...at, column: "classSourcedId", code: "classEnded" });
      continue;
    }
    if (!section || !userId) continue;
    if (row.role === "teacher") {
      // A teacher has a section or has not, so the row is read as of today.
      const isOver = row.endsOn !== null && row.endsOn < known.today;
      const isAhead = row.beginsOn !== null && row.beginsOn > known.today;
      if (isOver || isAhead) problems.warn({ ...at, code: isOver ? "teachingOver" : "teachingAhead" });
      if (isOver) teachers.ended.push({ sourcedId: row.sourcedId, pair: { sectionId: section.id, userId } });
      else if (isAhead) teachers.released.push(row.sourcedId);
      else teachers.wanted.push({ sourcedId: row.sourcedId, sectionId: section.id, userId });
    } else
      resolved.students.push({
        sourcedId: row.sourcedId,
        studentId: userId,
        sectionId: section.id,
        courseId: section.courseId,
        termId: section.termId,
        beginsOn: row.beginsOn,
        endsOn: row.endsOn,
      });
  }
  return resolved;
}
