import { db, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { deviceName } from "../devices/device-name";
import { openSecret } from "./sealed-secret";
import { base32, totpUri } from "./totp";

/** With what the actor signs in besides the password. */
export type SignInMethods = {
  /** `begun`: the secret that the app needs, as the address of a QR code and as text. */
  authenticator:
    | { state: "off" }
    | { state: "begun"; uri: string; secret: string }
    | { state: "on"; /** ISO 8601. */ since: string };
  /** Named by the browser in which they were made; ISO 8601. */
  passkeys: { id: string; name: string; since: string; lastUsedAt: string | null }[];
  /** Recovery codes that were not used; null: there is nothing for which they would stand in. */
  codesLeft: number | null;
};

type Row = {
  secret: Uint8Array | null;
  confirmedAt: Date | null;
  isFresh: boolean | null;
  codesLeft: number;
  email: string;
  school: string;
};

/** With what the actor signs in. A secret is answered only within an hour after turning on was begun. `locale`: of names. */
export async function signInMethods(
  ctx: Context,
  { locale }: { locale: string },
  client: Db = db(),
): Promise<SignInMethods> {
  const { userId, schoolId } = ctx.actor;
  const [rows, keys] = await Promise.all([
    client.$queryRaw<Row[]>`
      SELECT f.secret, f.confirmed_at AS "confirmedAt", f.created_at > statement_timestamp() - interval '1 hour' AS "isFresh",
        (SELECT count(*) FROM recovery_code c WHERE c.user_id = u.id AND c.used_at IS NULL)::int AS "codesLeft",
        u.email, s.name AS school
      FROM app_user u JOIN school s ON s.id = u.school_id LEFT JOIN totp_factor f ON f.user_id = u.id
      WHERE u.id = ${userId} AND u.school_id = ${schoolId}`,
    client.passkey.findMany({
      where: { userId, user: { schoolId } },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      select: { id: true, userAgent: true, createdAt: true, lastUsedAt: true },
    }),
  ]);
  const authenticator = authenticatorOf(userId, rows[0]);
  const hasFactor = authenticator.state === "on" || keys.length > 0;
  return {
    authenticator,
    passkeys: keys.map(({ id, userAgent, createdAt, lastUsedAt }) => ({
      id,
      name: deviceName(userAgent, locale),
      since: createdAt.toISOString(),
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    })),
    codesLeft: hasFactor ? (rows[0]?.codesLeft ?? 0) : null,
  };
}

function authenticatorOf(userId: string, row: Row | undefined): SignInMethods["authenticator"] {
  if (!row?.secret) return { state: "off" };
  if (row.confirmedAt) return { state: "on", since: row.confirmedAt.toISOString() };
  const secret = row.isFresh ? openSecret(userId, row.secret) : null;
  return secret === null ? { state: "off" } : { state: "begun", uri: totpUri(secret, row), secret: base32(secret) };
}
