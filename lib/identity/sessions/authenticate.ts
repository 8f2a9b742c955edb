import type { Actor } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { verifyAccessToken } from "./access-token";
import { refuseRevoked } from "./revocations";
import { accessTokenFromCookies } from "./session-cookies";
import { say } from "@/lib/shared/say";

export type Authenticated = { actor: Actor; via: "bearer" | "cookie" };

/**
 * Who makes this request: by `Authorization: Bearer`, else by the browser's session cookie. A request that carries an
 * `Authorization` header is judged by that alone. Costs no SQL. Throws `unauthenticated` (also for anything malformed),
 * `access_token_expired` or `session_revoked`.
 */
export async function authenticateRequest(headers: Headers): Promise<Authenticated> {
  const authorization = headers.get("authorization");
  const token = authorization === null ? accessTokenFromCookies(headers.get("cookie")) : bearerToken(authorization);
  if (token === null)
    throw new AppError("unauthenticated", {
      detail: authorization === null ? say("detail.sendToken") : say("detail.sendBearer"),
    });
  const { expiresAt: _, ...actor } = await verifyAccessToken(token);
  await refuseRevoked(actor.sessionId);
  return { actor, via: authorization === null ? "cookie" : "bearer" };
}

function bearerToken(authorization: string): string | null {
  return /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization)?.[1] ?? null;
}
