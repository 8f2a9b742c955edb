import type { NextRequest, NextResponse } from "next/server";
import { verifyAccessToken } from "@/lib/identity/sessions/access-token";
import { renewBrowserSession } from "@/lib/identity/sessions/rotate-refresh-token";
import {
  accessCookieName,
  FORMER_ACCESS_COOKIE,
  FORMER_REFRESH_COOKIE,
  isSecureSite,
  refreshCookieName,
  sessionCookieNames,
  sessionCookieOptions,
} from "@/lib/identity/sessions/session-cookies";
import type { SessionTokens } from "@/lib/identity/sessions/sessions";
import { errorForLog, log } from "@/lib/platform/runtime/log";
import { callerAddress } from "../server/caller-address";
import { appErrorOf } from "../route/problem";

/** An access token that ends this soon is renewed now, not in the middle of the request. */
const RENEW_BEFORE_MS = 15_000;

/** What a renewal does to the answer of this request. */
export type RenewedCookies = (response: NextResponse) => void;

/**
 * Renews a browser's session when its access token has (nearly) expired and it has a refresh token: the new cookies are
 * put into the forwarded request at once, and the returned function puts them on the answer. A refresh token that is no
 * longer good takes both cookies away. Null when there is nothing to do. Throws `unavailable` when the database is away:
 * whoever went on with the old token would be told to sign in. Decides nothing about access.
 */
export async function renewSession(request: NextRequest, requestId: string): Promise<RenewedCookies | null> {
  const { token: refreshToken, isFormer } = refreshTokenOf(request);
  if (!refreshToken || (await isFresh(request.cookies.get(accessCookieName())?.value))) return null;
  try {
    const address = callerAddress(request.headers);
    const ctx = { requestId, now: new Date(), source: "web", address } as const;
    const renewed = await renewBrowserSession(ctx, refreshToken);
    const changes = newCookies(renewed.tokens);
    for (const { name, value } of changes) request.cookies.set(name, value);
    return (response) => {
      for (const { name, value, expiresAt } of changes)
        response.cookies.set(name, value, sessionCookieOptions(expiresAt));
      if (isFormer) takeCookies(response, [FORMER_ACCESS_COOKIE, FORMER_REFRESH_COOKIE]);
    };
  } catch (error) {
    const { code, status } = appErrorOf(error);
    if (status !== 401) {
      // Nothing is lost: the next request tries again.
      log().error({ requestId, code, err: errorForLog(error) }, "session not renewed");
      if (code === "unavailable") throw appErrorOf(error);
      return null;
    }
    const names = sessionCookieNames();
    for (const name of names) request.cookies.delete(name);
    return (response) => takeCookies(response, names);
  }
}

/** A sign-in from before the cookies had their present names is renewed at once, which gives it those. */
function refreshTokenOf(request: NextRequest): { token: string | undefined; isFormer: boolean } {
  const token = request.cookies.get(refreshCookieName())?.value;
  const former = isSecureSite() ? request.cookies.get(FORMER_REFRESH_COOKIE)?.value : undefined;
  return token === undefined && former !== undefined ? { token: former, isFormer: true } : { token, isFormer: false };
}

function takeCookies(response: NextResponse, names: readonly string[]): void {
  for (const name of names) response.cookies.set(name, "", { ...sessionCookieOptions(new Date(0)), maxAge: 0 });
}

async function isFresh(accessToken: string | undefined): Promise<boolean> {
  if (!accessToken) return false;
  try {
    const { expiresAt } = await verifyAccessToken(accessToken);
    return expiresAt - Date.now() > RENEW_BEFORE_MS;
  } catch {
    return false;
  }
}

function newCookies(tokens: SessionTokens): { name: string; value: string; expiresAt: Date }[] {
  const { accessToken, refreshToken, refreshExpiresAt: expiresAt } = tokens;
  return [
    { name: accessCookieName(), value: accessToken, expiresAt },
    { name: refreshCookieName(), value: refreshToken, expiresAt },
  ];
}
