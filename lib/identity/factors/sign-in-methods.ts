import { db, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { openSecret } from "./sealed-secret";
import { base32, totpUri } from "./totp";

/** With what the actor signs in besides the password. */
export type SignInMethods = {
  /** `begun`: the secret that the app needs, as the address of a QR code and as text. */
  authenticator:
    | { state: "off" }
    | { state: "begun"; uri: string; secret: string }
    | { state: "on"; /** ISO 8601. */ since: string; codesLeft: number };
};

type Row = {
  secret: Uint8Array;
  confirmedAt: Date | null;
  isFresh: boolean;
  codesLeft: number;
  email: string;
  school: string;
};

/** With what the actor signs in. A secret is answered only within an hour after turning on was begun. */
export async function signInMethods(ctx: Context, client: Db = db()): Promise<SignInMethods> {
  const { userId, schoolId } = ctx.actor;
  const [row] = await client.$queryRaw<Row[]>`
    SELECT f.secret, f.confirmed_at AS "confirmedAt", f.created_at > statement_timestamp() - interval '1 hour' AS "isFresh",
      (SELECT count(*) FROM recovery_code c WHERE c.user_id = u.id AND c.used_at IS NULL)::int AS "codesLeft",
      u.email, s.name AS school
    FROM totp_factor f JOIN app_user u ON u.id = f.user_id JOIN school s ON s.id = u.school_id
    WHERE f.user_id = ${userId} AND u.school_id = ${schoolId}`;
  if (row?.confirmedAt)
    return { authenticator: { state: "on", since: row.confirmedAt.toISOString(), codesLeft: row.codesLeft } };
  const secret = row?.isFresh ? openSecret(userId, row.secret) : null;
  if (!row || secret === null) return { authenticator: { state: "off" } };
  return { authenticator: { state: "begun", uri: totpUri(secret, row), secret: base32(secret) } };
}
