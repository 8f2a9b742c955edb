import type { z } from "zod";
import { databaseDown, isDatabaseDown, isStatementCancelled } from "@/lib/platform/db/client";
import { AppError, ERROR_CODES, type FieldError } from "@/lib/shared/errors";
import { answerHeaders } from "../server/answer-headers";

/** An error as `application/problem+json` (RFC 9457) with our `code`, `requestId` and, for a bad request, `errors`. */
export function problemResponse(error: AppError, requestId: string): Response {
  const body = JSON.stringify(problemDocument(error, requestId));
  return new Response(body, { status: error.status, headers: problemHeaders(error, requestId) });
}

/** The headers of {@link problemResponse}, for answers that are written without a `Response`. */
export function problemHeaders(error: AppError, requestId: string): Headers {
  const headers = answerHeaders(requestId);
  headers.set("content-type", "application/problem+json");
  if (error.retryAfterSeconds !== undefined) headers.set("retry-after", String(error.retryAfterSeconds));
  if (error.status === 401) headers.set("www-authenticate", "Bearer");
  return headers;
}

/** The body of {@link problemResponse}. */
export function problemDocument(error: AppError, requestId: string): Record<string, unknown> {
  return {
    ...error.extra,
    type: `urn:campusos:error:${error.code}`,
    title: ERROR_CODES[error.code].title,
    status: error.status,
    detail: error.detail ?? ERROR_CODES[error.code].title,
    code: error.code,
    requestId,
    ...(error.errors ? { errors: error.errors } : {}),
  };
}

/** A failed validation as `invalid_request`, a line for each field. `prefix` says where: `query`, `path` or nothing for the body. */
export function invalidRequest(error: z.ZodError, prefix?: string): AppError {
  const errors: FieldError[] = error.issues.slice(0, 100).map((issue) => ({
    path: [...(prefix ? [prefix] : []), ...issue.path.map(String)].join("."),
    code: issue.code ?? "invalid",
    message: issue.message,
  }));
  return new AppError("invalid_request", { detail: "Correct the fields listed in errors and send it again.", errors });
}

/** Anything thrown as an `AppError`: a database that is away or too slow is `unavailable`, what nobody foresaw is `internal`. */
export function appErrorOf(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (isDatabaseDown(thrown) || isStatementCancelled(thrown)) return databaseDown(thrown);
  return new AppError("internal", {
    detail: "Try again. If it happens again, tell the office the request id.",
    cause: thrown,
  });
}
