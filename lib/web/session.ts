import { cookies, headers } from "next/headers";
import { authenticateRequest } from "@/lib/identity/authenticate";
import { signOut } from "@/lib/identity/revoke-sessions";
import { accessCookieName, refreshCookieName, sessionCookieOptions } from "@/lib/identity/session-cookies";
import type { SessionTokens } from "@/lib/identity/sessions";
import { AppError } from "@/lib/shared/errors";
import { requestIdOf } from "./request-id";

/** Signs this browser in: the tokens of a session become its two HttpOnly cookies. For server actions and routes. */
export async function setSessionCookies(tokens: SessionTokens): Promise<void> {
  const jar = await cookies();
  const options = sessionCookieOptions(tokens.refreshExpiresAt);
  jar.set(accessCookieName(), tokens.accessToken, options);
  jar.set(refreshCookieName(), tokens.refreshToken, options);
}

/** Takes the session's cookies out of this browser, when it has any. */
export async function clearSessionCookies(): Promise<void> {
  const jar = await cookies();
  for (const name of [accessCookieName(), refreshCookieName()])
    if (jar.has(name)) jar.set(name, "", { ...sessionCookieOptions(new Date(0)), maxAge: 0 });
}

/** Ends this browser's session everywhere and takes its cookies; does nothing for a browser that has none. */
export async function signOutBrowser(): Promise<void> {
  const incoming = await headers();
  try {
    const { actor } = await authenticateRequest(incoming);
    await signOut({ actor, requestId: requestIdOf(incoming), now: new Date(), source: "web" });
  } catch (error) {
    if (!(error instanceof AppError && error.status === 401)) throw error; // over already
  }
  await clearSessionCookies();
}
