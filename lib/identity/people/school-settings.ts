import { audit } from "@/lib/platform/db/audit";
import { db, type Db, transaction } from "@/lib/platform/db/client";
import { lockEntities } from "@/lib/platform/db/locks";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { schoolOf } from "./people";
import type { AlertGraceInput } from "../schema";

/** What the office has set for its school; null: nothing, so the installation's default holds. */
export type SchoolSettings = { alertGraceSeconds: number | null };

/** The settings of the actor's school. Errors: `forbidden` unless an administrator asks. */
export async function schoolSettings(ctx: Context, client: Db = db()): Promise<SchoolSettings> {
  requireRole(ctx, "ADMIN");
  const { alertGraceSeconds } = await schoolOf(client, ctx.actor.schoolId);
  return { alertGraceSeconds };
}

/**
 * Sets how long after finishing a class the guardians of the absent are notified, from the next class that is finished;
 * what waits already keeps its time. What is set already is no change and leaves no audit row. Errors: `forbidden`.
 */
export async function setAlertGrace(ctx: Context, input: AlertGraceInput, client: Db = db()): Promise<SchoolSettings> {
  requireRole(ctx, "ADMIN");
  const { schoolId } = ctx.actor;
  const { alertGraceSeconds } = input;
  await transaction(async (tx) => {
    await lockEntities(tx, "school", [schoolId]);
    const before = await schoolOf(tx, schoolId);
    if (before.alertGraceSeconds === alertGraceSeconds) return;
    await tx.school.update({ where: { id: schoolId }, data: { alertGraceSeconds }, select: { id: true } });
    const details = { from: before.alertGraceSeconds, to: alertGraceSeconds };
    await audit(tx, ctx, [{ action: "school.alert_grace_set", objectType: "school", objectId: schoolId, details }]);
  }, client);
  return { alertGraceSeconds };
}
