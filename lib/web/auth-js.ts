import type { NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { headers } from "next/headers";
import { verifyAccessToken } from "@/lib/identity/access-token";
import { getMe } from "@/lib/identity/get-me";
import { refuseRevoked } from "@/lib/identity/revocations";
import { loginInput } from "@/lib/identity/schema";
import { accessCookieName, sessionCookieOptions } from "@/lib/identity/session-cookies";
import { signIn } from "@/lib/identity/sign-in";
import { SESSION_SECONDS } from "@/lib/identity/refresh-token";
import { log } from "@/lib/platform/log";
import { nextAuthSecret } from "@/lib/platform/secrets";
import type { Actor, Role } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { requestIdOf } from "./request-id";
import { setSessionCookies, signOutBrowser } from "./session";

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
 */
export function authOptions(): NextAuthOptions {
  const { httpOnly, sameSite, path, secure } = sessionCookieOptions(new Date());
  return {
    secret: nextAuthSecret(),
    session: { strategy: "jwt", maxAge: SESSION_SECONDS },
    pages: { signIn: "/login", error: "/login" },
    useSecureCookies: secure,
    cookies: { sessionToken: { name: accessCookieName(), options: { httpOnly, sameSite, path, secure } } },
    providers: [
      Credentials({
        credentials: { email: { type: "email" }, password: { type: "password" } },
        authorize: (credentials) => authorize(credentials),
      }),
    ],
    jwt: {
      encode: async ({ token }) => token?.accessToken ?? "",
      decode: async ({ token }) => {
        const actor = token ? await actorOfToken(token) : null;
        return token && actor ? { sub: actor.userId, accessToken: token, actor } : null;
      },
    },
    callbacks: {
      jwt: ({ token, user }) => (user?.accessToken ? { sub: user.id, accessToken: user.accessToken } : token),
      async session({ session, token }) {
        if (!token.actor) return session;
        const { id, name, email, roles } = await getMe({ actor: token.actor });
        return { ...session, user: { id, name, email, roles, schoolId: token.actor.schoolId } };
      },
    },
    events: {
      async signOut() {
        await signOutBrowser();
      },
    },
    logger: {
      error: (code) => log().info({ authjs: code }, "auth.js"),
      warn: (code) => log().debug({ authjs: code }, "auth.js"),
      debug: () => undefined,
    },
  };
}

async function authorize(credentials: Record<string, string> | undefined) {
  const input = loginInput.safeParse(credentials);
  if (!input.success) return null;
  try {
    const requestId = requestIdOf(await headers());
    const { tokens, user } = await signIn({ requestId, now: new Date(), source: "web" }, input.data);
    await setSessionCookies(tokens);
    return { id: user.id, name: user.name, email: user.email, accessToken: tokens.accessToken };
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_credentials") return null;
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
