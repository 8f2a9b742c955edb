import type { z } from "zod";
import { knownDeviceCookieName } from "@/lib/identity/limits/known-device";
import { authenticateRequest } from "@/lib/identity/sessions/authenticate";
import { refuseOverdue } from "@/lib/identity/factors/rule";
import { cookieValue } from "@/lib/identity/sessions/session-cookies";
import { errorForLog, log } from "@/lib/platform/runtime/log";
import { histogram } from "@/lib/platform/runtime/metrics";
import { requireRole } from "@/lib/shared/access";
import type { Actor, Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { MAX_BODY_BYTES, type Operation } from "@/lib/shared/operation";
import { callerAddress } from "../server/caller-address";
import { isCrossOrigin } from "../server/origin";
import { appErrorOf, invalidRequest, problemResponse } from "./problem";
import { answerKeyed, hasKey, keyedCallOf } from "./keyed";
import { parseJsonBody, readBytes } from "./request-body";
import { requestIdOf } from "../server/request-id";
import { requestLocale } from "./request-locale";
import { responseOf, written } from "./written-answer";
import { say } from "@/lib/shared/say";

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;

export type RouteInput<O extends Operation> = {
  /** The caller. For a public operation `ctx.actor` is null. */
  ctx: O["access"] extends "public" ? Omit<Context, "actor"> & { actor: null } : Context;
  params: Parsed<O["params"]>;
  query: Parsed<O["query"]>;
  body: Parsed<O["body"]>;
  request: Request;
};

type Answer<O extends Operation> = {
  [S in keyof O["responses"] & number]: {
    status: S;
    body: O["responses"][S] extends z.ZodType ? z.input<O["responses"][S]> : null;
    headers?: Record<string, string>;
  };
}[keyof O["responses"] & number];

type Handler = (
  request: Request,
  segment: { params: Promise<Record<string, string | string[] | undefined>> },
) => Promise<Response>;

/**
 * A route handler from an operation and one use-case call. Guarantees, in this order: a request id on every answer;
 * the caller is known (401), a cookie-authenticated write comes from our own origin (403), the role may use the route
 * (403); path, query and body are valid (400 with `errors`); the answer matches its schema outside production; errors
 * are problem+json; a call that comes again with its `Idempotency-Key` gets its first answer; personal answers are
 * `no-store`; one log line and one metric an outcome. Unknown errors answer 500 without a word of theirs, a database that
 * is away answers 503 with `Retry-After`.
 */
export function route<const O extends Operation, S extends number>(
  operation: O,
  handle: (input: RouteInput<O>) => Promise<Answer<O> & { status: S }>,
): Handler {
  return async (request, segment) => {
    const startedAt = performance.now();
    const requestId = requestIdOf(request.headers);
    let actor: Actor | null = null;
    let response: Response;
    let code: string | undefined;
    try {
      actor = await callerOf(operation, request);
      const { bytes, ...parsed } = await parse(operation, request, segment);
      const keyed = hasKey(operation, request.headers)
        ? keyedCallOf(operation, {
            headers: request.headers,
            params: parsed.params,
            bytes,
            requestId,
            locale: await requestLocale(request.headers, actor),
          })
        : null;
      const userAgent = request.headers.get("user-agent");
      const device = cookieValue(request.headers.get("cookie"), knownDeviceCookieName());
      const call = {
        requestId,
        now: new Date(),
        source: "api",
        address: callerAddress(request.headers),
        device,
        userAgent,
      };
      const ctx = { actor, ...call, ...(keyed && operation.idempotency === "core" ? { keyed } : {}) };
      // What `parse` has just checked with the operation's own schemas; TypeScript cannot follow that through `O`.
      const input: unknown = { ctx, ...parsed, request };
      const work = async () => written(operation, await handle(input as RouteInput<O>));
      response = responseOf(
        keyed ? await answerKeyed(operation, { keyed, actorId: actor?.userId }, work) : await work(),
        requestId,
      );
    } catch (thrown) {
      const error = appErrorOf(thrown);
      code = error.code;
      if (error.status >= 500)
        log().error({ requestId, operation: operation.id, code, err: errorForLog(thrown) }, "request failed");
      // What is down is not asked who reads this.
      const reader = error.code === "unavailable" ? null : actor;
      response = problemResponse(error, requestId, await requestLocale(request.headers, reader));
    }
    const seconds = (performance.now() - startedAt) / 1000;
    histogram("campus_web_request_seconds", "Time to answer, by operation and status", ["operation", "status"]).observe(
      { operation: operation.id, status: String(response.status) },
      seconds,
    );
    log().info(
      {
        requestId,
        operation: operation.id,
        status: response.status,
        code,
        actorId: actor?.userId,
        ms: Math.round(seconds * 1000),
      },
      "request",
    );
    return response;
  };
}

async function callerOf(operation: Operation, request: Request) {
  if (operation.access === "public") return null;
  const { actor, via } = await authenticateRequest(request.headers);
  if (via === "cookie" && operation.method !== "GET" && isCrossOrigin(request.headers))
    throw new AppError("cross_origin_refused", { detail: say("detail.ownSiteOnly") });
  if (operation.id !== "logout") await refuseOverdue(actor, new Date());
  const allowed = operation.access;
  if (allowed !== "signedIn") requireRole({ actor }, ...allowed);
  return actor;
}

async function parse(operation: Operation, request: Request, segment: Parameters<Handler>[1]) {
  const params = operation.params?.safeParse(await segment.params);
  // A path that cannot name anything names nothing.
  if (params && !params.success) throw new AppError("not_found");
  const { searchParams } = new URL(request.url);
  const query = operation.query?.safeParse(Object.fromEntries(searchParams));
  if (query) refuseRepeated(searchParams);
  if (query && !query.success) throw invalidRequest(query.error, "query");
  // The bytes of a body that nobody reads matter to a key all the same.
  const isRead = operation.body !== undefined || hasKey(operation, request.headers);
  const bytes = isRead ? await readBytes(request, operation.maxBodyBytes ?? MAX_BODY_BYTES) : Buffer.alloc(0);
  const body = operation.body?.safeParse(parseJsonBody(bytes));
  if (body && !body.success) throw invalidRequest(body.error);
  return { params: params?.data, query: query?.data, body: body?.data, bytes };
}

/** One of two values would have to be dropped, and the caller would not know which. */
function refuseRepeated(searchParams: URLSearchParams): void {
  const repeated = [...new Set(searchParams.keys())].filter((name) => searchParams.getAll(name).length > 1);
  if (repeated.length === 0) return;
  throw new AppError("invalid_request", {
    detail: say("detail.parametersOnce"),
    errors: repeated
      .slice(0, 100)
      .map((name) => ({ path: `query.${name}`, code: "repeated", message: say("field.parameterOnce") })),
  });
}
