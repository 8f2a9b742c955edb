import { AppError } from "@/lib/shared/errors";
import { answerHeaders } from "../server/answer-headers";
import { problemResponse } from "./problem";
import { requestIdOf } from "../server/request-id";
import { say } from "@/lib/shared/say";
import { requestedLocale } from "@/messages/locale";

type Offered = "GET" | "POST" | "PUT" | "DELETE";
type Known = Offered | "PATCH" | "OPTIONS";
type MethodHandler = (request: Request) => Response;

const KNOWN: readonly Known[] = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

/**
 * The handlers of all methods that a resource does not offer: 405 as problem+json with `Allow`, and the right answer to
 * OPTIONS. Without them Next.js answers an empty 405. In a route file:
 * `export const { GET, PUT, DELETE, PATCH, OPTIONS } = notAllowed("POST");`
 */
export function notAllowed<const M extends Offered>(...offered: M[]): Record<Exclude<Known, M>, MethodHandler> {
  const allow = [...offered.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])), "OPTIONS"].join(", ");
  const refuse: MethodHandler = (request) => {
    const error = new AppError("method_not_allowed", { detail: say("detail.methods", { allow }) });
    const response = problemResponse(
      error,
      requestIdOf(request.headers),
      requestedLocale(request.headers.get("accept-language")),
    );
    response.headers.set("allow", allow);
    return response;
  };
  const options: MethodHandler = (request) => {
    const headers = answerHeaders(requestIdOf(request.headers));
    headers.set("allow", allow);
    return new Response(null, { status: 204, headers });
  };
  const handlers = KNOWN.map((method) => [method, method === "OPTIONS" ? options : refuse] as const);
  return Object.fromEntries(handlers) as Record<Known, MethodHandler>;
}
