import type { NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { headers } from "next/headers";
import { verifyAccessToken } from "@/lib/identity/sessions/access-token";
import { getMe } from "@/lib/identity/people/get-me";
import { refuseRevoked } from "@/lib/identity/sessions/revocations";
import { loginInput } from "@/lib/identity/schema";
import { accessCookieName, sessionCookieOptions } from "@/lib/identity/sessions/session-cookies";
import { signIn } from "@/lib/identity/sessions/sign-in";
import { LONGEST_SESSION_SECONDS } from "@/lib/identity/sessions/lifetimes";
import { log } from "@/lib/platform/runtime/log";
import { nextAuthSecret } from "@/lib/platform/runtime/secrets";
import type { Actor, Role } from "@/lib/shared/context";
import { AppError, type ErrorCode } from "@/lib/shared/errors";
import { authJsProviders, signInCallback } from "./sso";
import { setSessionCookies, signOutBrowser } from "./session";
import { webCall } from "../page/web-call";
import { appErrorOf } from "../route/problem";
import { say } from "@/lib/shared/say";

declare module "next-auth" {
  interface Session {
    user: { id: string; name: string; email: string; roles: Role[]; schoolId: string };
  }
  interface User {
    accessToken: string;
  }
}

declare module "next-auth/jwt" {
  interface JWT {
    /** The access token itself: what the cookie holds. */
    accessToken?: string;
    actor?: Actor;
  }
}

/**
 * Auth.js for the browser: its endpoints under /api/auth, with our token service behind them. Its session cookie is the
 * access token, signed and not encrypted, so that everything that verifies bearer tokens can verify it; the refresh
 * token has a cookie of its own, and only `proxy.ts` spends it (Auth.js' callbacks also run where no cookie can be set,
 * and a token rotated there would be lost and its next use look like theft).
 *
 * `failed` is told what our own part threw that is no outcome of the request (an outage, a defect): Auth.js makes of it
 * what it makes of a wrong password or a session that has ended.
 */
export function authOptions(failed: (thrown: unknown) => void): NextAuthOptions {
  const noted =
    <A extends unknown[], T>(work: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      try {
        return await work(...args);
      } catch (thrown) {
        if (appErrorOf(thrown).retriable) failed(thrown);
        throw thrown;
      }
    };
  const { httpOnly, sameSite, path, secure } = sessionCookieOptions(new Date());
  return {
    secret: nextAuthSecret(),
    session: { strategy: "jwt", maxAge: LONGEST_SESSION_SECONDS },
    pages: { signIn: "/login", error: "/login" },
    useSecureCookies: secure,
    cookies: { sessionToken: { name: accessCookieName(), options: { httpOnly, sameSite, path, secure } } },
    providers: [
      Credentials({
        credentials: { email: { type: "email" }, password: { type: "password" } },
        authorize: noted((credentials) => authorize(credentials)),
      }),
      ...authJsProviders(),
    ],
    jwt: {
      encode: async ({ token }) => token?.accessToken ?? "",
      decode: noted(async ({ token }) => {
        const actor = token ? await actorOfToken(token) : null;
        return token && actor ? { sub: actor.userId, accessToken: token, actor } : null;
      }),
    },
    callbacks: {
      signIn: noted(signInCallback),
      jwt: ({ token, user }) => (user?.accessToken ? { sub: user.id, accessToken: user.accessToken } : token),
      session: noted(async ({ session, token }) => {
        if (!token.actor) return session;
        const { id, name, email, roles } = await getMe({ actor: token.actor });
        return { ...session, user: { id, name, email, roles, schoolId: token.actor.schoolId } };
      }),
      redirect: ({ url, baseUrl }) => returnAddress(url, baseUrl),
    },
    events: { signOut: noted(async () => void (await signOutBrowser())) },
    logger: {
      error: (code) => log().info({ authjs: code }, "auth.js"),
      warn: (code) => log().debug({ authjs: code }, "auth.js"),
      debug: () => undefined,
    },
  };
}

/** Where to go back to, as a header can carry it: of another site, our first page. Throws `invalid_request` for none. */
function returnAddress(url: unknown, baseUrl: string): string {
  const address = typeof url === "string" && url.startsWith("/") ? `${baseUrl}${url}` : url;
  if (typeof address !== "string" || !URL.canParse(address))
    throw new AppError("invalid_request", { detail: say("detail.callbackNoAddress") });
  const { origin, href } = new URL(address);
  return origin === baseUrl ? href : baseUrl;
}

/** Auth.js answers these alike; who has a second factor goes by our own pages, or sends its `code` with the password. */
const NOT_LET_IN: readonly ErrorCode[] = ["invalid_credentials", "second_factor_required", "password_sign_in_off"];

async function authorize(credentials: Record<string, string> | undefined) {
  const input = loginInput.safeParse(credentials);
  if (!input.success) return null;
  try {
    const incoming = await headers();
    const ctx = webCall(incoming);
    const { tokens, user } = await signIn(ctx, input.data);
    await setSessionCookies(tokens);
    return { id: user.id, name: user.name, email: user.email, accessToken: tokens.accessToken };
  } catch (error) {
    if (error instanceof AppError && NOT_LET_IN.includes(error.code)) return null;
    throw error;
  }
}

async function actorOfToken(token: string): Promise<Actor | null> {
  try {
    const { expiresAt: _, ...actor } = await verifyAccessToken(token);
    await refuseRevoked(actor.sessionId);
    return actor;
  } catch (error) {
    if (error instanceof AppError && error.status === 401) return null;
    throw error;
  }
}
