import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db, type Tx } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";
import { announceRevoked } from "../sessions/revocations";
import { revokeOtherSessions, revokeOwnSession } from "../sessions/revoke-sessions";
import { lockedPerson } from "./person";
import type { PersonInput, PersonSessionInput } from "./schema";

/**
 * Signs a person of the actor's school out in one place; it is refused within a second on every process. Errors: `forbidden`,
 * `not_found` for a person of another school, and for a session that is another's or has ended.
 */
export async function endSessionOf(
  ctx: Context,
  { personId, sessionId }: PersonSessionInput,
  client: Db = db(),
): Promise<void> {
  const owner = { id: sessionId, userId: personId };
  const ended = await end(ctx, personId, (tx) => revokeOwnSession(tx, owner, "ended_by_office"), client);
  if (ended === 0) throw new AppError("not_found", { detail: say("detail.sessionOver") });
}

/**
 * Signs a person of the actor's school out everywhere; of oneself, everywhere but here. Answers in how many places. Errors:
 * `forbidden`, `not_found` for a person of another school.
 */
export async function endSessionsOf(ctx: Context, { personId }: PersonInput, client: Db = db()): Promise<number> {
  const keep = personId === ctx.actor.userId ? ctx.actor.sessionId : null;
  return end(ctx, personId, (tx) => revokeOtherSessions(tx, { userId: personId, keep }, "ended_by_office"), client);
}

async function end(ctx: Context, personId: string, revoke: (tx: Tx) => Promise<string[]>, client: Db): Promise<number> {
  requireRole(ctx, "ADMIN");
  const ended = await transaction(async (tx) => {
    await lockedPerson(tx, ctx, { personId });
    const ids = await revoke(tx);
    const details = { ofUser: personId };
    await audit(
      tx,
      ctx,
      ids.map((objectId) => ({ action: "identity.session_ended", objectType: "session", objectId, details })),
    );
    return ids;
  }, client);
  await announceRevoked(ended);
  return ended.length;
}
