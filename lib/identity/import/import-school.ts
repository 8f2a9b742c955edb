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

/** The id of a stored school by the sourcedId of its organisation. */
export async function schoolIdOf(tx: Tx, sourcedId: string): Promise<string | null> {
  const school = await tx.school.findUnique({ where: { sourcedId }, select: { id: true } });
  return school?.id ?? null;
}

/** Compares the school with what is stored. Zone: the given one, else the stored one, else UTC. */
export async function planSchool(
  tx: Tx,
  input: { sourcedId: string; name: string; timeZone: string | null; now: Date },
): Promise<SchoolPlan> {
  const { sourcedId, name } = input;
  const stored = await tx.school.findUnique({
    where: { sourcedId },
    select: { id: true, name: true, timeZone: true },
  });
  const timeZone = input.timeZone ?? stored?.timeZone ?? "UTC";
  if (!stored)
    return { id: newId(input.now.getTime()), sourcedId, name, timeZone, change: "created", zoneChanged: false };
  const zoneChanged = stored.timeZone !== timeZone;
  const change = zoneChanged || stored.name !== name ? "changed" : "unchanged";
  return { id: stored.id, sourcedId, name, timeZone, change, zoneChanged };
}

/** Writes the plan. */
export async function applySchool(tx: Tx, plan: SchoolPlan, now: Date): Promise<void> {
  const { id, sourcedId, name, timeZone } = plan;
  if (plan.change === "created") await tx.school.create({ data: { id, sourcedId, name, timeZone, createdAt: now } });
  if (plan.change === "changed") await tx.school.update({ where: { id }, data: { name, timeZone } });
}
