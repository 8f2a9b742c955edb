import NextAuth from "next-auth";
import type { NextRequest } from "next/server";
import { errorForLog, log } from "@/lib/platform/log";
import { AppError } from "@/lib/shared/errors";
import { answerHeaders } from "./answer-headers";
import { authOptions } from "./auth-js";
import { appErrorOf, problemResponse } from "./problem";
import { requestIdOf } from "./request-id";

/** Auth.js with our headers on its answers, and problem+json for the input that it throws at. */
export async function authJs(
  request: NextRequest,
  context: { params: Promise<{ nextauth: string[] }> },
): Promise<Response> {
  const requestId = requestIdOf(request.headers);
  try {
    const response: Response = await NextAuth(request, context, authOptions());
    const headers = answerHeaders(requestId);
    // Its own sign-in pages are replaced by ours; what is left is JSON and redirects.
    for (const [name, value] of response.headers) headers.append(name, name === "set-cookie" ? dated(value) : value);
    return new Response(response.body, { status: response.status, headers });
  } catch (thrown) {
    const error = appErrorOf(thrown);
    if (error.code !== "internal") return problemResponse(error, requestId);
    log().info({ requestId, err: errorForLog(thrown) }, "auth.js refused");
    return problemResponse(new AppError("invalid_request", { detail: "This is not a request of Auth.js." }), requestId);
  }
}

/** A cookie that ends by `Max-Age=0` ends by date: Next.js loses that zero when it adds cookies of its own. */
function dated(cookie: string): string {
  return cookie.replace(/; Max-Age=0(?=;|$)/i, `; Expires=${new Date(0).toUTCString()}`);
}
