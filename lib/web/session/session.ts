import { cookies, headers } from "next/headers";
import { KNOWN_SECONDS, knownDeviceCookieName, withKnownPerson } from "@/lib/identity/limits/known-device";
import { verifyAccessToken } from "@/lib/identity/sessions/access-token";
import { authenticateRequest } from "@/lib/identity/sessions/authenticate";
import { endReplacedSession } from "@/lib/identity/devices/end-replaced-session";
import { signOut } from "@/lib/identity/sessions/revoke-sessions";
import {
  accessCookieName,
  refreshCookieName,
  sessionCookieNames,
  sessionCookieOptions,
} from "@/lib/identity/sessions/session-cookies";
import { ssoProviders } from "@/lib/identity/sso/providers";
import { ssoProviderOfSession } from "@/lib/identity/sso/sign-in-by-sso";
import type { SessionTokens } from "@/lib/identity/sessions/sessions";
import { AppError } from "@/lib/shared/errors";
import { webCall } from "../page/web-call";

/**
 * Signs this browser in: the tokens of a session become its two HttpOnly cookies, and the session that it had before ends.
 * For server actions and routes.
 */
export async function setSessionCookies(tokens: SessionTokens): Promise<void> {
  const jar = await cookies();
  const refreshToken = jar.get(refreshCookieName())?.value;
  if (refreshToken) await endReplacedSession(webCall(await headers()), { refreshToken, by: tokens.sessionId });
  const options = sessionCookieOptions(tokens.refreshExpiresAt);
  jar.set(accessCookieName(), tokens.accessToken, options);
  jar.set(refreshCookieName(), tokens.refreshToken, options);
  await rememberBrowser((await verifyAccessToken(tokens.accessToken)).userId);
}

/**
 * Remembers that a person has shown in this browser who they are: strangers who guess their password do not keep them out
 * there any more. Signing out does not end it.
 */
export async function rememberBrowser(userId: string): Promise<void> {
  const [jar, name] = [await cookies(), knownDeviceCookieName()];
  const value = withKnownPerson(jar.get(name)?.value, userId);
  jar.set(name, value, sessionCookieOptions(new Date(Date.now() + KNOWN_SECONDS * 1000)));
}

/** Takes the session's cookies out of this browser, when it has any. */
export async function clearSessionCookies(): Promise<void> {
  const jar = await cookies();
  for (const name of sessionCookieNames())
    if (jar.has(name)) jar.set(name, "", { ...sessionCookieOptions(new Date(0)), maxAge: 0 });
}

/**
 * Ends this browser's session everywhere and takes its cookies; does nothing for a browser that has none. Answers the name of the
 * provider by which it had signed in, where the person is signed in still; null: there is none.
 */
export async function signOutBrowser(): Promise<string | null> {
  const incoming = await headers();
  let elsewhere: string | null = null;
  try {
    const { actor } = await authenticateRequest(incoming);
    if (ssoProviders().length > 0)
      elsewhere = (await ssoProviderOfSession(actor.sessionId, ssoProviders()))?.id ?? null;
    await signOut({ actor, ...webCall(incoming) });
  } catch (error) {
    if (!(error instanceof AppError && error.status === 401)) throw error; // over already
  }
  await clearSessionCookies();
  return elsewhere;
}
