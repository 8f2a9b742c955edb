import http from "node:http";
import type { Duplex } from "node:stream";
import { parseAndValidateFlightRouterState } from "next/dist/server/app-render/parse-and-validate-flight-router-state";
import { AppError } from "@/lib/shared/errors";
import type { WholeAnswer } from "../route/answer";
import { problemDocument, problemHeaders } from "../route/problem";
import { harmlessRequestId } from "./request-id";
import { say } from "@/lib/shared/say";
import { requestedLocale } from "@/messages/locale";

/** What routes may offer; each refuses by itself what it does not. Next.js answers others with an empty 400 or with 500. */
const ROUTE_METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];
/** Next.js shows a page to any other method as well. */
const PAGE_METHODS = ["GET", "HEAD", "POST"];

/** Why a request is refused before anybody sees it, with the methods that would be allowed. */
export type Refusal = { error: AppError; allow?: string };

/** Whose answer it is: its request id, and the language that the request accepts. */
export type Asked = { requestId: string; locale: string };

/** True for what answers JSON, false for pages and files. */
export function isApi(request: http.IncomingMessage): boolean {
  return /^(?:[a-z]+:\/\/[^/]*)?\/+api\//i.test(request.url ?? "");
}

/**
 * What only Next.js and Node would judge, and badly: other methods, no path, no or several hosts, a router state that cannot be
 * read. Null when the request may pass.
 */
export function refusalOf(request: http.IncomingMessage): Refusal | null {
  const methods = isApi(request) ? ROUTE_METHODS : PAGE_METHODS;
  if (!methods.includes(request.method ?? "")) {
    const allow = methods.join(", ");
    return { error: new AppError("method_not_allowed", { detail: say("detail.methods", { allow }) }), allow };
  }
  if (!/^(?:\/|[a-z]+:\/\/)/i.test(request.url ?? ""))
    return { error: new AppError("invalid_request", { detail: say("detail.askPath") }) };
  if (!hasOneHost(request)) return { error: new AppError("invalid_request", { detail: say("detail.oneHost") }) };
  if (!isRouterState(request.headers["next-router-state-tree"]))
    return { error: new AppError("invalid_request", { detail: say("detail.routerState") }) };
  return null;
}

/** Node takes the first of several, a gateway may take another: whose rules hold would be for the sender to choose. */
function hasOneHost({ rawHeaders, httpVersion }: http.IncomingMessage): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.toLowerCase() === "host") hosts += 1;
  return hosts === 1 || (hosts === 0 && httpVersion === "1.0");
}

/** Whether Next.js can read what a page's script tells of where it is; it answers 500 when it cannot. */
function isRouterState(header: string | string[] | undefined): boolean {
  try {
    parseAndValidateFlightRouterState(header);
    return true;
  } catch {
    return false;
  }
}

/** An error as a whole problem document. */
export function problemAnswer({ error, allow }: Refusal, { requestId, locale }: Asked): WholeAnswer {
  const headers = problemHeaders(error, requestId);
  if (allow !== undefined) headers.set("allow", allow);
  return { status: error.status, headers, body: JSON.stringify(problemDocument(error, requestId, locale)) };
}

/**
 * The answer to what is no HTTP, is too long or never ends, and the end of the connection. Node's own has neither request
 * id nor body.
 */
export function hangUp(cause: unknown, socket: Duplex): void {
  const answering: unknown = Reflect.get(socket, "_httpMessage");
  const isUnderWay = answering instanceof http.ServerResponse && answering.headersSent;
  if (!socket.writable || isUnderWay) {
    socket.destroy();
    return;
  }
  const detail = say("detail.notHttp");
  const error = new AppError("invalid_request", { detail, cause });
  const { headers, body } = problemAnswer(
    { error },
    { requestId: harmlessRequestId(null), locale: requestedLocale(null) },
  );
  headers.set("content-length", String(Buffer.byteLength(body)));
  headers.set("connection", "close");
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`);
  socket.end(["HTTP/1.1 400 Bad Request", ...lines, "", body].join("\r\n"), () => socket.destroy());
}
