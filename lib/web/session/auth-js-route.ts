import NextAuth from "next-auth";
import { NextRequest } from "next/server";
import { CREDENTIALS_BYTES } from "@/lib/identity/operations";
import { isSecureSite } from "@/lib/identity/sessions/session-cookies";
import { errorForLog, log } from "@/lib/platform/runtime/log";
import { ssoProviders } from "@/lib/identity/sso/providers";
import { AppError } from "@/lib/shared/errors";
import { answerHeaders } from "../server/answer-headers";
import { isCrossOrigin } from "../server/origin";
import { authOptions } from "./auth-js";
import { asPath, tellAuthJs } from "./auth-js-address";
import { beginningRequest, errorPath, goOn, leave, wantedPath } from "./sso";
import { appErrorOf, problemResponse } from "../route/problem";
import { readBytes } from "../route/request-body";
import { requestIdOf } from "../server/request-id";
import { say, type Sentence } from "@/lib/shared/say";
import { requestedLocale } from "@/messages/locale";

/**
 * Auth.js with our headers on its answers, and problem+json for what it throws at or answers 500 to: `invalid_request`
 * for input that it cannot take (an address to go back to that is none, a way in that there is not), `unavailable` or
 * `internal` for everything else, also where Auth.js would make something different of an outage. Its bodies are bounded
 * as those of our own sign-in.
 */
export async function authJs(
  request: NextRequest,
  context: { params: Promise<{ nextauth: string[] }> },
): Promise<Response> {
  const requestId = requestIdOf(request.headers);
  const locale = requestedLocale(request.headers.get("accept-language"));
  const [action, provider] = (await context.params).nextauth;
  const failures: unknown[] = [];
  try {
    tellAuthJs();
    refuseUntakeable(request, [action ?? "", provider ?? ""]);
    if (request.method === "POST" && isCrossOrigin(request.headers))
      throw new AppError("cross_origin_refused", { detail: say("detail.ownSiteOnly") });
    if (request.method === "GET" && OWN_PAGES.includes(action ?? "")) return ownPage(request, requestId, provider);
    if (request.method === "GET" && action === "leave") return await leave(requestId, provider ?? "", locale);
    const options = authOptions((thrown) => failures.push(thrown));
    const response: Response = await NextAuth(
      await whole(request, isBeginning(request, action, provider)),
      context,
      options,
    );
    if (failures.length > 0) throw failures[0];
    if (response.status >= 500) throw new Error("Auth.js answered with a fault of its own");
    const headers = answerHeaders(requestId);
    const location = response.headers.get("location");
    // Its own pages are replaced by ours; what is left is JSON and redirects.
    for (const [name, value] of response.headers) {
      if (name === "location") headers.set(name, asPath(value));
      else headers.append(name, name === "set-cookie" ? dated(value) : value);
    }
    if (isBeginning(request, action, provider) && location !== null && asPath(location) === location)
      return withCookies(goOn(requestId, { address: location, provider: provider ?? "" }, locale), headers);
    return new Response(response.body, { status: response.status, headers });
  } catch (thrown) {
    const error = appErrorOf(failures[0] ?? thrown);
    if (error.status >= 500) log().error({ requestId, err: errorForLog(failures[0] ?? thrown) }, "auth.js failed");
    else log().info({ requestId, code: error.code }, "auth.js refused");
    // Somebody who comes back from a provider reads a page, and not what programs read.
    if (request.method === "GET" && isSso(action, "callback", provider))
      return redirectTo(errorPath("sso_failed", await wantedPath()), requestId);
    return problemResponse(error, requestId, locale);
  }
}

const isSso = (action: string | undefined, wanted: string, provider: string | undefined) =>
  action === wanted && ssoProviders().some(({ id }) => id === provider);

/** Whether this is a form of ours that begins a sign-in elsewhere. */
function isBeginning({ method }: NextRequest, action: string | undefined, provider: string | undefined): boolean {
  return method === "POST" && isSso(action, "signin", provider);
}

/** In the place of each page of Auth.js' own. */
async function ownPage({ nextUrl }: NextRequest, requestId: string, provider: string | undefined): Promise<Response> {
  const [, , , action] = nextUrl.pathname.split("/");
  const error = nextUrl.searchParams.get("error") ?? (action === "error" ? provider : undefined);
  return redirectTo(error === undefined ? "/login" : errorPath(error, await wantedPath()), requestId);
}

function redirectTo(path: string, requestId: string): Response {
  const headers = answerHeaders(requestId);
  headers.set("location", path);
  return new Response(null, { status: 302, headers });
}

function withCookies(answer: Response, from: Headers): Response {
  for (const cookie of from.getSetCookie()) answer.headers.append("set-cookie", cookie);
  return answer;
}

/** Throws `invalid_request` for what Auth.js throws at, answers 500 to, or cannot write into a header of its answer. */
function refuseUntakeable(request: NextRequest, [action, provider]: string[]): void {
  const { headers, cookies, method, nextUrl } = request;
  const host = headers.get("x-forwarded-host") ?? headers.get("host");
  if (host !== null && !URL.canParse(`http://${host}`)) throw notTaken(say("detail.hostNoAddress"));
  const last = (name: string) => nextUrl.searchParams.getAll(name).at(-1);
  const kept = cookies.get(`${isSecureSite() ? "__Secure-" : ""}next-auth.callback-url`)?.value;
  // To those that ask for a page of its own it shows our sign-in page instead.
  const getsPage = method === "GET" && OWN_PAGES.includes(action ?? "") && !last("callbackUrl")?.startsWith("/login");
  if (!getsPage && ![last("callbackUrl"), kept].every(isAddressOrNothing))
    throw notTaken(say("detail.callbackNoAddress"));
  // Who comes back from a provider asks by GET, who signs in here sends a form.
  if (action === "callback" && (method === "GET") !== isSso(action, "callback", provider))
    throw notTaken(say("detail.signInByPost"));
  if (action === "error" && !HEADER_TEXT.test(last("error") ?? provider ?? ""))
    throw notTaken(say("detail.noAuthError"));
}

const OWN_PAGES = ["signin", "signout", "error", "verify-request"];
const HEADER_TEXT = /^[\t\x20-\x7e\x80-\xff]*$/;

function notTaken(detail: Sentence, cause?: unknown): AppError {
  return new AppError("invalid_request", { detail, cause });
}

function isAddressOrNothing(address: string | undefined): boolean {
  if (!address) return true;
  const base = address.startsWith("/") ? "http://localhost" : undefined;
  return URL.canParse(address, base) && /^https?:$/.test(new URL(address, base).protocol);
}

/** The request with its body read, of which Auth.js would take any length. */
async function whole(request: NextRequest, isBegun: boolean): Promise<NextRequest> {
  if (request.method !== "POST") return request;
  const body = await readBytes(request, CREDENTIALS_BYTES);
  if (isBegun) return beginningRequest(request, request.nextUrl.pathname.split("/").at(-1) ?? "", body);
  if (request.headers.get("content-type")?.includes("application/json")) refuseBroken(body);
  return new NextRequest(request.url, { method: "POST", headers: request.headers, body });
}

function refuseBroken(json: Uint8Array): void {
  try {
    JSON.parse(new TextDecoder().decode(json));
  } catch (cause) {
    throw notTaken(say("detail.authNotJson"), cause);
  }
}

/** A cookie that ends by `Max-Age=0` ends by date: Next.js loses that zero when it adds cookies of its own. */
function dated(cookie: string): string {
  return cookie.replace(/; Max-Age=0(?=;|$)/i, `; Expires=${new Date(0).toUTCString()}`);
}
