import type { z } from "zod";
import { databaseDown, isDatabaseDown, isStatementCancelled } from "@/lib/platform/db/client";
import { AppError, type FieldError } from "@/lib/shared/errors";
import { say, type Sentence } from "@/lib/shared/say";
import { translator } from "@/messages/translator";
import { answerHeaders } from "../server/answer-headers";
import { sentenceOfIssue } from "./issue-words";

/**
 * An error as `application/problem+json` (RFC 9457) with our `code`, `requestId` and, for a bad request, `errors`. Here
 * alone the sentences of an error get their words, in the language `locale`.
 */
export function problemResponse(error: AppError, requestId: string, locale: string): Response {
  const body = JSON.stringify(problemDocument(error, requestId, locale));
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
export function problemDocument(error: AppError, requestId: string, locale: string): Record<string, unknown> {
  const t = translator(locale, "api");
  const words = ({ key, values }: Sentence) => t(key, values);
  const title = t(`title.${error.code}`);
  return {
    ...error.extra,
    type: `urn:campusos:error:${error.code}`,
    title,
    status: error.status,
    detail: error.detail ? words(error.detail) : title,
    code: error.code,
    requestId,
    ...(error.errors ? { errors: error.errors.map((each) => ({ ...each, message: words(each.message) })) } : {}),
  };
}

/** A failed validation as `invalid_request`, a line for each field. `prefix` says where: `query`, `path` or nothing for the body. */
export function invalidRequest(error: z.ZodError, prefix?: string): AppError {
  const errors: FieldError[] = error.issues.slice(0, 100).map((issue) => ({
    path: [...(prefix ? [prefix] : []), ...issue.path.map(String)].join("."),
    code: issue.code ?? "invalid",
    message: sentenceOfIssue(issue),
  }));
  return new AppError("invalid_request", { detail: say("detail.correctFields"), errors });
}

/** Anything thrown as an `AppError`: a database that is away or too slow is `unavailable`, what nobody foresaw is `internal`. */
export function appErrorOf(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (isDatabaseDown(thrown) || isStatementCancelled(thrown)) return databaseDown(thrown);
  return new AppError("internal", { detail: say("detail.tellOffice"), cause: thrown });
}
