// What Auth.js makes of our failures is not what a caller is told: an outage is 503, a defect 500, bad input 400.
import { createRequire } from "node:module";
import { NextRequest } from "next/server";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { createDb, db } from "@/lib/platform/db/client";
import { at, buildSchool } from "@/tests/support/school";
import { startIssuer, type TestIssuer } from "@/tests/support/oidc-issuer";
import { freePorts } from "@/scripts/lib/ports.mjs";
import { forgetSingleton, withSingleton } from "@/tests/support/singletons";
import { authJs } from "./auth-js-route";

const PASSWORD = "a-long-enough-password";
const browser = vi.hoisted(() => ({ headers: new Headers(), jar: new Map<string, string>(), defect: false }));

/** `headers()` and `cookies()` of Next.js, which are of a request that it serves; here of {@link send}. */
const nextHeaders = vi.hoisted(() => {
  const cookies = {
    getAll: () => [...browser.jar].map(([name, value]) => ({ name, value })),
    get: (name: string) => ({ name, value: browser.jar.get(name) }),
    has: (name: string) => browser.jar.has(name),
    set: (name: string, value: string) => void browser.jar.set(name, value),
  };
  return { headers: async () => browser.headers, cookies: async () => cookies };
});
vi.mock("next/headers", () => nextHeaders);
vi.mock(import("@/lib/identity/sessions/sign-in"), async (original) => {
  const module_ = await original();
  const signIn: typeof module_.signIn = async (...args) => {
    if (browser.defect) throw new TypeError("a defect");
    return module_.signIn(...args);
  };
  return { ...module_, signIn };
});

let email = "";

beforeAll(async () => {
  const require = createRequire(import.meta.url);
  const file = require.resolve("next/headers");
  require(file);
  const loaded = require.cache[file];
  if (loaded) loaded.exports = nextHeaders; // what Auth.js itself asks
  const student = at((await buildSchool(db(), { students: 1, sections: [] })).students, 0);
  email = student.email;
  await db().user.update({ where: { id: student.id }, data: { passwordHash: await hashPassword(PASSWORD) } });
});
beforeEach(() => {
  browser.jar.clear();
  browser.defect = false;
});

