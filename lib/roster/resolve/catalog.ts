import type { ImportedSection } from "@/lib/catalog/import/import-sections";
import {
  type CoursePlan,
  type ImportedCourse,
  type ImportedTerm,
  type StoredTerm,
  type TermPlan,
  termsByDate,
} from "@/lib/catalog/import/import-terms-and-courses";
import type { Problems } from "../problems";
import type { OrgRow, Roster } from "../sources/rows";

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

/** In which academic sessions each class of the roster is held, by sourcedId; at least one. */
export type HeldIn = ReadonlyMap<string, readonly string[]>;

/**
 * In which of its academic sessions each class is held: in all that it names, except that a year beside a term, semester
 * or grading period is only its frame, and that deleted ones count only when no other is left. What a file leaves out is
 * known from earlier imports: the types of sessions, and the sessions (`heldBefore`) in which the class is held already.
 */
export function resolveHeldIn(
  roster: Roster,
  stored: ReadonlyMap<string, StoredTerm>,
  heldBefore: ReadonlyMap<string, ReadonlySet<string>>,
): HeldIn {
  const sessionOf = (id: string) => {
    const [row, known] = [roster.sessions.get(id), stored.get(id)];
    if (!row) return known;
    return { type: row.type || (known?.type ?? null), ended: row.ended };
  };
  const heldIn = new Map<string, readonly string[]>();
  for (const { sourcedId, termSourcedIds: ids } of roster.classes.values()) {
    const before = (id: string) => heldBefore.get(sourcedId)?.has(id) ?? false;
    const says = ids.filter((id) => {
      const type = sessionOf(id)?.type ?? null;
      return type === null ? before(id) : type !== "schoolYear";
    });
    // A deleted term is not replaced by the year beside it: that class has no place any more.
    const living = says.filter((id) => !sessionOf(id)?.ended);
    const [known] = [...ids.filter(before), ...ids.filter((id) => sessionOf(id)), ...ids];
    const chosen = living.length > 0 ? living : says.length > 0 ? says : known === undefined ? [] : [known];
    if (chosen.length > 0) heldIn.set(sourcedId, chosen);
  }
  return heldIn;
}

/** The terms to import: semesters and terms, and whatever a class is held in or is stored already. */
export function resolveTerms(roster: Roster, stored: ReadonlyMap<string, StoredTerm>, heldIn: HeldIn): ImportedTerm[] {
  const used = new Set([...heldIn.values()].flat());
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
  const byDate = termsByDate(plans.terms);
  return [...roster.classes.values()].flatMap((row): ImportedSection[] => {
    if (row.ended) return [{ ...row, courseId: "", termId: "", furtherTermIds: [] }];
    const course = plans.courses.courses.get(row.courseSourcedId);
    if (!course) {
      const values = { id: row.courseSourcedId.slice(0, 80) };
      problems.error({ file, line: row.line, column: "courseSourcedId", code: "danglingCourse", values });
    }
    const chosen = plans.heldIn.get(row.sourcedId) ?? [];
    const terms = chosen.flatMap((id) => plans.terms.terms.get(id) ?? []);
    for (const id of row.termSourcedIds) {
      if (roster.sessions.has(id) || plans.terms.terms.has(id)) continue;
      // Years and grading periods are not stored, so a file without them can only be trusted.
      if (terms.length > 0 && !roster.whole.has("academicSessions.csv")) continue;
      const values = { id: id.slice(0, 80) };
      problems.error({ file, line: row.line, column: "termSourcedIds", code: "danglingTerm", values });
    }
    const ended = chosen.find((id) => {
      const term = plans.terms.terms.get(id);
      return term ? plans.terms.ended.has(term.id) : roster.sessions.get(id)?.ended;
    });
    if (ended !== undefined) {
      const values = { id: ended.slice(0, 80) };
      problems.error({ file, line: row.line, column: "termSourcedIds", code: "termEnded", values });
      return [];
    }
    const [termId, ...furtherTermIds] = byDate(terms.map(({ id }) => id));
    if (!course || termId === undefined) return [];
    return [{ ...row, title: row.title || course.title, courseId: course.id, termId, furtherTermIds }];
  });
}
