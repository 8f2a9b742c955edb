import { audit } from "@/lib/platform/db/audit";
import { db, Prisma, transaction, type Db, type Tx } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { passwordRulesOf, refuseBadPassword } from "../credentials/new-password";
import { hashPassword } from "../credentials/passwords";
import { takeTry } from "../limits/tries";
import { hasSecondFactor } from "../factors/prove-code";
import { hashSecretToken, newSecretToken } from "../sessions/refresh-token";
import { announceRevoked } from "../sessions/revocations";
import { revokeSessionsOf } from "../sessions/revoke-sessions";
import { openSession, type SessionTokens } from "../sessions/sessions";
import { say } from "@/lib/shared/say";

/** Staff sign in within the week; families take their time. */
const VALID_FOR_DAYS = { staff: 7, family: 30 };

/**
 * Makes a one-time link token for each of these people, in the caller's transaction; their older unused links end. Only
 * hashes are stored: the tokens returned here can be shown once (`/invite/<token>`), and never again. A link of
 * staff is over after 7 days, one of a student or guardian after 30; the database's clock decides, whoever made it and whoever opens it.
 */
export async function createInvitations(
  tx: Tx,
  userIds: readonly string[],
): Promise<{ userId: string; token: string }[]> {
  if (userIds.length === 0) return [];
  const made = [...new Set(userIds)].map((userId) => ({ userId, token: newSecretToken() }));
  await tx.$executeRaw`DELETE FROM invitation WHERE user_id = ANY(${made.map(({ userId }) => userId)}) AND used_at IS NULL`;
  await tx.$executeRaw`
    INSERT INTO invitation (id, user_id, token_hash, created_at, expires_at)
    SELECT made.id, made.user_id, decode(made.hash, 'hex'), statement_timestamp(),
           statement_timestamp() + interval '1 day' * CASE WHEN u.roles && '{TEACHER,ADMIN}'
             THEN ${VALID_FOR_DAYS.staff}::int ELSE ${VALID_FOR_DAYS.family}::int END
    FROM unnest(${made.map(() => newId())}::text[], ${made.map(({ userId }) => userId)}::text[],
                ${made.map(({ token }) => Buffer.from(hashSecretToken(token)).toString("hex"))}::text[])
      AS made(id, user_id, hash)
    JOIN app_user u ON u.id = made.user_id`;
  return made;
}

/** Who is invited, and to which school. */
export type Invited = { userId: string; email: string; name: string; school: string };

/** Whose invitation a token is, or null when it is unknown, used, too old, or its person has left. */
export async function findInvitation(token: string, client: Db = db()): Promise<Invited | null> {
  const [found] = await client.$queryRaw<Invited[]>`
    SELECT u.id AS "userId", u.email, trim(u.given_name || ' ' || u.family_name) AS name, s.name AS school
    FROM invitation i JOIN app_user u ON u.id = i.user_id JOIN school s ON s.id = u.school_id
    WHERE i.token_hash = ${hashSecretToken(token)} AND ${WORKS} AND u.active`;
  return found ?? null;
}

const WORKS = Prisma.sql`i.used_at IS NULL AND i.expires_at > statement_timestamp()`;

/**
 * Spends an invitation: sets the person's password, ends their other sessions and opens a new one – but for who has a second
 * factor, of which a link is no proof: they sign in with both, and null is answered. Throws `not_found`
 * for a link that does not work (any more), `too_many_attempts` for whoever tries links, and `invalid_request` for a password that is refused. Of two presses at once
 * one wins.
 */
export async function acceptInvitation(
  ctx: Omit<Context, "actor">,
  input: { token: string; password: string },
  client: Db = db(),
): Promise<SessionTokens | null> {
  const gone = () => new AppError("not_found", { detail: say("detail.linkOver") });
  const invited = await findInvitation(input.token, client);
  if (!invited) {
    await takeTry("invitation", { address: ctx.address ?? null });
    throw gone();
  }
  await refuseBadPassword(input.password, await passwordRulesOf(invited.userId, client));
  const passwordHash = await hashPassword(input.password);
  const { tokens, ended } = await transaction(async (tx) => {
    // It may have ended while the password was hashed; of two at once the second waits, looks again and finds it spent.
    const spent = await tx.$executeRaw`
      UPDATE invitation i SET used_at = statement_timestamp()
      WHERE i.token_hash = ${hashSecretToken(input.token)} AND ${WORKS}`;
    if (spent === 0) throw gone();
    const user = await tx.user.update({
      where: { id: invited.userId },
      data: { passwordHash, passwordShared: false, passwordInitial: false },
      select: { schoolId: true },
    });
    const endedIds = await revokeSessionsOf(tx, [invited.userId], "password_set");
    const isGuarded = await hasSecondFactor(tx, invited.userId);
    const opened = isGuarded ? null : await openSession(tx, invited.userId, ctx.now, null, ctx.userAgent);
    if (!opened && !isGuarded) throw gone();
    await audit(tx, { ...ctx, actor: { userId: invited.userId, schoolId: user.schoolId } }, [
      { action: "identity.password_set", objectType: "user", objectId: invited.userId },
      ...(opened ? [{ action: "identity.signed_in", objectType: "session", objectId: opened.sessionId }] : []),
    ]);
    return { tokens: opened, ended: endedIds };
  }, client);
  await announceRevoked(ended);
  return tokens;
}
