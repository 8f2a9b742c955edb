import NextAuth from "next-auth";
import { NextRequest } from "next/server";
import { CREDENTIALS_BYTES } from "@/lib/identity/operations";
import { isSecureSite } from "@/lib/identity/sessions/session-cookies";
import { errorForLog, log } from "@/lib/platform/runtime/log";
import { AppError } from "@/lib/shared/errors";
import { answerHeaders } from "../server/answer-headers";
import { authOptions } from "./auth-js";
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
  const failures: unknown[] = [];
  try {
    refuseUntakeable(request, (await context.params).nextauth);
    const options = authOptions((thrown) => failures.push(thrown));
    const response: Response = await NextAuth(await whole(request), context, options);
    if (failures.length > 0) throw failures[0];
    if (response.status >= 500) throw new Error("Auth.js answered with a fault of its own");
    const headers = answerHeaders(requestId);
    // Its own sign-in pages are replaced by ours; what is left is JSON and redirects.
    for (const [name, value] of response.headers) headers.append(name, name === "set-cookie" ? dated(value) : value);
    return new Response(response.body, { status: response.status, headers });
  } catch (thrown) {
    const error = appErrorOf(failures[0] ?? thrown);
    if (error.status >= 500) log().error({ requestId, err: errorForLog(failures[0] ?? thrown) }, "auth.js failed");
    else log().info({ requestId, code: error.code }, "auth.js refused");
    return problemResponse(error, requestId, requestedLocale(request.headers.get("accept-language")));
  }
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
  if (action === "callback" && method === "GET") throw notTaken(say("detail.signInByPost"));
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
async function whole(request: NextRequest): Promise<NextRequest> {
  if (request.method !== "POST") return request;
  const body = await readBytes(request, CREDENTIALS_BYTES);
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
