import type { Tx } from "@/lib/platform/db/client";
import { emptyTally, inChunks, type ImportTally } from "@/lib/identity/import/import-tally";
import { newId } from "@/lib/shared/ids";
import { dateText } from "@/lib/shared/time";

export type ImportedTerm = {
  sourcedId: string;
  ended: boolean;
  title: string;
  type: string;
  startsOn: string;
  endsOn: string;
};
export type ImportedCourse = {
  sourcedId: string;
  ended: boolean;
  code: string;
  title: string;
  subject: string | null;
  /** Undefined: as it is. */
  credits: string | null | undefined;
  /** Undefined: as it is stored. */
  description: string | null | undefined;
};
export type StoredTerm = {
  id: string;
  sourcedId: string;
  title: string;
  /** Null: not known. */
  type: string | null;
  startsOn: string;
  endsOn: string;
  ended: boolean;
};
type TermWrite = Omit<StoredTerm, "ended">;
type CourseWrite = {
  id: string;
  sourcedId: string;
  code: string;
  title: string;
  subject: string | null;
  credits: string | null;
  description: string | null;
};

/** What an import will do to terms. `terms` has every term of the plan or the store by sourcedId. */
export type TermPlan = {
  terms: Map<string, TermWrite>;
  create: TermWrite[];
  update: TermWrite[];
  /** Ids of terms that end now: their enrollment closes. */
  end: string[];
  /** Ids of all terms that are deleted, now or earlier: no class can be held in one. */
  ended: Set<string>;
  /** Ids of terms whose dates moved: their sections are planned anew. */
  moved: Set<string>;
  tally: ImportTally;
};

/** What an import will do to courses. */
export type CoursePlan = {
  courses: Map<string, { id: string; title: string }>;
  create: CourseWrite[];
  update: CourseWrite[];
  end: string[];
  tally: ImportTally;
};

/** All stored terms of a school by sourcedId. */
export async function storedTerms(tx: Tx, schoolId: string): Promise<Map<string, StoredTerm>> {
  const terms = await tx.term.findMany({
    where: { schoolId },
    select: { id: true, sourcedId: true, title: true, type: true, startsOn: true, endsOn: true, endedAt: true },
  });
  return new Map(
    terms.map(({ startsOn, endsOn, endedAt, ...term }) => [
      term.sourcedId,
      { ...term, startsOn: dateText(startsOn), endsOn: dateText(endsOn), ended: endedAt !== null },
    ]),
  );
}

/** Compares terms with what is stored. */
export function planTerms(
  terms: readonly ImportedTerm[],
  stored: ReadonlyMap<string, StoredTerm>,
  now: Date,
): TermPlan {
  const plan: TermPlan = {
    terms: new Map(stored),
    create: [],
    update: [],
    end: [],
    ended: new Set([...stored.values()].filter((term) => term.ended).map((term) => term.id)),
    moved: new Set(),
    tally: emptyTally(),
  };
  for (const { ended, ...term } of terms) {
    const known = stored.get(term.sourcedId);
    if (ended) {
      const ends = known !== undefined && !known.ended;
      if (ends) {
        plan.end.push(known.id);
        plan.ended.add(known.id);
      }
      plan.tally[ends ? "ended" : "unchanged"] += 1;
      continue;
    }
    const { sourcedId, title, type, startsOn, endsOn } = term;
    const write = { id: known?.id ?? newId(now.getTime()), sourcedId, title, type, startsOn, endsOn };
    plan.terms.set(sourcedId, write);
    plan.ended.delete(write.id);
    const moved = known !== undefined && (known.startsOn !== startsOn || known.endsOn !== endsOn);
    if (moved) plan.moved.add(write.id);
    const changed = moved || known?.title !== title || known.type !== type || known.ended;
    if (!known) plan.create.push(write);
    else if (changed) plan.update.push(write);
    plan.tally[!known ? "created" : changed ? "changed" : "unchanged"] += 1;
  }
  return plan;
}

/** Sorts ids of terms by the dates that the terms have after the import. */
export function termsByDate(plan: TermPlan): (termIds: readonly string[]) => string[] {
  const byId = new Map([...plan.terms.values()].map((term) => [term.id, `${term.startsOn} ${term.endsOn} ${term.id}`]));
  return (termIds) => [...termIds].sort((a, b) => (byId.get(a) ?? "").localeCompare(byId.get(b) ?? "", "en"));
}

