import { env } from "@/lib/platform/env";

/** Cookies are `Secure` and named so when the site is reached by https. */
function isSecure(): boolean {
  return env().PUBLIC_URL?.startsWith("https:") ?? false;
}

/** Name of the cookie that holds the access token; Auth.js reads and writes the same one. */
export function accessCookieName(): string {
  return isSecure() ? "__Secure-next-auth.session-token" : "next-auth.session-token";
}

/** Name of the cookie that holds the refresh token. */
export function refreshCookieName(): string {
  return isSecure() ? "__Secure-campusos.refresh-token" : "campusos.refresh-token";
}

/** Attributes of both cookies; they live as long as the refresh token, so that an expired access token can be renewed. */
export function sessionCookieOptions(expiresAt: Date) {
  return { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure(), expires: expiresAt } as const;
}

/** The access token of a `Cookie` header, or null. */
export function accessTokenFromCookies(header: string | null): string | null {
  return cookieValue(header, accessCookieName());
}

function cookieValue(header: string | null, name: string): string | null {
  for (const part of header?.split(";") ?? []) {
    const [key, ...rest] = part.trim().split("=");
    // Ours hold only characters that no cookie encodes; anything else is not a token and fails verification.
    if (key === name && rest.length > 0) return rest.join("=").replaceAll('"', "");
  }
  return null;
}
