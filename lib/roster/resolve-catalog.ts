import type { ImportedSection } from "@/lib/catalog/import-sections";
import type {
  CoursePlan,
  ImportedCourse,
  ImportedTerm,
  StoredTerm,
  TermPlan,
} from "@/lib/catalog/import-terms-and-courses";
import type { Problems } from "./problems";
import type { OrgRow, Roster } from "./rows";

/** The one organisation of the roster that is the school. Files of several schools are imported one by one. */
export function resolveSchool(roster: Roster, problems: Problems): OrgRow | null {
  const file = "orgs.csv";
  const all = [...roster.orgs.values()];
  const schools = all.filter((org) => org.type === "school");
  const [school, another] = schools.length > 0 ? schools : all;
  if (!school) problems.error({ file, code: "noSchool" });
  else if (another)
    problems.error({
      file,
      line: another.line,
      column: "type",
      code: "severalSchools",
      values: { first: school.line },
    });
  else if (school.ended) problems.error({ file, line: school.line, column: "status", code: "schoolEnded" });
  else return school;
  return null;
}

/** The terms to import: semesters and terms, and whatever a class refers to or is stored already. */
export function resolveTerms(roster: Roster, stored: ReadonlyMap<string, StoredTerm>): ImportedTerm[] {
  const used = new Set<string>();
  for (const row of roster.classes.values()) {
    const term = termOf(roster, row.termSourcedIds);
    if (term !== undefined) used.add(term);
  }
  return [...roster.sessions.values()].filter(
    (row) => row.type === "term" || row.type === "semester" || used.has(row.sourcedId) || stored.has(row.sourcedId),
  );
}

/** The courses to import. */
export function resolveCourses(roster: Roster): ImportedCourse[] {
  return [...roster.courses.values()];
}

/** Turns class rows into sections; what they refer to must be in the roster or stored. */
export function resolveSections(
  roster: Roster,
  plans: { terms: TermPlan; courses: CoursePlan },
  problems: Problems,
): ImportedSection[] {
  const file = "classes.csv";
  return [...roster.classes.values()].flatMap((row): ImportedSection[] => {
    if (row.ended) return [{ ...row, courseId: "", termId: "" }];
    const course = plans.courses.courses.get(row.courseSourcedId);
    if (!course) {
      const values = { id: row.courseSourcedId.slice(0, 80) };
      problems.error({ file, line: row.line, column: "courseSourcedId", code: "danglingCourse", values });
    }
    for (const id of row.termSourcedIds) {
      if (roster.sessions.has(id) || plans.terms.terms.has(id)) continue;
      const values = { id: id.slice(0, 80) };
      problems.error({ file, line: row.line, column: "termSourcedIds", code: "danglingTerm", values });
    }
    const chosen = termOf(roster, row.termSourcedIds) ?? "";
    const term = plans.terms.terms.get(chosen);
    if (row.termSourcedIds.length > 1) {
      const values = { id: chosen.slice(0, 80) };
      problems.warn({ file, line: row.line, column: "termSourcedIds", code: "severalTerms", values });
    }
    if (!course || !term) {
      if (course && roster.sessions.get(chosen)?.ended)
        problems.error({ file, line: row.line, column: "termSourcedIds", code: "termEnded", values: { id: chosen } });
      return [];
    }
    return [{ ...row, title: row.title || course.title, courseId: course.id, termId: term.id }];
  });
}

// A class may name its year beside its semester; the semester says when it meets.
function termOf(roster: Roster, ids: readonly string[]): string | undefined {
  const typed = ids.find((id) => ["term", "semester"].includes(roster.sessions.get(id)?.type ?? ""));
  return typed ?? ids[0];
}
