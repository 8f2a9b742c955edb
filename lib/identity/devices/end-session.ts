import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db, type Tx } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";
import { announceRevoked } from "../sessions/revocations";
import { revokeOtherSessions, revokeOwnSession } from "../sessions/revoke-sessions";

/**
 * Signs the actor out somewhere else: that session is refused within a second on every process. Errors: `not_found` for a
 * session that is another's or has ended.
 */
export async function endSession(ctx: Context, { id }: { id: string }, client: Db = db()): Promise<void> {
  const { userId } = ctx.actor;
  const ended = await end(ctx, (tx) => revokeOwnSession(tx, { id, userId }, "ended_by_owner"), client);
  if (ended.length === 0) throw new AppError("not_found", { detail: say("detail.sessionOver") });
}

/** Signs the actor out everywhere but here, and answers in how many places. */
export async function endOtherSessions(ctx: Context, client: Db = db()): Promise<number> {
  const { userId, sessionId: keep } = ctx.actor;
  return (await end(ctx, (tx) => revokeOtherSessions(tx, { userId, keep }, "ended_by_owner"), client)).length;
}

async function end(ctx: Context, revoke: (tx: Tx) => Promise<string[]>, client: Db): Promise<string[]> {
  const ended = await transaction(async (tx) => {
    const ids = await revoke(tx);
    await audit(
      tx,
      ctx,
      ids.map((objectId) => ({ action: "identity.session_ended", objectType: "session", objectId })),
    );
    return ids;
  }, client);
  await announceRevoked(ended);
  return ended;
}
