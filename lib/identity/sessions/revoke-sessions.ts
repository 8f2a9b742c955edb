import { audit } from "@/lib/platform/db/audit";
import { db, Prisma, transaction, type Db, type Tx } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { announceRevoked } from "./revocations";

export type RevocationReason =
  | "signed_out"
  | "ended_by_owner"
  | "ended_by_office"
  | "replaced"
  | "refresh_token_reused"
  | "account_ended"
  | "roles_changed"
  | "password_set"
  | "second_factor_reset";

/**
 * Ends one session: its refresh tokens and, within a second on every process and at once on this one, its access
 * tokens. Ending an ended session does nothing.
 */
export async function signOut(ctx: Context, client: Db = db()): Promise<void> {
  const ended = await transaction(async (tx) => {
    const ids = await revokeWhere(tx, Prisma.sql`id = ${ctx.actor.sessionId}`, "signed_out");
    await audit(
      tx,
      ctx,
      ids.map((id) => ({ action: "identity.signed_out", objectType: "session", objectId: id })),
    );
    return ids;
  }, client);
  // Also when no row was ended here: the caller must not go on with this token whatever happened before.
  await announceRevoked([...new Set([...ended, ctx.actor.sessionId])]);
}

/**
 * Ends every session of these people, in the caller's transaction: for those who left and those whose roles changed
 * (an access token carries the roles). Every process learns of it within a second of the commit. Returns the session
 * ids; a caller in a web process may pass them to `announceRevoked` after the commit, which makes it immediate there.
 */
export async function revokeSessionsOf(
  tx: Tx,
  userIds: readonly string[],
  reason: RevocationReason,
): Promise<string[]> {
  if (userIds.length === 0) return [];
  await endSecondSteps(tx, userIds);
  return revokeWhere(tx, Prisma.sql`user_id = ANY(${[...userIds]}::text[])`, reason);
}

/** Ends the sessions of a person but for the one to keep, or all; in the caller's transaction. */
export async function revokeOtherSessions(
  tx: Tx,
  who: { userId: string; keep: string | null },
  reason: RevocationReason,
): Promise<string[]> {
  await endSecondSteps(tx, [who.userId]);
  return revokeWhere(tx, Prisma.sql`user_id = ${who.userId} AND id IS DISTINCT FROM ${who.keep}`, reason);
}

/** Ends a session of this person; nothing when it is another's or has ended. In the caller's transaction. */
export function revokeOwnSession(
  tx: Tx,
  session: { id: string; userId: string },
  reason: RevocationReason,
): Promise<string[]> {
  return revokeWhere(tx, Prisma.sql`id = ${session.id} AND user_id = ${session.userId}`, reason);
}

/** Ends one session by its id, in the caller's transaction. */
export function revokeSession(tx: Tx, sessionId: string, reason: RevocationReason): Promise<string[]> {
  return revokeWhere(tx, Prisma.sql`id = ${sessionId}`, reason);
}

/** Sign-ins that wait for their second factor are sessions to be. */
async function endSecondSteps(tx: Tx, userIds: readonly string[]): Promise<void> {
  await tx.$executeRaw`DELETE FROM second_step WHERE user_id = ANY(${[...userIds]}::text[])`;
}

// Dated by the database, by whose clock every process asks for what is new.
async function revokeWhere(tx: Tx, which: Prisma.Sql, reason: RevocationReason): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE auth_session
    SET revoked_at = statement_timestamp(), revoked_reason = ${reason}, revoked_xid = pg_current_xact_id()::text::bigint
    WHERE ${which} AND revoked_at IS NULL
    RETURNING id`;
  return rows.map((row) => row.id);
}
