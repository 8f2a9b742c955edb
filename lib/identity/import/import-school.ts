import type { Tx } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";

/** What an import will do to the school itself. */
export type SchoolPlan = {
  id: string;
  sourcedId: string;
  name: string;
  timeZone: string;
  change: "created" | "changed" | "unchanged";
  /** Local times mean other instants than before. */
  zoneChanged: boolean;
};

/**
 * The id of the stored school that a roster of this sourcedId means: the one that has it; else the one that was set up by hand and
 * waits for its roster, when that is the target or the only school there is. Null: a new one.
 */
export async function schoolIdOf(
  tx: Tx,
  sourcedId: string,
  targetSchoolId: string | null = null,
): Promise<string | null> {
  return (await storedSchool(tx, sourcedId, targetSchoolId))?.id ?? null;
}

/**
 * Compares the school with what is stored. Zone: the given one, else the stored one, else UTC. A school that was set up by hand
 * takes the sourcedId of its first roster; a name that people gave it stays. Null when the roster is not that of the target.
 */
export async function planSchool(
  tx: Tx,
  input: { sourcedId: string; name: string; timeZone: string | null; targetSchoolId?: string | null; now: Date },
): Promise<SchoolPlan | null> {
  const { sourcedId, name, targetSchoolId = null } = input;
  const stored = await storedSchool(tx, sourcedId, targetSchoolId);
  if (targetSchoolId !== null && stored?.id !== targetSchoolId) return null;
  const timeZone = input.timeZone ?? stored?.timeZone ?? "UTC";
  if (!stored)
    return { id: newId(input.now.getTime()), sourcedId, name, timeZone, change: "created", zoneChanged: false };
  const zoneChanged = stored.timeZone !== timeZone;
  const kept = stored.ownName ? stored.name : name;
  const change = zoneChanged || stored.awaitsRoster || stored.name !== kept ? "changed" : "unchanged";
  return { id: stored.id, sourcedId, name: kept, timeZone, change, zoneChanged };
}

async function storedSchool(tx: Tx, sourcedId: string, targetSchoolId: string | null) {
  const select = { id: true, name: true, timeZone: true, awaitsRoster: true, ownName: true } as const;
  const named = await tx.school.findUnique({ where: { sourcedId }, select });
  if (named) return named;
  const [first, second] = await tx.school.findMany({
    where: targetSchoolId === null ? {} : { id: targetSchoolId },
    take: 2,
    select,
  });
  return first?.awaitsRoster === true && second === undefined ? first : null;
}

/** Writes the plan. */
export async function applySchool(tx: Tx, plan: SchoolPlan, now: Date): Promise<void> {
  const { id, sourcedId, name, timeZone } = plan;
  if (plan.change === "created") await tx.school.create({ data: { id, sourcedId, name, timeZone, createdAt: now } });
  if (plan.change === "changed")
    await tx.school.update({ where: { id }, data: { sourcedId, name, timeZone, awaitsRoster: false } });
}
