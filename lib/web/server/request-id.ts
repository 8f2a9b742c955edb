import { newId } from "@/lib/shared/ids";

/** The id of a request: the caller's or the gateway's `X-Request-Id` when it is harmless, else a new one. */
export function requestIdOf(headers: Headers): string {
  return harmlessRequestId(headers.get("x-request-id"));
}

/** The id that was given when it is harmless, else a new one. */
export function harmlessRequestId(given: string | null): string {
  return given && /^[A-Za-z0-9_-]{8,64}$/.test(given) ? given : newId();
}

/** Request header in which the proxy tells a layout the path and query of the page. */
export const PATH_HEADER = "x-campus-path";