/** Compares courses with what is stored. */
export async function planCourses(
  tx: Tx,
  input: { schoolId: string; courses: readonly ImportedCourse[]; referenced: readonly string[]; now: Date },
): Promise<CoursePlan> {
  const ids = [...new Set([...input.courses.map((course) => course.sourcedId), ...input.referenced])];
  const rows = await tx.$queryRaw<(CourseWrite & { ended: boolean })[]>`
    SELECT id, sourced_id AS "sourcedId", code, title, subject, credits::text AS credits, description,
           ended_at IS NOT NULL AS ended
    FROM course WHERE school_id = ${input.schoolId} AND sourced_id = ANY(${ids}::text[])`;
  const stored = new Map(rows.map((row) => [row.sourcedId, row]));
  const plan: CoursePlan = {
    courses: new Map(rows.map((row) => [row.sourcedId, { id: row.id, title: row.title }])),
    create: [],
    update: [],
    end: [],
    tally: emptyTally(),
  };
  for (const course of input.courses) {
    const known = stored.get(course.sourcedId);
    if (course.ended) {
      const ends = known !== undefined && !known.ended;
      if (ends) plan.end.push(known.id);
      plan.tally[ends ? "ended" : "unchanged"] += 1;
      continue;
    }
    const { sourcedId, code, title, subject } = course;
    const credits = course.credits === undefined ? (known?.credits ?? null) : course.credits;
    const description = course.description === undefined ? (known?.description ?? null) : course.description;
    const id = known?.id ?? newId(input.now.getTime());
    const write = { id, sourcedId, code, title, subject, credits, description };
    plan.courses.set(sourcedId, { id: write.id, title });
    const same =
      known?.ended === false &&
      known.code === code &&
      known.title === title &&
      known.subject === subject &&
      known.credits === credits &&
      known.description === description;
    if (!known) plan.create.push(write);
    else if (!same) plan.update.push(write);
    plan.tally[!known ? "created" : same ? "unchanged" : "changed"] += 1;
  }
  return plan;
}

/**
 * Writes both plans. Enrollment in an imported term is open until the term ends; an ended term closes it now, and opens
 * it again when it comes back, unless the office's own window was over before.
 */
export async function applyTermsAndCourses(
  tx: Tx,
  input: { schoolId: string; terms: TermPlan; courses: CoursePlan; now: Date },
): Promise<void> {
  const { schoolId, terms, courses, now } = input;
  for (const rows of inChunks(terms.create)) {
    await tx.$executeRaw`
      INSERT INTO term (id, school_id, sourced_id, title, type, starts_on, ends_on)
      SELECT r.id, ${schoolId}, r."sourcedId", r.title, r.type, r."startsOn", r."endsOn"
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS r(id text, "sourcedId" text, title text, type text, "startsOn" date, "endsOn" date)`;
  }
  for (const rows of inChunks(terms.update)) {
    await tx.$executeRaw`
      UPDATE term t SET title = r.title, type = r.type, starts_on = r."startsOn", ends_on = r."endsOn", ended_at = NULL,
        enrollment_closes_at = CASE WHEN t.enrollment_closes_at = t.ended_at THEN NULL ELSE t.enrollment_closes_at END
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS r(id text, title text, type text, "startsOn" date, "endsOn" date)
      WHERE t.id = r.id`;
  }
  if (terms.end.length > 0)
    await tx.$executeRaw`
      UPDATE term SET ended_at = ${now}, enrollment_closes_at = LEAST(enrollment_closes_at, ${now})
      WHERE id = ANY(${terms.end}::text[])`;
  for (const rows of inChunks(courses.create)) {
    await tx.$executeRaw`
      INSERT INTO course (id, school_id, sourced_id, code, title, subject, credits, description)
      SELECT r.id, ${schoolId}, r."sourcedId", r.code, r.title, r.subject, r.credits, r.description
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS r(id text, "sourcedId" text, code text, title text, subject text, credits numeric, description text)`;
  }
  for (const rows of inChunks(courses.update)) {
    await tx.$executeRaw`
      UPDATE course c SET code = r.code, title = r.title, subject = r.subject, credits = r.credits,
        description = r.description, ended_at = NULL
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS r(id text, code text, title text, subject text, credits numeric, description text)
      WHERE c.id = r.id`;
  }
  if (courses.end.length > 0)
    await tx.$executeRaw`UPDATE course SET ended_at = ${now} WHERE id = ANY(${courses.end}::text[])`;
}
