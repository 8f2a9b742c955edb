import type { Tx } from "@/lib/platform/db/client";
import { emptyTally, inChunks, type ImportTally } from "@/lib/identity/import/import-tally";

type Teaching = { sectionId: string; userId: string };
/** A row of a roster that makes somebody a teacher of a section. */
export type TeachingRow = Teaching & { sourcedId: string };

/** What a roster says of teachers. */
export type TeacherInput = {
  schoolId: string;
  wanted: readonly TeachingRow[];
  /** Deleted rows; `pair` is what the row itself names, for teachers of whom no row is known. */
  ended: readonly { sourcedId: string; pair: Teaching | null }[];
  /** Rows that mean something else now, for example a student. */
  released: readonly string[];
};

/** Which teachers an import gives to sections and takes from them. */
export type TeacherPlan = {
  create: Teaching[];
  end: Teaching[];
  /** Rows to remember, new or with another meaning than before, and rows to forget. */
  remember: TeachingRow[];
  forget: string[];
  tally: ImportTally;
};

/**
 * Compares teachers of sections with what is stored. Somebody teaches a section as long as one row says so: a row that
 * moves to another person or section, or is deleted, ends what it said before, unless another row still says the same.
 */
export async function planTeachers(tx: Tx, input: TeacherInput): Promise<TeacherPlan> {
  const { wanted, ended, released } = input;
  const earlier = await rowsById(tx, input.schoolId, [
    ...[...wanted, ...ended].map((row) => row.sourcedId),
    ...released,
  ]);
  const named = ended.flatMap(({ pair }) => pair ?? []);
  const sections = new Set([...wanted, ...named, ...earlier.values()].map((pair) => pair.sectionId));
  const { pairs, rows } = await teachersOf(tx, [...sections]);
  const plan: TeacherPlan = { create: [], end: [], remember: [], forget: [], tally: emptyTally() };

  const saying = new Map<string, Set<string>>();
  for (const row of rows) saying.set(key(row), (saying.get(key(row)) ?? new Set()).add(row.sourcedId));
  const leaving = new Map(named.map((pair) => [key(pair), pair]));
  const takeBack = (row: TeachingRow) => {
    saying.get(key(row))?.delete(row.sourcedId);
    leaving.set(key(row), row);
  };
  for (const row of wanted) {
    const before = earlier.get(row.sourcedId);
    if (before && key(before) === key(row)) continue;
    if (before) takeBack(before);
    plan.remember.push(row);
  }
  for (const sourcedId of [...ended.map((row) => row.sourcedId), ...released]) {
    const before = earlier.get(sourcedId);
    if (!before) continue;
    takeBack(before);
    plan.forget.push(sourcedId);
  }
  const stays = new Map(wanted.map((row) => [key(row), row]));
  plan.create = [...stays.values()].filter((pair) => !pairs.has(key(pair)));
  plan.end = [...leaving.values()].filter(
    (pair) => pairs.has(key(pair)) && !stays.has(key(pair)) && (saying.get(key(pair))?.size ?? 0) === 0,
  );
  plan.tally.created = plan.create.length;
  plan.tally.ended = plan.end.length;
  plan.tally.unchanged = stays.size - plan.create.length;
  return plan;
}

/** Writes the plan. */
export async function applyTeachers(tx: Tx, schoolId: string, plan: TeacherPlan, now: Date): Promise<void> {
  // Before the first of them has it: what was over by then is history that nobody could mark.
  await tx.$executeRaw`
    UPDATE section s SET taught_from = ${now}
    WHERE s.id = ANY(${[...new Set(plan.create.map(({ sectionId }) => sectionId))]}::text[])
      AND NOT EXISTS (SELECT 1 FROM section_teacher t WHERE t.section_id = s.id)`;
  for (const rows of inChunks(plan.create)) {
    await tx.$executeRaw`
      INSERT INTO section_teacher (section_id, user_id)
      SELECT r."sectionId", r."userId"
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r("sectionId" text, "userId" text)`;
  }
  for (const rows of inChunks(plan.remember)) {
    await tx.$executeRaw`
      INSERT INTO section_teacher_source (school_id, sourced_id, section_id, user_id)
      SELECT ${schoolId}, r."sourcedId", r."sectionId", r."userId"
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r("sourcedId" text, "sectionId" text, "userId" text)
      ON CONFLICT (school_id, sourced_id) DO UPDATE SET section_id = EXCLUDED.section_id, user_id = EXCLUDED.user_id`;
  }
  if (plan.forget.length > 0)
    await tx.$executeRaw`
      DELETE FROM section_teacher_source WHERE school_id = ${schoolId} AND sourced_id = ANY(${plan.forget}::text[])`;
  for (const rows of inChunks(plan.end)) {
    await tx.$executeRaw`
      DELETE FROM section_teacher t
      USING jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r("sectionId" text, "userId" text)
      WHERE t.section_id = r."sectionId" AND t.user_id = r."userId"`;
  }
}

/** Which of these people teach a section of the school now. */
export async function teachingAmong(tx: Tx, schoolId: string, userIds: readonly string[]): Promise<Set<string>> {
  if (userIds.length === 0) return new Set();
  const rows = await tx.$queryRaw<{ userId: string }[]>`
    SELECT DISTINCT t.user_id AS "userId" FROM section_teacher t
      JOIN section s ON s.id = t.section_id AND s.school_id = ${schoolId}
    WHERE t.user_id = ANY(${[...userIds]}::text[])`;
  return new Set(rows.map((row) => row.userId));
}

async function rowsById(tx: Tx, schoolId: string, sourcedIds: readonly string[]): Promise<Map<string, TeachingRow>> {
  const found = new Map<string, TeachingRow>();
  for (const ids of inChunks(sourcedIds, 20_000)) {
    const rows = await tx.$queryRaw<TeachingRow[]>`
      SELECT sourced_id AS "sourcedId", section_id AS "sectionId", user_id AS "userId" FROM section_teacher_source
      WHERE school_id = ${schoolId} AND sourced_id = ANY(${ids}::text[])`;
    for (const row of rows) found.set(row.sourcedId, row);
  }
  return found;
}

/** The teachers of sections as keys, and the rows that made them so; teachers from before rows were kept have none. */
async function teachersOf(tx: Tx, sectionIds: string[]): Promise<{ pairs: Set<string>; rows: TeachingRow[] }> {
  const stored = await tx.$queryRaw<(Teaching & { sourcedId: string | null })[]>`
    SELECT t.section_id AS "sectionId", t.user_id AS "userId", r.sourced_id AS "sourcedId"
    FROM section_teacher t
    LEFT JOIN section_teacher_source r ON r.section_id = t.section_id AND r.user_id = t.user_id
    WHERE t.section_id = ANY(${sectionIds}::text[])`;
  return {
    pairs: new Set(stored.map(key)),
    rows: stored.flatMap(({ sourcedId, ...pair }) => (sourcedId === null ? [] : [{ ...pair, sourcedId }])),
  };
}

function key(pair: Teaching): string {
  return `${pair.sectionId} ${pair.userId}`;
}
