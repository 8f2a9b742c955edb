import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import { ROLES, type Context } from "@/lib/shared/context";
import { beginOfficeAct } from "../office/person";
import type { FactorRuleInput } from "../schema";
import { requireRecentProof } from "./recent-proof";

/**
 * Sets whose people must have a second factor, and for how many days from their next sign-in they can do without. Everybody's grace
 * begins anew. What is set already is no change. Errors: `forbidden`, `proof_required`.
 */
export async function setFactorRule(ctx: Context, input: FactorRuleInput, client: Db = db()): Promise<void> {
  requireRole(ctx, "ADMIN");
  const { schoolId } = ctx.actor;
  await transaction(async (tx) => {
    await beginOfficeAct(tx, ctx);
    await requireRecentProof(ctx, tx);
    const select = { factorRoles: true, factorGraceDays: true } as const;
    const from = await tx.school.findUniqueOrThrow({ where: { id: schoolId }, select });
    const to = {
      factorRoles: ROLES.filter((role) => input.factorRoles.includes(role)),
      factorGraceDays: input.factorGraceDays,
    };
    if (
      JSON.stringify([from.factorRoles, from.factorGraceDays]) === JSON.stringify([to.factorRoles, to.factorGraceDays])
    )
      return;
    await tx.school.update({ where: { id: schoolId }, data: to, select: { id: true } });
    await tx.$executeRaw`
      UPDATE app_user SET factor_asked_at = NULL WHERE school_id = ${schoolId} AND factor_asked_at IS NOT NULL`;
    await audit(tx, ctx, [
      { action: "school.factor_rule_set", objectType: "school", objectId: schoolId, details: { from, to } },
    ]);
  }, client);
}
