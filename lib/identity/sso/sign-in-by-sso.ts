import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db, type Tx } from "@/lib/platform/db/client";
import { counter } from "@/lib/platform/runtime/metrics";
import type { SsoProvider } from "@/lib/platform/runtime/sso-env";
import type { Context } from "@/lib/shared/context";
import { auditOnce } from "../limits/told";
import { openSession, type SessionTokens } from "../sessions/sessions";
import { type Claims, verifiedEmail } from "./verified-email";

/** Why nobody was signed in; the sign-in page has words for each. */
export type SsoRefusal = "sso_unverified" | "sso_domain" | "sso_unknown" | "sso_other";

export type SsoOutcome = { tokens: SessionTokens; userId: string } | { refused: SsoRefusal };

type Found = { userId: string; schoolId: string };

/**
 * Signs in whom an issuer has named: the claims of an ID token that was verified (signature, issuer, audience, nonce, time). Once a person is known by
 * the issuer's subject, that alone decides, so that an address that changes does no harm, and one that is given to another
 * lets nobody in. The first time an address that the issuer vouches for leads to somebody who may sign in here; it makes
 * nobody, and no role. A second factor is the issuer's business.
 *
 * Refused: `sso_unverified`, `sso_domain` (see {@link verifiedEmail}), `sso_unknown` for an address that nobody has who may sign in,
 * `sso_other` for one whose person is known by another subject of this issuer.
 */
export async function signInBySso(
  ctx: Omit<Context, "actor">,
  { provider, claims }: { provider: SsoProvider; claims: Claims },
  client: Db = db(),
): Promise<SsoOutcome> {
  const subject = typeof claims["sub"] === "string" ? claims["sub"] : "";
  const outcome = await transaction(async (tx): Promise<SsoOutcome & { whose?: Found }> => {
    const found =
      (await knownBySubject(tx, provider.issuer, subject)) ?? (await link(tx, ctx, { provider, subject, claims }));
    if ("refused" in found) return found;
    const tokens = await openSession(tx, found.userId, ctx.now, null, ctx.userAgent);
    if (!tokens) return { refused: "sso_unknown", whose: found };
    await tx.$executeRaw`UPDATE auth_session SET sso_provider = ${provider.id} WHERE id = ${tokens.sessionId}`;
    await audit(tx, { ...ctx, actor: found }, [
      {
        action: "identity.signed_in",
        objectType: "session",
        objectId: tokens.sessionId,
        details: { method: "sso", provider: provider.id },
      },
    ]);
    return { tokens, userId: found.userId };
  }, client);
  const isIn = "tokens" in outcome;
  counter("campus_identity_sign_ins_total", "Sign-ins by outcome", ["outcome"]).inc({
    outcome: isIn ? "signed_in_sso" : outcome.refused,
  });
  if ("whose" in outcome && outcome.whose) {
    const user = { id: outcome.whose.userId, schoolId: outcome.whose.schoolId };
    auditOnce(ctx, { what: "refused", by: "sso", key: `sso:${user.id}`, user }, client);
  }
  return isIn ? { tokens: outcome.tokens, userId: outcome.userId } : { refused: outcome.refused };
}

async function knownBySubject(tx: Tx, issuer: string, subject: string): Promise<Found | null> {
  const [known] = await tx.$queryRaw<Found[]>`
    UPDATE sso_identity SET last_used_at = statement_timestamp()
    WHERE issuer = ${issuer} AND subject = ${subject}
    RETURNING user_id AS "userId", school_id AS "schoolId"`;
  return known ?? null;
}

async function link(
  tx: Tx,
  ctx: Omit<Context, "actor">,
  { provider, subject, claims }: { provider: SsoProvider; subject: string; claims: Claims },
): Promise<Found | { refused: SsoRefusal; whose?: Found }> {
  const { issuer } = provider;
  const vouched = verifiedEmail(provider, claims);
  if ("refused" in vouched) return vouched;
  // Locked: who ends the account at this moment is waited for and seen.
  const [person] = await tx.$queryRaw<Found[]>`
    SELECT id AS "userId", school_id AS "schoolId" FROM app_user
    WHERE email = ${vouched.email} AND active AND cardinality(roles) > 0 FOR SHARE`;
  if (!person || subject === "") return { refused: "sso_unknown" };
  const inserted = await tx.$executeRaw`
    INSERT INTO sso_identity (issuer, subject, school_id, user_id)
    VALUES (${issuer}, ${subject}, ${person.schoolId}, ${person.userId}) ON CONFLICT DO NOTHING`;
  // Of two first sign-ins at the same moment the second waited and finds what the first has made.
  const [made] = await tx.$queryRaw<{ userId: string }[]>`
    SELECT user_id AS "userId" FROM sso_identity WHERE issuer = ${issuer} AND subject = ${subject}`;
  if (made?.userId !== person.userId) return { refused: "sso_other", whose: person };
  if (inserted === 0) return person;
  await audit(tx, { ...ctx, actor: person }, [
    { action: "identity.sso_linked", objectType: "user", objectId: person.userId, details: { provider: provider.id } },
  ]);
  return person;
}

/** The provider by which a session was opened, while there is one of this name; null: by a password or a link. */
export async function ssoProviderOfSession(
  sessionId: string,
  providers: readonly SsoProvider[],
  client: Db = db(),
): Promise<SsoProvider | null> {
  const [session] = await client.$queryRaw<{ provider: string | null }[]>`
    SELECT sso_provider AS provider FROM auth_session WHERE id = ${sessionId}`;
  return providers.find(({ id }) => id === session?.provider) ?? null;
}
