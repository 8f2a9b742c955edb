import type { Tx } from "@/lib/platform/db";
import { emptyTally, inChunks, type ImportTally } from "@/lib/identity/import-tally";
import { newId } from "@/lib/shared/ids";
import { dateText } from "@/lib/shared/time";

export type ImportedTerm = { sourcedId: string; ended: boolean; title: string; startsOn: string; endsOn: string };
export type ImportedCourse = {
  sourcedId: string;
  ended: boolean;
  code: string;
  title: string;
  subject: string | null;
  /** Undefined: as it is. */
  credits: string | null | undefined;
};
export type StoredTerm = {
  id: string;
  sourcedId: string;
  title: string;
  startsOn: string;
  endsOn: string;
  closed: boolean;
};
type TermWrite = { id: string; sourcedId: string; title: string; startsOn: string; endsOn: string };
type CourseWrite = {
  id: string;
  sourcedId: string;
  code: string;
  title: string;
  subject: string | null;
  credits: string | null;
};

/** What an import will do to terms. `terms` has every term of the plan or the store by sourcedId. */
export type TermPlan = {
  terms: Map<string, TermWrite>;
  create: TermWrite[];
  update: TermWrite[];
  /** Ids of terms whose enrollment closes now. */
  end: string[];
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
export async function storedTerms(tx: Tx, schoolId: string, now: Date): Promise<Map<string, StoredTerm>> {
  const terms = await tx.term.findMany({
    where: { schoolId },
    select: { id: true, sourcedId: true, title: true, startsOn: true, endsOn: true, enrollmentClosesAt: true },
  });
  return new Map(
    terms.map(({ startsOn, endsOn, enrollmentClosesAt, ...term }) => [
      term.sourcedId,
      {
        ...term,
        startsOn: dateText(startsOn),
        endsOn: dateText(endsOn),
        closed: enrollmentClosesAt !== null && enrollmentClosesAt <= now,
      },
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
    moved: new Set(),
    tally: emptyTally(),
  };
  for (const { ended, ...term } of terms) {
    const known = stored.get(term.sourcedId);
    if (ended) {
      const ends = known !== undefined && !known.closed;
      if (ends) plan.end.push(known.id);
      plan.tally[ends ? "ended" : "unchanged"] += 1;
      continue;
    }
    const write = { id: known?.id ?? newId(now.getTime()), ...term };
    plan.terms.set(term.sourcedId, write);
    const moved = known !== undefined && (known.startsOn !== term.startsOn || known.endsOn !== term.endsOn);
    if (moved) plan.moved.add(write.id);
    if (!known) plan.create.push(write);
    else if (moved || known.title !== term.title) plan.update.push(write);
    plan.tally[!known ? "created" : moved || known.title !== term.title ? "changed" : "unchanged"] += 1;
  }
  return plan;
}

/** Compares courses with what is stored. */
export async function planCourses(
  tx: Tx,
  input: { schoolId: string; courses: readonly ImportedCourse[]; referenced: readonly string[]; now: Date },
): Promise<CoursePlan> {
  const ids = [...new Set([...input.courses.map((course) => course.sourcedId), ...input.referenced])];
  const rows = await tx.$queryRaw<(CourseWrite & { active: boolean })[]>`
    SELECT id, sourced_id AS "sourcedId", code, title, subject, credits::text AS credits, active
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
      if (known?.active) plan.end.push(known.id);
      plan.tally[known?.active ? "ended" : "unchanged"] += 1;
      continue;
    }
    const { sourcedId, code, title, subject } = course;
    const credits = course.credits === undefined ? (known?.credits ?? null) : course.credits;
    const write = { id: known?.id ?? newId(input.now.getTime()), sourcedId, code, title, subject, credits };
    plan.courses.set(sourcedId, { id: write.id, title });
    const same =
      known?.active &&
      known.code === code &&
      known.title === title &&
      known.subject === subject &&
      known.credits === credits;
    if (!known) plan.create.push(write);
    else if (!same) plan.update.push(write);
    plan.tally[!known ? "created" : same ? "unchanged" : "changed"] += 1;
  }
  return plan;
}

/** Writes both plans. Enrollment in an imported term is open until the term ends; an ended term closes it now. */
export async function applyTermsAndCourses(
  tx: Tx,
  input: { schoolId: string; terms: TermPlan; courses: CoursePlan; now: Date },
): Promise<void> {
  const { schoolId, terms, courses, now } = input;
  for (const rows of inChunks(terms.create)) {
    await tx.$executeRaw`
      INSERT INTO term (id, school_id, sourced_id, title, starts_on, ends_on)
      SELECT r.id, ${schoolId}, r."sourcedId", r.title, r."startsOn", r."endsOn"
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS r(id text, "sourcedId" text, title text, "startsOn" date, "endsOn" date)`;
  }
  for (const rows of inChunks(terms.update)) {
    await tx.$executeRaw`
      UPDATE term t SET title = r.title, starts_on = r."startsOn", ends_on = r."endsOn"
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id text, title text, "startsOn" date, "endsOn" date)
      WHERE t.id = r.id`;
  }
  if (terms.end.length > 0)
    await tx.$executeRaw`UPDATE term SET enrollment_closes_at = ${now} WHERE id = ANY(${terms.end}::text[])`;
  for (const rows of inChunks(courses.create)) {
    await tx.$executeRaw`
      INSERT INTO course (id, school_id, sourced_id, code, title, subject, credits)
      SELECT r.id, ${schoolId}, r."sourcedId", r.code, r.title, r.subject, r.credits
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS r(id text, "sourcedId" text, code text, title text, subject text, credits numeric)`;
  }
  for (const rows of inChunks(courses.update)) {
    await tx.$executeRaw`
      UPDATE course c SET code = r.code, title = r.title, subject = r.subject, credits = r.credits, active = true
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS r(id text, code text, title text, subject text, credits numeric)
      WHERE c.id = r.id`;
  }
  if (courses.end.length > 0)
    await tx.$executeRaw`UPDATE course SET active = false WHERE id = ANY(${courses.end}::text[])`;
}
