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
  // A deleted organisation beside the living one is its predecessor, and no second school.
  const named = schools.length > 0 ? schools : all;
  const living = named.filter((org) => !org.ended);
  const [school, another] = living.length > 0 ? living : named.slice(0, 1);
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

/** In which academic session each class of the roster is held, by sourcedId. */
export type HeldIn = ReadonlyMap<string, string>;

/**
 * In which of its academic sessions each class is held: a class may name its year beside its semester, and the semester
 * says when it meets. What a file leaves out is known from earlier imports: the types of sessions, and as the last
 * resort the session (`heldBefore`) in which the class is held already.
 */
export function resolveHeldIn(
  roster: Roster,
  stored: ReadonlyMap<string, StoredTerm>,
  heldBefore: ReadonlyMap<string, string>,
): HeldIn {
  const sessionOf = (id: string) => {
    const [row, known] = [roster.sessions.get(id), stored.get(id)];
    if (!row) return known;
    return { type: row.type || (known?.type ?? null), ended: row.ended };
  };
  const heldIn = new Map<string, string>();
  const isTerm = (id: string) => ["term", "semester"].includes(sessionOf(id)?.type ?? "");
  for (const { sourcedId, termSourcedIds: ids } of roster.classes.values()) {
    const terms = ids.filter(isTerm);
    // A deleted term is not replaced by the year beside it: that class has no place any more.
    const chosen =
      terms.find((id) => !sessionOf(id)?.ended) ??
      terms[0] ??
      ids.find((id) => id === heldBefore.get(sourcedId)) ??
      ids.find((id) => sessionOf(id)) ??
      ids[0];
    if (chosen !== undefined) heldIn.set(sourcedId, chosen);
  }
  return heldIn;
}

/** The terms to import: semesters and terms, and whatever a class is held in or is stored already. */
export function resolveTerms(roster: Roster, stored: ReadonlyMap<string, StoredTerm>, heldIn: HeldIn): ImportedTerm[] {
  const used = new Set(heldIn.values());
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
  plans: { terms: TermPlan; courses: CoursePlan; heldIn: HeldIn },
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
    const chosen = plans.heldIn.get(row.sourcedId) ?? "";
    const term = plans.terms.terms.get(chosen);
    for (const id of row.termSourcedIds) {
      if (roster.sessions.has(id) || plans.terms.terms.has(id)) continue;
      // Years and grading periods are not stored, so a file without them can only be trusted.
      if (term && !roster.whole.has("academicSessions.csv")) continue;
      const values = { id: id.slice(0, 80) };
      problems.error({ file, line: row.line, column: "termSourcedIds", code: "danglingTerm", values });
    }
    if (row.termSourcedIds.length > 1) {
      const values = { id: chosen.slice(0, 80) };
      problems.warn({ file, line: row.line, column: "termSourcedIds", code: "severalTerms", values });
    }
    if (term ? plans.terms.ended.has(term.id) : roster.sessions.get(chosen)?.ended) {
      const values = { id: chosen.slice(0, 80) };
      problems.error({ file, line: row.line, column: "termSourcedIds", code: "termEnded", values });
      return [];
    }
    if (!course || !term) return [];
    return [{ ...row, title: row.title || course.title, courseId: course.id, termId: term.id }];
  });
}
