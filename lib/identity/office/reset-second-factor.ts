import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";
import { noticeTo } from "../credentials/notices";
import { removeSecondFactors } from "../factors/authenticator";
import { hasSecondFactor } from "../factors/prove-code";
import { requireRecentProof } from "../factors/recent-proof";
import { announceRevoked } from "../sessions/revocations";
import { revokeSessionsOf } from "../sessions/revoke-sessions";
import { beginOfficeAct, lockedPerson, notThisPerson } from "./person";
import type { PersonInput } from "./schema";

/**
 * Takes the second factor of a person of the actor's school who has lost it, all of it: they are signed out everywhere, sign in
 * by the password alone until they turn one on again, and are written to. Errors: `forbidden`, `not_found`, `proof_required`,
 * `account_state` for oneself or who has none.
 */
export async function resetSecondFactor(ctx: Context, { personId }: PersonInput, client: Db = db()): Promise<void> {
  requireRole(ctx, "ADMIN");
  if (personId === ctx.actor.userId) throw notThisPerson("ownAccount");
  const ended = await transaction(async (tx) => {
    await beginOfficeAct(tx, ctx);
    await lockedPerson(tx, ctx, { personId });
    await requireRecentProof(ctx, tx);
    if (!(await hasSecondFactor(tx, personId)))
      throw new AppError("account_state", { detail: say("detail.noSecondFactor") });
    await removeSecondFactors(tx, personId);
    const sessions = await revokeSessionsOf(tx, [personId], "second_factor_reset");
    const details = { sessions: sessions.length };
    await audit(tx, ctx, [{ action: "identity.second_factor_reset", objectType: "user", objectId: personId, details }]);
    await noticeTo(tx, personId, "secondFactorReset");
    return sessions;
  }, client);
  await announceRevoked(ended);
}
