import { db, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { deviceName, isBrowser } from "./device-name";

/** Where a person is signed in. */
export type SessionDto = {
  id: string;
  /** For example `Firefox on Android`; null: nothing is known of it, or it is a program. */
  name: string | null;
  /** ISO 8601. */
  since: string;
  /** ISO 8601; within some ten minutes, because renewing tokens is what is noted. */
  lastSeenAt: string;
  /** The one that asks. */
  isThis: boolean;
};

/** Where the signed-in person is signed in: the one that asks first, then the one seen last. `locale`: of the names. */
export async function mySessions(
  ctx: Context,
  { locale }: { locale: string },
  client: Db = db(),
): Promise<SessionDto[]> {
  return sessionsOf({ ...ctx.actor, locale }, client);
}

/** Where a person is signed in, for whoever may know it; `sessionId` is the one that asks. */
export async function sessionsOf(
  { userId, schoolId, sessionId, locale }: { userId: string; schoolId: string; sessionId: string; locale: string },
  client: Db,
): Promise<SessionDto[]> {
  const rows = await client.$queryRaw<{ id: string; userAgent: string | null; since: Date; lastSeenAt: Date }[]>`
    SELECT s.id, s.user_agent AS "userAgent", s.created_at AS since, coalesce(s.last_seen_at, s.created_at) AS "lastSeenAt"
    FROM auth_session s
    WHERE s.user_id = ${userId} AND s.school_id = ${schoolId} AND s.revoked_at IS NULL
      AND s.expires_at > statement_timestamp() AND EXISTS (
        SELECT 1 FROM refresh_token r WHERE r.session_id = s.id AND r.expires_at > statement_timestamp())
    ORDER BY s.id = ${sessionId} DESC, "lastSeenAt" DESC, s.id DESC`;
  return rows.map(({ id, userAgent, since, lastSeenAt }) => ({
    id,
    name: isBrowser(userAgent) ? deviceName(userAgent, locale) : null,
    since: since.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    isThis: id === sessionId,
  }));
}
