import { createHash, randomBytes } from "node:crypto";
import { decodeJwt } from "jose";
import type { NextAuthOptions } from "next-auth";
import type { OAuthConfig, UserinfoEndpointHandler } from "next-auth/providers/oauth";
import { cookies, headers } from "next/headers";
import { NextRequest } from "next/server";
import { takeTry } from "@/lib/identity/limits/tries";
import { isSecureSite } from "@/lib/identity/sessions/session-cookies";
import { descriptionAddress, endSessionAddress, ssoProviders } from "@/lib/identity/sso/providers";
import { signInBySso } from "@/lib/identity/sso/sign-in-by-sso";
import type { Claims } from "@/lib/identity/sso/verified-email";
import { nextAuthSecret } from "@/lib/platform/runtime/secrets";
import { goingOnPage } from "../page/plain-page";
import { returnPath } from "../page/return-path";
import { webCall } from "../page/web-call";
import { callerAddress } from "../server/caller-address";
import { ownAddress } from "./auth-js-address";
import { setSessionCookies } from "./session";

type UserInfo = { request: NonNullable<UserinfoEndpointHandler["request"]> };
type SignInInput = Parameters<NonNullable<NonNullable<NextAuthOptions["callbacks"]>["signIn"]>>[0];

/**
 * The providers of SSO_PROVIDERS as Auth.js wants them. All are plain OpenID Connect: what it has for Google and Microsoft says
 * no more than their own descriptions do. State, nonce and PKCE (S256) go with each sign-in, in cookies that are bound to
 * the provider.
 */
export function authJsProviders(): OAuthConfig<Claims>[] {
  return ssoProviders().map((provider) => ({
    id: provider.id,
    name: provider.name,
    type: "oauth",
    wellKnown: descriptionAddress(provider),
    issuer: provider.issuer,
    clientId: provider.clientId,
    clientSecret: provider.clientSecret,
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    authorization: { params: { scope: "openid email profile" } },
    userinfo: { request: claimsOf },
    profile: (claims) => ({ id: String(claims["sub"]), accessToken: "" }),
  }));
}

/** What the ID token says, and what it leaves to the issuer's user info, which must speak of the same subject. */
async function claimsOf({ tokens, client }: Parameters<UserInfo["request"]>[0]): Promise<Claims & { sub: string }> {
  // Auth.js has verified it.
  const { sub = "", ...claims } = decodeJwt(tokens.id_token ?? "");
  if (claims["email"] !== undefined || tokens.access_token === undefined || !client.issuer.metadata.userinfo_endpoint)
    return { ...claims, sub };
  const more = await client.userinfo(tokens.access_token);
  // OpenID Connect Core §5.3.2: else it may be somebody else's.
  if (more.sub !== sub) throw new Error("the user info is of another subject than the ID token");
  return { ...more, ...claims, sub };
}

/**
 * What Auth.js asks when somebody comes back from a provider: opens our session, or answers the address of the sign-in page that
 * says why not.
 */
export async function signInCallback({ user, account, profile }: SignInInput): Promise<boolean | string> {
  const provider = ssoProviders().find(({ id }) => id === account?.provider);
  if (!provider) return true; // by a password, which `authorize` has verified
  const outcome = await signInBySso(webCall(await headers()), { provider, claims: { ...profile } });
  if ("refused" in outcome) return errorPath(outcome.refused, await wantedPath());
  await setSessionCookies(outcome.tokens);
  // The same object is handed on to the callback `jwt`, which makes Auth.js' cookie of it.
  Object.assign(user, { id: outcome.userId, accessToken: outcome.tokens.accessToken });
  return true;
}

/** The sign-in page with an error, and with where the person wanted to be. */
export function errorPath(error: string, from: string | null): string {
  return `/login?${new URLSearchParams({ error, ...(from !== null && { from }) }).toString()}`;
}

/** Where the person wanted to be when this sign-in began. */
export async function wantedPath(): Promise<string | null> {
  const kept = (await cookies()).get(`${isSecureSite() ? "__Secure-" : ""}next-auth.callback-url`)?.value;
  if (kept === undefined || !URL.canParse(kept, ownAddress())) return null;
  const { origin, pathname, search } = new URL(kept, ownAddress());
  const path = origin === ownAddress() ? returnPath(pathname + search) : null;
  return path === "/" ? null : path;
}

/**
 * The request with which Auth.js begins a sign-in elsewhere, from a form of ours that was sent from our own site: without the parameters of the
 * address, which would reach the provider, and with the token that Auth.js asks for, so that the form works without script.
 */
export async function beginningRequest(request: NextRequest, provider: string, body: Uint8Array): Promise<NextRequest> {
  await takeTry("sso", { address: callerAddress(request.headers) });
  const from = returnPath(new URLSearchParams(new TextDecoder().decode(body)).get("from")) ?? "/";
  const csrfToken = randomBytes(32).toString("hex");
  const hash = createHash("sha256").update(`${csrfToken}${nextAuthSecret()}`).digest("hex");
  const secure = isSecureSite();
  const options = { httpOnly: true, sameSite: "lax", path: "/", secure } as const;
  (await cookies()).set(`${secure ? "__Host-" : ""}next-auth.csrf-token`, `${csrfToken}|${hash}`, options);
  const own = new Headers(request.headers);
  own.set("content-type", "application/x-www-form-urlencoded");
  own.delete("content-length");
  return new NextRequest(`${ownAddress()}/api/auth/signin/${provider}`, {
    method: "POST",
    headers: own,
    body: new URLSearchParams({ csrfToken, callbackUrl: ownAddress() + from }),
  });
}

/** On to the provider, with the cookies of this sign-in. */
export function goOn(requestId: string, to: { address: string; provider: string }, locale: string): Response {
  const name = ssoProviders().find(({ id }) => id === to.provider)?.name ?? to.provider;
  const { html, headers: pageHeaders } = goingOnPage(requestId, { address: to.address, name }, locale);
  return new Response(html, { headers: pageHeaders });
}

/** Out of a provider, after signing out here; where it knows no way out, to our sign-in page. */
export async function leave(requestId: string, id: string, locale: string): Promise<Response> {
  const provider = ssoProviders().find((each) => each.id === id);
  const signedOut = "/login?signedOut=1";
  const address = provider && (await endSessionAddress(provider, ownAddress() + signedOut));
  return address
    ? goOn(requestId, { address, provider: id }, locale)
    : new Response(null, { status: 303, headers: { location: signedOut, "x-request-id": requestId } });
}
