import type { Tx } from "@/lib/platform/db/client";
import { emptyTally, inChunks, type ImportTally } from "./import-tally";

type Link = { guardianId: string; studentId: string };

/** Which links between guardians and students an import makes and ends. */
export type GuardianshipPlan = { create: Link[]; end: Link[]; tally: ImportTally };

/**
 * Compares links with what is stored. A stored link ends when its guardian ends, or when both of its people have a row in
 * this roster and neither names the other: with only one row there the other may still hold the link.
 */
export async function planGuardianships(
  tx: Tx,
  input: { links: readonly Link[]; inRoster: ReadonlySet<string>; endedPeople: readonly string[] },
): Promise<GuardianshipPlan> {
  const wanted = new Map(input.links.map((link) => [key(link), link]));
  const ids = [...new Set([...input.inRoster, ...input.endedPeople, ...input.links.flatMap(Object.values)])];
  const stored = await tx.$queryRaw<Link[]>`
    SELECT guardian_id AS "guardianId", student_id AS "studentId" FROM guardianship
    WHERE guardian_id = ANY(${ids}::text[]) OR student_id = ANY(${ids}::text[])`;
  const ended = new Set(input.endedPeople);
  const known = new Set(stored.map(key));
  const plan: GuardianshipPlan = {
    create: [...wanted.values()].filter((link) => !known.has(key(link))),
    end: stored.filter(
      (link) =>
        ended.has(link.guardianId) ||
        (!wanted.has(key(link)) && input.inRoster.has(link.guardianId) && input.inRoster.has(link.studentId)),
    ),
    tally: emptyTally(),
  };
  plan.tally.created = plan.create.length;
  plan.tally.ended = plan.end.length;
  plan.tally.unchanged = wanted.size - plan.create.length;
  return plan;
}

/** Writes the plan. */
export async function applyGuardianships(
  tx: Tx,
  input: { schoolId: string; plan: GuardianshipPlan; now: Date },
): Promise<void> {
  for (const rows of inChunks(input.plan.create)) {
    await tx.$executeRaw`
      INSERT INTO guardianship (guardian_id, student_id, school_id, created_at)
      SELECT r."guardianId", r."studentId", ${input.schoolId}, ${input.now}
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r("guardianId" text, "studentId" text)`;
  }
  for (const rows of inChunks(input.plan.end)) {
    await tx.$executeRaw`
      DELETE FROM guardianship g USING jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r("guardianId" text, "studentId" text)
      WHERE g.guardian_id = r."guardianId" AND g.student_id = r."studentId"`;
  }
}

function key(link: Link): string {
  return `${link.guardianId} ${link.studentId}`;
}
