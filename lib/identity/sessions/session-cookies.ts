import { env } from "@/lib/platform/runtime/env";

/** Cookies are `Secure` and named so when the site is reached by https. */
export function isSecureSite(): boolean {
  return env().PUBLIC_URL?.startsWith("https:") ?? false;
}

/**
 * Name of the cookie that holds the access token; Auth.js reads and writes the same one. On https `__Host-`: no other
 * host of the school's domain can set one, and it goes to this host alone.
 */
export function accessCookieName(): string {
  return isSecureSite() ? "__Host-next-auth.session-token" : "next-auth.session-token";
}

/** Name of the cookie that holds the refresh token. */
export function refreshCookieName(): string {
  return isSecureSite() ? "__Host-campusos.refresh-token" : "campusos.refresh-token";
}

/** Name of the cookie that holds the token of a sign-in which waits for the second factor. */
export function secondStepCookieName(): string {
  return isSecureSite() ? "__Host-campusos.second-step" : "campusos.second-step";
}

/** Name of the cookie that binds a challenge for a passkey to the browser that asked for it. */
export function challengeCookieName(): string {
  return isSecureSite() ? "__Host-campusos.challenge" : "campusos.challenge";
}

/**
 * The names of both on https before November 2026. The refresh token of a sign-in from then is taken once more, by
 * which the sign-in moves to the new names; after 30 days there is none left.
 */
export const FORMER_ACCESS_COOKIE = "__Secure-next-auth.session-token";
export const FORMER_REFRESH_COOKIE = "__Secure-campusos.refresh-token";

/** Every cookie of a session that a browser may hold: those to take away when it ends. */
export function sessionCookieNames(): string[] {
  const former = isSecureSite() ? [FORMER_ACCESS_COOKIE, FORMER_REFRESH_COOKIE] : [];
  return [accessCookieName(), refreshCookieName(), ...former];
}

/** Attributes of both cookies; they live as long as the refresh token, so that an expired access token can be renewed. */
export function sessionCookieOptions(expiresAt: Date) {
  return { httpOnly: true, sameSite: "lax", path: "/", secure: isSecureSite(), expires: expiresAt } as const;
}

/** The access token of a `Cookie` header, or null. */
export function accessTokenFromCookies(header: string | null): string | null {
  return cookieValue(header, accessCookieName());
}

/** The value of a cookie of ours in a `Cookie` header, or null. */
export function cookieValue(header: string | null, name: string): string | null {
  for (const part of header?.split(";") ?? []) {
    const [key, ...rest] = part.trim().split("=");
    // Ours hold only characters that no cookie encodes; anything else is not a token and fails verification.
    if (key === name && rest.length > 0) return rest.join("=").replaceAll('"', "");
  }
  return null;
}
