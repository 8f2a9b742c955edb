import http from "node:http";
import { errorForLog, log } from "@/lib/platform/runtime/log";
import { AppError } from "@/lib/shared/errors";
import { requestedLocale } from "@/messages/locale";
import { Answer, requestIdOfMessage } from "../route/answer";
import { ADDRESS_HEADER, addressOf } from "./caller-address";
import { type AnsweringServer, Connections, type DrainLimits } from "./connections";
import { keepDeadline, type Deadlines } from "./deadline";
import { whileAnswering } from "./outage";
import { type Asked, hangUp, problemAnswer, refusalOf } from "./refusals";

/** Every time-out of the web server, in milliseconds. */
export type HttpLimits = {
  /** An idle connection. Longer than the gateway keeps one (40 s), else it writes into one that closes just then. */
  keepAliveMs: number;
  /** From the start of a connection or request to the end of its headers. */
  headersMs: number;
  /** From the start of a request to the end of its body. */
  bodyMs: number;
  /** A connection on which nothing moves, whatever it waits for (a reader who reads nothing). */
  silenceMs: number;
  /** How often the limits of headers and bodies are looked at. */
  lookEveryMs: number;
  deadlines: Deadlines;
  drain: DrainLimits;
};

/** Half-open, idle and slow connections are closed within a minute. */
export const HTTP_LIMITS: HttpLimits = {
  keepAliveMs: 50_000,
  headersMs: 20_000,
  bodyMs: 45_000,
  silenceMs: 55_000,
  lookEveryMs: 5_000,
  deadlines: { requestMs: 10_000, readyMs: 2_000 },
  // Together less than supervisors wait before they kill.
  drain: { idleMs: 1_000, deadlineMs: 8_000 },
};

/** What answers a request; Next.js is one. */
export type Handle = (request: http.IncomingMessage, answer: http.ServerResponse) => Promise<void> | void;

/** A web server that is not listening yet, and its way out of service. */
export type HttpServer = { server: AnsweringServer; drain(): Promise<void> };

/**
 * The web server around `handle`. Everything behind it uses the request id and the caller's address that it finds here.
 * Guarantees on every answer: that request id; what
 * `handle` would judge badly is refused as a problem; a request that takes too long is answered 503 with words; and
 * connections that only wait are closed. `drain()` takes it out of service without losing a request.
 */
export function createHttpServer(handle: Handle, limits: HttpLimits = HTTP_LIMITS): HttpServer {
  const server = http.createServer({
    ServerResponse: Answer,
    requireHostHeader: false, // we refuse it ourselves, with words
    keepAliveTimeout: limits.keepAliveMs,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.bodyMs,
    connectionsCheckingInterval: limits.lookEveryMs,
  });
  server.timeout = limits.silenceMs;
  const connections = new Connections(server);
  server.on("request", (request, answer) => {
    const id = requestIdOfMessage(request);
    request.headers["x-request-id"] = id; // the one that everything behind uses and logs
    request.headers[ADDRESS_HEADER] = addressOf(request);
    connections.track(request.socket, answer);
    const refusal = refusalOf(request);
    if (refusal) {
      log().info({ requestId: id, status: refusal.error.status, code: refusal.error.code }, "request refused");
      answer.replace(problemAnswer(refusal, askedBy(request, id)));
      return;
    }
    keepDeadline(request, answer, id, limits.deadlines);
    void whileAnswering(answer, () => handled(handle, request, answer, id));
  });
  server.on("clientError", hangUp);
  return { server, drain: () => connections.drain(limits.drain) };
}

/** What fails even before anything of Next.js answers is answered here; the process goes on. */
async function handled(handle: Handle, request: http.IncomingMessage, answer: Answer, id: string): Promise<void> {
  try {
    await handle(request, answer);
  } catch (thrown) {
    log().error({ requestId: id, err: errorForLog(thrown) }, "request failed");
    if (answer.headersSent) request.socket.destroy();
    else answer.replace(problemAnswer({ error: new AppError("internal") }, askedBy(request, id)));
  }
}

function askedBy({ headers }: http.IncomingMessage, requestId: string): Asked {
  return { requestId, locale: requestedLocale(headers["accept-language"]) };
}