describe("Auth.js", () => {
  it("signs in, knows the session and signs out", async () => {
    expect(await signIn(PASSWORD)).toMatchObject({ status: 302 });
    const session = await send("session");
    expect(session.status).toBe(200);
    expect(await session.json()).toMatchObject({ user: { email } });
    expect((await send("signout", await form({}))).status).toBe(302);
    expect(await (await send("session")).json()).toEqual({});
  });

  it("takes a wrong password for what it is", async () => {
    const answer = await signIn("another-long-password");
    expect(answer.status).toBe(302);
    expect(answer.headers.get("location")).toContain("CredentialsSignin");
  });

  it("answers 503 for a database that is away, wherever it is asked, and keeps the session's cookies", async () => {
    await signIn(PASSWORD);
    const before = new Map(browser.jar);
    const [signingIn, signingOut] = [await form({ email, password: PASSWORD }), await form({})];
    await withoutDatabase(async () => {
      for (const work of [
        () => send("callback/credentials", signingIn),
        () => send("session"),
        () => send("signout", signingOut),
      ]) {
        const answer = await work();
        expect(answer.status).toBe(503);
        expect(answer.headers.get("retry-after")).not.toBeNull();
        expect(answer.headers.get("content-type")).toBe("application/problem+json");
        expect(answer.headers.getSetCookie()).toEqual([]);
        expect(await answer.json()).toMatchObject({ code: "unavailable" });
      }
    });
    expect(browser.jar).toEqual(before);
    expect(await (await send("session")).json()).toMatchObject({ user: { email } });
  });

  it("answers 500 for a defect of ours, without a word of it", async () => {
    browser.defect = true;
    const answer = await signIn(PASSWORD);
    expect(answer.status).toBe(500);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ code: "internal" });
    expect(text).not.toContain("defect");
  });

  it("speaks of its own address and never of the one that a request names", async () => {
    for (const headers of [{}, { "x-forwarded-host": "evil.example" }, { "x-forwarded-proto": "https" }]) {
      const text = await (await send("providers", { headers })).text();
      expect(JSON.parse(text)).toMatchObject({
        credentials: { callbackUrl: "http://localhost:3000/api/auth/callback/credentials" },
      });
      expect(text).not.toContain("evil");
    }
  });

  it("leads to paths, so that a browser stays at the name by which it came", async () => {
    expect((await signIn(PASSWORD)).headers.get("location")).toBe("/");
    expect((await send("signout", await form({ callbackUrl: "/login?signedOut=1" }))).headers.get("location")).toBe(
      "/login?signedOut=1",
    );
  });

  it.each(["signin", "callback/credentials", "signout", "session"])(
    "refuses %s from another site, whatever token it has",
    async (path) => {
      const { body } = await form({ email, password: PASSWORD });
      for (const headers of [
        { origin: "https://evil.example" },
        { origin: "null" },
        { "sec-fetch-site": "cross-site" },
      ]) {
        const answer = await send(path, { method: "POST", headers, body: body ?? null });
        expect(answer.status).toBe(403);
        expect(await answer.json()).toMatchObject({ code: "cross_origin_refused" });
      }
      expect(browser.jar.has("next-auth.session-token")).toBe(false);
    },
  );

  it.each(["signin", "signin/credentials", "signout", "verify-request", "error", "error?error=Verification"])(
    "shows our sign-in page in the place of %s",
    async (path) => {
      const answer = await send(path);
      expect(answer.status).toBe(302);
      expect(answer.headers.get("location")).toMatch(/^\/login(\?error=\w+)?$/);
    },
  );

  it.each<[path: string, init?: RequestInit]>([
    ["session?callbackUrl=%00"],
    ["csrf?callbackUrl=a&callbackUrl=b"],
    ["providers?callbackUrl=javascript:1"],
    ["callback/credentials"],
    ["callback/nobody", { method: "POST" }],
    ["nothing"],
    ["error?error=%E2%82%AC"],
    ["error/%E2%82%AC"],
    ["error?error=%FF"],
    ["session", { headers: { cookie: "next-auth.callback-url=javascript:1" } }],
    ["signin?callbackUrl=/login", { headers: { cookie: "next-auth.callback-url=javascript:1" } }],
    ["session", { headers: { "x-forwarded-host": "%" } }],
    ["session", { headers: { "x-forwarded-host": "" } }],
    ["callback/credentials", json("{")],
    ["callback/credentials", json("")],
    ["callback/credentials", json('{"callbackUrl":1}')],
    ["callback/credentials", json('{"callbackUrl":"a"}')],
    ["signin", { method: "POST", body: new URLSearchParams({ callbackUrl: "a" }) }],
  ])("answers 400 for %s %o", async (path, init) => {
    const answer = await send(path, init);
    expect(answer.status).toBe(400);
  });

  it.each<[path: string, init?: RequestInit]>([
    ["signin?callbackUrl=/%E2%82%AC%0A"],
    ["signin?callbackUrl=%00"],
    ["error?callbackUrl=javascript:1"],
    ["signin?callbackUrl=https://elsewhere.example/"],
    ["signin", { method: "POST", body: new URLSearchParams({ callbackUrl: "/%0d%0a€" }) }],
    ["callback/credentials", json("null")],
    ["callback/credentials", json("[]")],
    ["_log", json('{"level":"none"}')],
  ])("takes %s %o without a fault", async (path, init) => {
    expect((await send(path, init)).status).toBeLessThan(400);
  });
});

