import { AsyncLocalStorage } from "node:async_hooks";
import http from "node:http";
import { isDatabaseDown, isStatementCancelled, Prisma } from "@/lib/platform/db/client";
import { singleton } from "@/lib/platform/runtime/singleton";
import { requestedLocale } from "@/messages/locale";
import { outagePage } from "../page/plain-page";

/**
 * The digest of an error that means "the database is away". Next.js gives an error that has none a digest of its own,
 * and takes the digest, nothing else, to the browser: there the error page finds its words by it.
 */
export const OUTAGE_DIGEST = "unavailable";
const RETRY_AFTER_SECONDS = 2;

/** Gives the digest to the errors that the database client makes. Those that we make ourselves bring it along. */
export function markOutages(): void {
  singleton("markOutages", () => {
    const { PrismaClientInitializationError, PrismaClientKnownRequestError, PrismaClientUnknownRequestError } = Prisma;
    for (const { prototype } of [
      PrismaClientInitializationError,
      PrismaClientKnownRequestError,
      PrismaClientUnknownRequestError,
    ])
      Object.defineProperty(prototype, "digest", {
        configurable: true,
        get(this: Error): string | undefined {
          return isDatabaseDown(this) || isStatementCancelled(this) ? OUTAGE_DIGEST : undefined;
        },
        set(this: Error, value: unknown) {
          Object.defineProperty(this, "digest", { value, writable: true, configurable: true });
        },
      });
    return true;
  });
}

/** The digest of anything thrown, or undefined. */
export function digestOf(error: unknown): string | undefined {
  const digest: unknown = error instanceof Error ? Reflect.get(error, "digest") : undefined;
  return typeof digest === "string" ? digest : undefined;
}

/**
 * Whether something thrown means that the database is away: by its digest, or by itself. (Next.js gives an error of the
 * driver, which has no digest, one of its own before anybody else sees it.)
 */
export function isOutage(error: unknown): boolean {
  return digestOf(error) === OUTAGE_DIGEST || isDatabaseDown(error) || isStatementCancelled(error);
}

const answering = () => singleton("answering", () => new AsyncLocalStorage<http.ServerResponse>());
const outages = () => singleton("outages", () => new WeakSet<http.ServerResponse>());
const standIns = () => singleton("standIns", () => new WeakMap<http.ServerResponse, string>());

/** Runs what answers a request, so that {@link noteOutage} knows the answer that is under way. */
export function whileAnswering<T>(response: http.ServerResponse, work: () => T): T {
  return answering().run(response, work);
}

/**
 * To be called when a page fails because the database is away: its answer will not be a 500. Answers whether this is the
 * first word of it: frame, page and title of one page fail each for themselves.
 */
export function noteOutage(): boolean {
  const response = answering().getStore();
  if (!response) return true;
  const isFirst = !outages().has(response);
  outages().add(response);
  return isFirst;
}

/**
 * Turns the 500 that Next.js is about to answer into a 503 with `Retry-After` when the database was away, and its empty
 * page into one with words. Call it before the head is written; answers the status that is to be written. What a page's
 * script asked for keeps its body, which the script reads.
 */
export function standInForOutage(response: http.ServerResponse, status: number, requestId: string): number {
  if (status !== 500 || !outages().has(response)) return status;
  response.statusCode = 503;
  response.setHeader("retry-after", RETRY_AFTER_SECONDS);
  const { headers } = response.req;
  if (headers.rsc !== undefined || headers["next-action"] !== undefined) return 503;
  const page = outagePage(requestId, RETRY_AFTER_SECONDS, requestedLocale(headers["accept-language"]));
  for (const name of ["content-encoding", "transfer-encoding", "etag", "link"]) response.removeHeader(name);
  for (const [name, value] of page.headers) response.setHeader(name, value);
  response.setHeader("content-length", Buffer.byteLength(page.html));
  standIns().set(response, page.html);
  return 503;
}

/** The same page as a `Response`, for the proxy. */
export function outageResponse(requestId: string, locale: string): Response {
  const { html, headers } = outagePage(requestId, RETRY_AFTER_SECONDS, locale);
  return new Response(html, { status: 503, headers });
}

/** The whole body of an answer that was replaced; what is written to it otherwise is dropped. */
export function standInOf(response: http.ServerResponse): string | undefined {
  return standIns().get(response);
}

/** Whether the answer will be replaced as soon as its head is written. */
export function awaitsStandIn(response: http.ServerResponse): boolean {
  return !response.headersSent && response.statusCode === 500 && outages().has(response);
}
