import type { Tx } from "@/lib/platform/db";
import { emptyTally, inChunks, type ImportTally } from "@/lib/identity/import-tally";

type Teaching = { sectionId: string; userId: string };

/** Which teachers an import gives to sections and takes from them. */
export type TeacherPlan = { create: Teaching[]; end: Teaching[]; tally: ImportTally };

/** Compares teachers of sections with what is stored. A pair that is both wanted and ended stays. */
export async function planTeachers(
  tx: Tx,
  input: { wanted: readonly Teaching[]; ended: readonly Teaching[] },
): Promise<TeacherPlan> {
  const wanted = new Map(input.wanted.map((pair) => [key(pair), pair]));
  const ended = new Map(input.ended.map((pair) => [key(pair), pair]));
  const sections = [...new Set([...input.wanted, ...input.ended].map((pair) => pair.sectionId))];
  const stored = await tx.$queryRaw<Teaching[]>`
    SELECT section_id AS "sectionId", user_id AS "userId" FROM section_teacher
    WHERE section_id = ANY(${sections}::text[])`;
  const known = new Set(stored.map(key));
  const plan: TeacherPlan = {
    create: [...wanted.values()].filter((pair) => !known.has(key(pair))),
    end: [...ended.values()].filter((pair) => known.has(key(pair)) && !wanted.has(key(pair))),
    tally: emptyTally(),
  };
  plan.tally.created = plan.create.length;
  plan.tally.ended = plan.end.length;
  plan.tally.unchanged = wanted.size - plan.create.length;
  return plan;
}

/** Writes the plan. */
export async function applyTeachers(tx: Tx, plan: TeacherPlan): Promise<void> {
  for (const rows of inChunks(plan.create)) {
    await tx.$executeRaw`
      INSERT INTO section_teacher (section_id, user_id)
      SELECT r."sectionId", r."userId"
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r("sectionId" text, "userId" text)`;
  }
  for (const rows of inChunks(plan.end)) {
    await tx.$executeRaw`
      DELETE FROM section_teacher t
      USING jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r("sectionId" text, "userId" text)
      WHERE t.section_id = r."sectionId" AND t.user_id = r."userId"`;
  }
}

/** Which of these people teach a section now. */
export async function teachingAmong(tx: Tx, userIds: readonly string[]): Promise<Set<string>> {
  if (userIds.length === 0) return new Set();
  const rows = await tx.sectionTeacher.findMany({
    where: { userId: { in: [...userIds] } },
    distinct: ["userId"],
    select: { userId: true },
  });
  return new Set(rows.map((row) => row.userId));
}

function key(pair: Teaching): string {
  return `${pair.sectionId} ${pair.userId}`;
}