describe("a sign-in elsewhere that begins on an https site", () => {
  let issuer: TestIssuer;
  beforeAll(async () => {
    const [port = 0] = await freePorts(1);
    const client = {
      id: "campus",
      secret: "a secret of the issuer",
      callback: "https://campus.example.edu/api/auth/callback/alpha",
      afterSigningOut: "https://campus.example.edu/login?signedOut=1",
    };
    issuer = await startIssuer({ port, client, inIdToken: true });
  });
  afterAll(async () => {
    await issuer.stop();
    vi.unstubAllEnvs();
    forgetOwnAddress();
  });
  const settings = () => ({
    PUBLIC_URL: "https://campus.example.edu",
    SSO_PROVIDERS: "alpha",
    SSO_ALPHA_ISSUER: issuer.issuer,
    SSO_ALPHA_CLIENT_ID: "campus",
    SSO_ALPHA_CLIENT_SECRET: "a secret of the issuer",
    SSO_ALPHA_NAME: 'Alpha <"School">',
    SSO_ALPHA_DOMAINS: "example.edu",
  });

  it("leads by a page to the issuer with state, nonce and PKCE, whatever the address asked for, in secure cookies", async () => {
    for (const [name, value] of Object.entries(settings())) vi.stubEnv(name, value);
    forgetOwnAddress();
    const headers = { origin: "https://campus.example.edu" };
    const body = new URLSearchParams({ from: "/timetable" });
    const answer = await send("signin/alpha?scope=everything&prompt=none", { method: "POST", headers, body });
    expect(answer.status).toBe(200);
    const page = await answer.text();
    expect(page).toContain("Going on to Alpha &#60;&#34;School&#34;&#62;");
    expect(page).not.toContain("<script");
    const [, address = ""] = /content="0;url=([^"]+)"/.exec(page) ?? [];
    const { origin, searchParams } = new URL(address.replaceAll("&#38;", "&"));
    expect(origin).toBe(issuer.issuer);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      client_id: "campus",
      scope: "openid email profile",
      response_type: "code",
      redirect_uri: "https://campus.example.edu/api/auth/callback/alpha",
      code_challenge_method: "S256",
    });
    expect(searchParams.get("prompt")).toBeNull();
    for (const name of ["state", "nonce", "code_challenge"]) expect(searchParams.get(name)?.length).toBeGreaterThan(40);
    const cookies = answer.headers.getSetCookie();
    for (const name of ["state", "nonce", "pkce.code_verifier", "callback-url"])
      expect(cookies.find((cookie) => cookie.startsWith(`__Secure-next-auth.${name}=`))).toMatch(
        /HttpOnly; Secure; SameSite=Lax/i,
      );
    expect(browser.jar.get("__Secure-next-auth.callback-url")).toBe("https://campus.example.edu/timetable");
  });

  it("leads out by a page too, back to our own sign-in page, and knows no other way out", async () => {
    for (const [name, value] of Object.entries(settings())) vi.stubEnv(name, value);
    forgetOwnAddress();
    const page = await (await send("leave/alpha")).text();
    const [, address = ""] = /content="0;url=([^"]+)"/.exec(page) ?? [];
    const { origin, searchParams } = new URL(address.replaceAll("&#38;", "&"));
    expect(origin).toBe(issuer.issuer);
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: "campus",
      post_logout_redirect_uri: "https://campus.example.edu/login?signedOut=1",
    });
    const none = await send("leave/nobody");
    expect(none.headers.get("location")).toBe("/login?signedOut=1");
  });
});

/** The settings are read anew, and Auth.js is told the address anew. */
function forgetOwnAddress(): void {
  forgetSingleton("env");
  forgetSingleton("authJsAddress");
}

function json(body: string): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json" }, body };
}

async function signIn(password: string): Promise<Response> {
  return send("callback/credentials", await form({ email, password }));
}

/** A form of ours with the token that Auth.js asks for. */
async function form(fields: Record<string, string>): Promise<RequestInit> {
  const answer = await send("csrf");
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  return { method: "POST", body: new URLSearchParams({ ...fields, csrfToken }) };
}

/** Asks the route as a browser that keeps cookies. */
async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("host", "localhost:3000");
  const own = headers.get("cookie");
  if (own !== null) browser.jar.set(...(own.split("=") as [string, string]));
  headers.set("cookie", [...browser.jar].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("; "));
  headers.set("x-forwarded-proto", "http");
  browser.headers = headers;
  const { method, body } = init;
  const url = `http://localhost:3000/api/auth/${path}`;
  const request = new NextRequest(url, { method: method ?? "GET", headers, ...(body ? { body } : {}) });
  if (body instanceof URLSearchParams) request.headers.set("content-type", "application/x-www-form-urlencoded");
  const [, ...nextauth] = request.nextUrl.pathname.split("/").slice(2).map(decodeURIComponent);
  const answer = await authJs(request, { params: Promise.resolve({ nextauth }) });
  for (const cookie of answer.headers.getSetCookie()) {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (value === "") browser.jar.delete(name);
    else browser.jar.set(name, decodeURIComponent(value));
  }
  return answer;
}

/** Nothing listens there: every statement fails as it does when the database is away. */
async function withoutDatabase(work: () => Promise<void>): Promise<void> {
  const away = createDb("postgresql://nobody@127.0.0.1:1/none", 1);
  try {
    await withSingleton("db", away, work);
  } finally {
    await away.$disconnect();
  }
}
