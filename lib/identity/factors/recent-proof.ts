import { db, type Db, type Tx } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";
import { forgetTries, takeTry } from "../limits/tries";
import { verifyPassword } from "../credentials/passwords";
import { hasAuthenticator, proveCode } from "./prove-code";

/** So long a proof stands, by the database's clock. */
const PROOF_MINUTES = 10;

/**
 * Throws `proof_required` unless the actor has shown who they are within the last ten minutes, in this session: by signing in,
 * or by {@link proveAgain}. For what somebody at a screen that was left open must not do.
 */
export async function requireRecentProof(ctx: Pick<Context, "actor">, client: Db | Tx = db()): Promise<void> {
  const { sessionId, userId } = ctx.actor;
  const [proved] = await client.$queryRaw<{ id: string }[]>`
    SELECT id FROM auth_session
    WHERE id = ${sessionId} AND user_id = ${userId} AND revoked_at IS NULL
      AND coalesce(proved_at, created_at) > statement_timestamp() - ${PROOF_MINUTES}::int * interval '1 minute'`;
  if (!proved) throw new AppError("proof_required", { detail: say("detail.proveAgain") });
}

/** How the actor can show again who they are. */
export async function waysToProve(ctx: Context, client: Db = db()): Promise<{ code: boolean }> {
  return { code: await hasAuthenticator(client, ctx.actor.userId) };
}

/**
 * Notes that the actor has shown who they are, by the password or by a code of the second factor. Errors: `invalid_credentials`,
 * `too_many_attempts`; `session_revoked` when this session ended meanwhile.
 */
export async function proveAgain(
  ctx: Context,
  { password, code }: { password: string; code: string },
  client: Db = db(),
): Promise<void> {
  const { userId, sessionId } = ctx.actor;
  const isRight =
    code === "" ? await isPassword(userId, password, client) : await proveCode(ctx, ctx.actor, code, client);
  if (!isRight) throw new AppError("invalid_credentials", { detail: say("detail.checkBoth") });
  const noted = await client.$executeRaw`
    UPDATE auth_session SET proved_at = statement_timestamp()
    WHERE id = ${sessionId} AND user_id = ${userId} AND revoked_at IS NULL`;
  if (noted === 0) throw new AppError("session_revoked", { detail: say("detail.signInAgain") });
}

async function isPassword(userId: string, password: string, client: Db): Promise<boolean> {
  const user = await client.user.findUnique({ where: { id: userId }, select: { passwordHash: true } });
  await takeTry("change", { account: userId });
  if (!(await verifyPassword(user?.passwordHash ?? null, password))) return false;
  await forgetTries("change", userId);
  return true;
}
