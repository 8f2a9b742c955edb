import type { z } from "zod";
import type { Role } from "./context";
import type { ErrorCode } from "./errors";

/**
 * One operation of the HTTP interface as data: what `route()` validates by and what the OpenAPI document is made of.
 * Each module lists its own in `operations.ts`.
 */
export type Operation = {
  id: string;
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** With `{name}` for path parameters, as OpenAPI writes it. */
  path: string;
  summary: string;
  tag: "auth" | "sections" | "enrollment" | "attendance" | "calendar" | "roster" | "notifications" | "operations";
  /** `public`: nobody need be signed in. `signedIn`: any role. */
  access: "public" | "signedIn" | readonly Role[];
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** A body that the use-case reads itself, as bytes; `route()` leaves it alone. */
  upload?: { types: readonly string[]; maxBytes: number };
  /** The largest body in bytes; {@link MAX_BODY_BYTES} when it says nothing. */
  maxBodyBytes?: number;
  /**
   * Who keeps the answer to a call with an `Idempotency-Key`. `route`: `route()` does, in the one transaction of the
   * use-case, which has nothing left to do after it. `core`: the use-case, by `ctx.keyed`. `none`: nobody; the header is
   * ignored. Left out: `route` for a POST of somebody signed in, else `none`.
   */
  idempotency?: "route" | "core" | "none";
  /** Answer bodies by status; null: no body. */
  responses: Readonly<Record<number, z.ZodType | null>>;
  /** Codes of the use-case; those of `route()` itself (invalid_request, unauthenticated, forbidden …) go without saying. */
  errors: readonly ErrorCode[];
};

/** How large the body of an operation may be that says nothing of it. */
export const MAX_BODY_BYTES = 64 * 1024;

/** Declares an operation, keeping the exact types of its schemas. */
export function operation<const T extends Operation>(definition: T): T {
  return definition;
}

/** Who keeps the answer to a call of this operation with an `Idempotency-Key`. */
export function idempotencyOf({ idempotency, method, access }: Operation): "route" | "core" | "none" {
  return idempotency ?? (method === "POST" && access !== "public" ? "route" : "none");
}
