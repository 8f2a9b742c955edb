import http from "node:http";
import { Duplex } from "node:stream";
import { parseAndValidateFlightRouterState } from "next/dist/server/app-render/parse-and-validate-flight-router-state";
import { log } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";
import { AppError } from "@/lib/shared/errors";
import { awaitsStandIn, standInForOutage, standInOf, whileAnswering } from "./outage";
import { problemDocument, problemHeaders } from "./problem";
import { harmlessRequestId } from "./request-id";

/** What routes may offer; each refuses by itself what it does not. Next.js answers others with an empty 400 or with 500. */
const ROUTE_METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];
/** Next.js shows a page to any other method as well. */
const PAGE_METHODS = ["GET", "HEAD", "POST"];

/**
 * Sees to the answers that Next.js and Node give by themselves, in this process and however it was started: each has a
 * request id (also redirects and refusals that no code of ours sees), and what only they would judge – other methods, a
 * broken request, a router state that cannot be read – is refused as a problem; and a page that failed because the
 * database is away answers 503 with words. Patches `node:http`, as tracers do, because by the time of `register()` the
 * server exists and nobody hands it out.
 */
export function seeToEveryAnswer(): void {
  singleton("everyAnswer", () => {
    patchAnswers();
    patchRequests();
    return true;
  });
}

function patchAnswers(): void {
  const { prototype } = http.ServerResponse;
  const methods = { writeHead: prototype.writeHead, write: prototype.write, end: prototype.end };
  const call = (name: keyof typeof methods, response: http.ServerResponse, given: unknown[]): unknown =>
    Reflect.apply(methods[name], response, given);
  for (const [name, method] of Object.entries(methods))
    if (typeof method !== "function") throw new Error(`node:http has changed: no ${name}`);
  Object.assign(prototype, {
    writeHead(this: http.ServerResponse, ...head: unknown[]): unknown {
      if (this.headersSent) return call("writeHead", this, head);
      if (!this.hasHeader("x-request-id")) this.setHeader("x-request-id", idOf(this.req));
      const [status, ...more] = head;
      const written = standInForOutage(this, Number(status), String(this.getHeader("x-request-id")));
      return call("writeHead", this, written === status ? head : [written, ...more]);
    },
    write(this: http.ServerResponse, ...given: unknown[]): unknown {
      if (awaitsStandIn(this)) this.writeHead(this.statusCode);
      if (standInOf(this) === undefined) return call("write", this, given);
      const told = given.at(-1);
      if (typeof told === "function") queueMicrotask(() => Reflect.apply(told, undefined, []));
      return true;
    },
    end(this: http.ServerResponse, ...given: unknown[]): unknown {
      if (awaitsStandIn(this)) this.writeHead(this.statusCode);
      const standIn = standInOf(this);
      if (standIn === undefined || this.writableEnded) return call("end", this, given);
      return call("end", this, [standIn, ...given.filter((each) => typeof each === "function")]);
    },
  });
}

function patchRequests(): void {
  const { prototype } = http.Server;
  const emit: unknown = Reflect.get(prototype, "emit");
  if (typeof emit !== "function") throw new Error("node:http has changed: no emit");
  Object.assign(prototype, {
    emit(this: http.Server, event: unknown, ...given: unknown[]): unknown {
      const [first, second] = given;
      if (event === "request" && first instanceof http.IncomingMessage && second instanceof http.ServerResponse) {
        const id = idOf(first);
        first.headers["x-request-id"] = id; // the one that everything behind uses and logs
        const refusal = refusalOf(first);
        if (refusal) return refuse(second, refusal, id);
      }
      const work = (): unknown => emit.call(this, event, ...given);
      const isHeard = second instanceof http.ServerResponse ? whileAnswering(second, work) : work();
      return event === "clientError" && !isHeard && second instanceof Duplex ? hangUp(first, second) : isHeard;
    },
  });
}

function idOf(request: http.IncomingMessage): string {
  const given = request.headers["x-request-id"];
  return harmlessRequestId(typeof given === "string" ? given : null);
}

type Refusal = { error: AppError; allow?: string };

function refusalOf(request: http.IncomingMessage): Refusal | null {
  const methods = /^(?:[a-z]+:\/\/[^/]*)?\/+api\//i.test(request.url ?? "") ? ROUTE_METHODS : PAGE_METHODS;
  if (!methods.includes(request.method ?? "")) {
    const allow = methods.join(", ");
    return { error: new AppError("method_not_allowed", { detail: `Here you can use ${allow}.` }), allow };
  }
  if (!isRouterState(request.headers["next-router-state-tree"]))
    return { error: new AppError("invalid_request", { detail: "The router state of the page cannot be read." }) };
  return null;
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

function refuse(response: http.ServerResponse, { error, allow }: Refusal, requestId: string): true {
  const headers = problemHeaders(error, requestId);
  if (allow !== undefined) headers.set("allow", allow);
  log().info({ requestId, status: error.status, code: error.code }, "request refused");
  response.writeHead(error.status, Object.fromEntries(headers));
  response.end(JSON.stringify(problemDocument(error, requestId)));
  return true;
}

/** The answer to what is no HTTP, is too long or never ends. Node's own has neither request id nor body. */
function hangUp(cause: unknown, socket: Duplex): true {
  const answering: unknown = Reflect.get(socket, "_httpMessage");
  const isUnderWay = answering instanceof http.ServerResponse && answering.headersSent;
  if (!socket.writable || isUnderWay) {
    socket.destroy();
    return true;
  }
  const requestId = harmlessRequestId(null);
  const error = new AppError("invalid_request", {
    detail: "This is not a complete and valid HTTP/1.1 request.",
    cause,
  });
  const body = JSON.stringify(problemDocument(error, requestId));
  const headers = problemHeaders(error, requestId);
  headers.set("content-length", String(Buffer.byteLength(body)));
  headers.set("connection", "close");
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`);
  socket.end(["HTTP/1.1 400 Bad Request", ...lines, "", body].join("\r\n"), () => socket.destroy());
  return true;
}
