import { errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { env } from "@/lib/platform/runtime/env";
import { signingKey, type PublicJwk } from "@/lib/platform/runtime/secrets";
import { singleton } from "@/lib/platform/runtime/singleton";
import { ROLES, type Actor } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { idSchema } from "@/lib/shared/schema";
import { say } from "@/lib/shared/say";

/** Life of an access token. After a revocation this is how long a process must remember the session. */
export const ACCESS_TOKEN_SECONDS = 600;
const AUDIENCE = "campusos-api";
const TYPE = "at+jwt";
const MAX_LENGTH = 4096;
/** Verified tokens to remember: checking a signature takes longer than most queries, and a person sends many requests. */
const REMEMBERED_TOKENS = 5_000;

const claimsSchema = z.object({
  sub: idSchema,
  sid: idSchema,
  schoolId: idSchema,
  roles: z.array(z.enum(ROLES)).min(1),
  exp: z.number(),
  factorDueAt: z.number().optional(),
});

/** Who a token stands for, and until when (milliseconds since 1970). */
export type VerifiedToken = Actor & { expiresAt: number };

/** Signs an access token (RFC 9068: `typ: at+jwt`) for a session; `now` decides when it expires. */
export function signAccessToken(actor: Actor, now: Date): Promise<string> {
  const key = signingKey();
  const issuedAt = Math.floor(now.getTime() / 1000);
  return new SignJWT({ roles: [...actor.roles], schoolId: actor.schoolId, sid: actor.sessionId, ...factorOf(actor) })
    .setProtectedHeader({ alg: "ES256", typ: TYPE, kid: key.kid })
    .setIssuer(issuer())
    .setAudience(AUDIENCE)
    .setSubject(actor.userId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ACCESS_TOKEN_SECONDS)
    .sign(key.privateKey);
}

/**
 * The actor of an access token. Only ES256 by our own key, our issuer, our audience and the type `at+jwt` are accepted;
 * nothing that the token's header points to is ever fetched. Throws `access_token_expired` or `unauthenticated`.
 * Whether the session has been revoked is another question (`revocations.ts`).
 */
export async function verifyAccessToken(token: string): Promise<VerifiedToken> {
  if (token.length > MAX_LENGTH) throw new AppError("unauthenticated", { detail: say("detail.tokenInvalid") });
  const verified = singleton("verifiedTokens", () => new Map<string, VerifiedToken>());
  const known = verified.get(token);
  if (known && known.expiresAt > Date.now()) return { ...known };
  const fresh = await checkToken(token);
  verified.delete(token);
  verified.set(token, fresh);
  for (const oldest of verified.keys()) {
    if (verified.size <= REMEMBERED_TOKENS) break;
    verified.delete(oldest);
  }
  return { ...fresh };
}

async function checkToken(token: string): Promise<VerifiedToken> {
  try {
    const { payload } = await jwtVerify(token, signingKey().publicKey, {
      algorithms: ["ES256"],
      issuer: issuer(),
      audience: AUDIENCE,
      typ: TYPE,
      requiredClaims: ["exp", "iat", "sub"],
    });
    const claims = claimsSchema.parse(payload);
    return {
      userId: claims.sub,
      schoolId: claims.schoolId,
      roles: claims.roles,
      sessionId: claims.sid,
      expiresAt: claims.exp * 1000,
      ...factorOf(claims),
    };
  } catch (cause) {
    if (cause instanceof errors.JWTExpired)
      throw new AppError("access_token_expired", { detail: say("detail.useRefresh"), cause });
    throw new AppError("unauthenticated", { detail: say("detail.tokenInvalid"), cause });
  }
}

/** Only where somebody has to set one up. */
function factorOf({ factorDueAt }: { factorDueAt?: number | undefined }): { factorDueAt?: number } {
  return factorDueAt === undefined ? {} : { factorDueAt };
}

/** The keys that verify our access tokens, as JWKs. */
export function publicKeys(): PublicJwk[] {
  return [signingKey().publicJwk];
}

function issuer(): string {
  return env().PUBLIC_URL ?? "campusos";
}
