import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";
import { noticeTo } from "../credentials/notices";
import { dropUselessCodes } from "../factors/prove-code";
import { requireRecentProof } from "../factors/recent-proof";

/**
 * Removes a passkey of the actor; it signs nobody in any more. With the last factor the recovery codes go. Written to the person.
 * Errors: `proof_required`, `not_found`.
 */
export async function removePasskey(ctx: Context, { id }: { id: string }, client: Db = db()): Promise<void> {
  const { userId } = ctx.actor;
  await transaction(async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM app_user WHERE id = ${userId} FOR UPDATE`;
    const removed = await tx.$executeRaw`DELETE FROM passkey WHERE id = ${id} AND user_id = ${userId}`;
    if (removed === 0) throw new AppError("not_found", { detail: say("detail.noPasskey") });
    // Whose it is comes first: what another has is not there, whoever asks.
    await requireRecentProof(ctx, tx);
    await dropUselessCodes(tx, userId);
    await audit(tx, ctx, [{ action: "identity.passkey_removed", objectType: "user", objectId: userId }]);
    await noticeTo(tx, userId, "passkeyRemoved");
  }, client);
}
