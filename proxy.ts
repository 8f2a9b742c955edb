import { randomBytes } from "node:crypto";
import { NextResponse, type NextRequest } from "next/server";
import { AppError } from "@/lib/shared/errors";
import { requestedLocale } from "@/messages/locale";
import { pageHeaders } from "./lib/web/server/answer-headers";
import { isCrossOrigin } from "./lib/web/server/origin";
import { outageResponse } from "./lib/web/server/outage";
import { pageBodyRefusal } from "./lib/web/server/page-body";
import { appErrorOf, problemResponse } from "./lib/web/route/problem";
import { type RenewedCookies, renewSession } from "./lib/web/session/renew-session";
import { PATH_HEADER, requestIdOf } from "./lib/web/server/request-id";
import { say } from "@/lib/shared/say";

/**
 * What every page request passes: a request id, a nonce for its scripts, security headers, and a renewed session when
 * the browser's access token has expired. It decides
 * nothing about access: pages, queries and use-cases do.
 */
export async function proxy(request: NextRequest): Promise<Response> {
  const { pathname, search } = request.nextUrl;
  const requestId = requestIdOf(request.headers);
  const locale = requestedLocale(request.headers.get("accept-language"));
  const twin = twinOf(request);
  const isApi = twin !== null || pathname.startsWith("/api/");
  const isFile = pathname.startsWith("/_next/static/") || FILE.test(pathname);
  if (!isApi && !["GET", "HEAD"].includes(request.method) && isCrossOrigin(request.headers)) {
    // Next.js refuses such a form as well, but as an error of ours (500).
    const detail = say("detail.ownSiteOnly");
    return problemResponse(new AppError("cross_origin_refused", { detail }), requestId, locale);
  }
  if (!isDecodable(pathname) || OWN_OF_NEXT.test(pathname))
    return problemResponse(new AppError("not_found"), requestId, locale);
  const refusal = isApi ? null : await pageBodyRefusal(request);
  if (refusal) return problemResponse(refusal, requestId, locale);
  let putCookies: RenewedCookies | null = null;
  try {
    if (!isFile) putCookies = await renewSession(request, requestId);
  } catch (thrown) {
    const error = appErrorOf(thrown);
    return isApi ? problemResponse(error, requestId, locale) : outageResponse(requestId, locale);
  }

  // Taken after the renewal, which may have changed the cookies.
  const headers = new Headers(request.headers);
  headers.set("x-request-id", requestId);
  headers.set(PATH_HEADER, pathname + search);
  // Next.js compares the two once more, without PUBLIC_URL, and answers 500 behind a gateway that sends its own `Host`.
  const origin = headers.get("origin");
  if (!isApi && request.method === "POST" && origin !== null) headers.set("x-forwarded-host", new URL(origin).host);
  const answered: Record<string, string> = isFile ? { "x-content-type-options": "nosniff" } : {};
  if (!isFile && !isApi) {
    Object.assign(answered, pageHeaders(randomBytes(16).toString("base64url"), pathname));
    const policy = answered["content-security-policy"];
    if (policy) headers.set("content-security-policy", policy); // where Next.js finds the nonce for its scripts
  }
  // An API answer brings these itself, also when it never passed here.
  if (!isApi) answered["x-request-id"] = requestId;

  const response = twin
    ? NextResponse.rewrite(new URL(`${twin}${search}`, request.url), { request: { headers } })
    : NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(answered)) response.headers.set(name, value);
  putCookies?.(response);
  return response;
}

/** Calls that programs may send by their plain names as well, and the paths of the interface that they are. */
const PLAIN_NAMES: Readonly<Record<string, string>> = {
  "POST /login": "/api/login",
  "GET /sections/available": "/api/sections/available",
  "POST /enroll": "/api/enroll",
  "POST /attendance/mark-bulk": "/api/attendance/mark-bulk",
};

/** The path of the interface that a call by its plain name stands for, or null. The sign-in page's own form sends no JSON. */
function twinOf({ method, nextUrl: { pathname }, headers }: NextRequest): string | null {
  const twin = PLAIN_NAMES[`${method} ${pathname}`];
  if (twin === undefined) return null;
  const isJson = /^application\/json\b/i.test(headers.get("content-type") ?? "");
  return pathname !== "/login" || (isJson && !headers.has("next-action")) ? twin : null;
}

// Next.js answers 500 to both of the following.

const OWN_OF_NEXT = /^\/_global-error(?:[./]|$)/;

function isDecodable(pathname: string): boolean {
  try {
    decodeURIComponent(pathname);
    return true;
  } catch {
    return false;
  }
}

/**
 * What lies in public/, what the build makes of icons and the manifest, and the offline page, which has a policy of its
 * own and is the same for everybody. By name: an ending alone would take `/sections/x.png`, which is a page, out of its
 * protection.
 */
const FILE =
  /^\/(?:offline|(?:sw|offline-day)\.js|manifest\.webmanifest|favicon\.ico|(?:apple-)?icon\.png|(?:icons|screenshots)\/[\w-]+\.png)$/;

/**
 * Pages and files always; the API only for browsers that are signed in and for paths that may not be decodable, so that
 * programs pay nothing for it.
 */
export const config = {
  matcher: [
    { source: "/((?!api/).*)" },
    { source: "/api/(.*%.*)" },
    { source: "/api/:path*", has: [{ type: "cookie", key: "campusos.refresh-token" }] },
    { source: "/api/:path*", has: [{ type: "cookie", key: "__Host-campusos.refresh-token" }] },
    { source: "/api/:path*", has: [{ type: "cookie", key: "__Secure-campusos.refresh-token" }] },
  ],
};
