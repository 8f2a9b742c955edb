import { db, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { takeTry } from "../limits/tries";

/** What identity keeps of a person, as they may read it: no hashes and no secrets. Instants are ISO 8601. */
export type OwnIdentityData = {
  account: Record<string, unknown>;
  guardians: Record<string, unknown>[];
  children: Record<string, unknown>[];
  sessions: Record<string, unknown>[];
  log: Record<string, unknown>[];
};

/** What identity keeps of the signed-in person. Errors: `too_many_attempts` for who asks again and again. */
export async function ownIdentityData(ctx: Context, client: Db = db()): Promise<OwnIdentityData> {
  const { userId, schoolId } = ctx.actor;
  await takeTry("exports", { account: userId });
  const [account, relations, sessions, log] = await Promise.all([
    client.user.findFirst({
      where: { id: userId, schoolId },
      select: {
        id: true,
        sourcedId: true,
        email: true,
        givenName: true,
        familyName: true,
        roles: true,
        locale: true,
        createdAt: true,
        school: { select: { name: true, timeZone: true } },
      },
    }),
    client.$queryRaw<{ id: string; givenName: string; familyName: string; isGuardian: boolean; since: Date }[]>`
      SELECT u.id, u.given_name AS "givenName", u.family_name AS "familyName", g.student_id = ${userId} AS "isGuardian",
        g.created_at AS since
      FROM guardianship g
      JOIN app_user u ON u.id = CASE WHEN g.student_id = ${userId} THEN g.guardian_id ELSE g.student_id END
      WHERE (g.student_id = ${userId} OR g.guardian_id = ${userId}) AND g.school_id = ${schoolId}
      ORDER BY u.family_name, u.given_name, u.id`,
    client.$queryRaw<
      { since: Date; lastSeenAt: Date | null; endsAt: Date; endedAt: Date | null; userAgent: string | null }[]
    >`
      SELECT s.created_at AS since, s.last_seen_at AS "lastSeenAt", s.expires_at AS "endsAt", s.revoked_at AS "endedAt",
        s.user_agent AS "userAgent"
      FROM auth_session s WHERE s.user_id = ${userId} ORDER BY s.created_at DESC`,
    client.$queryRaw<{ at: Date; action: string; address: string | null; byYou: boolean }[]>`
      SELECT a.at, a.action, CASE WHEN a.actor_id = ${userId} THEN a.address END AS address,
        coalesce(a.actor_id = ${userId}, false) AS "byYou"
      FROM audit_entry a
      WHERE a.school_id = ${schoolId} AND (
        (a.object_type = 'user' AND a.object_id = ${userId})
        OR (a.object_type = 'session' AND a.object_id IN (SELECT s.id FROM auth_session s WHERE s.user_id = ${userId})))
      ORDER BY a.at DESC, a.id DESC LIMIT 5000`,
  ]);
  const related = (isGuardian: boolean) =>
    relations.filter((relation) => relation.isGuardian === isGuardian).map(({ isGuardian: _, ...rest }) => rest);
  return { account: { ...account }, guardians: related(true), children: related(false), sessions, log };
}
